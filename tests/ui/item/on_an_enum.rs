use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub enum Flux { One }
//~ error: `#[workers_ai_model]` goes on a struct: `struct Model;`, or one whose fields are the input's [at `Flux`]

fn main() {}
