use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = inputs!(Flux { prompt: "a", num_steps: 4, prompt: "b" });
    //~ error: duplicate field `prompt` [at `prompt`]
}
