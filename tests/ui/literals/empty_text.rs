use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = inputs!(Flux { prompt: "", num_steps: 4 });
    //~ error: evaluation panicked: `prompt` must not be empty [at `""`]
}
