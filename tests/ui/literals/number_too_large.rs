use workers_ai::prelude::*;

#[workers_ai_model("@cf/leonardo/phoenix-1.0")]
pub struct Phoenix;

fn main() {
    let _ = inputs!(Phoenix { prompt: "a", num_steps: 20, guidance: 10.5 });
    //~ error: evaluation panicked: `guidance` must be between 2 and 10 [at `10.5`]
}
