use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[workers_ai_model("@cf/leonardo/phoenix-1.0")]
pub struct Phoenix;

fn main() {
    let _ = Flux::input().prompt("a lighthouse").build();
    //~ error: `num_steps` is required by @cf/black-forest-labs/flux-1-schnell [at `build`]
}
