use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn stream<M: Model + Streaming, R: Request<M>>(_: M, _: R) {}

fn main() {
    stream(Flux, Flux::input().prompt("a").num_steps(4));
    //~ error: `Flux` does not support streaming [at `Flux`]
}
