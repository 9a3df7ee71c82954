use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[workers_ai_model("@cf/leonardo/phoenix-1.0")]
pub struct Phoenix;

fn run<M: Model, R: Request<M>>(_: M, _: R) {}

fn main() {
    run(Flux, Flux::input().prompt("a lighthouse"));
    //~ error: `num_steps` is required by @cf/black-forest-labs/flux-1-schnell [at `Flux::input().prompt("a lighthouse")`]
}
