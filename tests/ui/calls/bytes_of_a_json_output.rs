use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

async fn call(ai: WorkersAi) {
    let _ = ai.run(Flux, Flux::input().prompt("a lighthouse").num_steps(4)).bytes().await;
    //~ error: `Flux` does not return bytes [at `bytes`]
}

fn main() {
    let _ = call;
}
