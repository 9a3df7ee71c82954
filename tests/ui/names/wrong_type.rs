use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = Flux::input().num_steps("four");
    //~ error: mismatched types [at `"four"`]
}
