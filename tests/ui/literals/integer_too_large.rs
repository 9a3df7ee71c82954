use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = inputs!(Flux { prompt: "a lighthouse", num_steps: 9 });
    //~ error: evaluation panicked: `num_steps` must be between 1 and 8 [at `9`]
}
