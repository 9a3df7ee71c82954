use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = FluxInput { prompt: None, num_steps: None, extra: Default::default() };
    //~ error: fields `prompt`, `num_steps` and `extra` of struct `FluxInput` are private [at `prompt`]
}
