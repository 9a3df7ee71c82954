use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = inputs!(Flux { prompt: "a", num_steps: -1 });
    //~ error: cannot apply unary operator `-` to type `u8` [at `-1`]
}
