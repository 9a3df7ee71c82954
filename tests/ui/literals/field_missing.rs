use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = inputs!(Flux { prompt: "a" });
    //~ error: `num_steps` is required by @cf/black-forest-labs/flux-1-schnell [at `inputs!(Flux { prompt: "a" })`]
}
