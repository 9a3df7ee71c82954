use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let mut input = Flux::input().prompt("a lighthouse").num_steps(4).build();
    input.num_steps = None;
    //~ error: field `num_steps` of struct `FluxInput` is private [at `num_steps`]
}
