use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

async fn call(ai: WorkersAi) {
    let _ = ai.queue(Flux, [Flux::input().prompt("a lighthouse").num_steps(4)]).await;
    //~ error: `Flux` does not support batches [at `Flux`]
}

fn main() {
    let _ = call;
}
