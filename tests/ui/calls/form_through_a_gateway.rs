use workers_ai::{prelude::*, gateway::Gateway};

#[workers_ai_model("@cf/black-forest-labs/flux-2-dev")]
pub struct Flux2;

async fn call(ai: WorkersAi) {
    let call = ai.run(Flux2, Flux2::input().prompt("a lighthouse").num_steps(4));
    let _ = call.gateway(Gateway::new("shop")).await;
    //~ error: `Flux2` cannot be called through a gateway: its input is a form [at `gateway`]
}

fn main() {
    let _ = call;
}
