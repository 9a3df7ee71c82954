use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let mut input = Flux::input().prompt("a lighthouse").num_steps(4).build();
    input.0 = workers_ai::__private::Fields::new();
    //~ error: field `0` of struct `FluxInput` is private [at `0`]
}
