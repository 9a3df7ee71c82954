use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = inputs!(Flux { prompt: "", num_steps: 4 });
    //~ error: evaluation panicked: `prompt` must have between 1 and 2048 characters [at `""`]
}
