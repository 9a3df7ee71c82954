use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn queue<M: Model + Batch>(_: M) {}

fn main() {
    queue(Flux);
    //~ error: `Flux` does not support batches [at `Flux`]
}
