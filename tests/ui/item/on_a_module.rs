use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub mod flux {}
//~ error: `#[workers_ai_model]` goes on a struct: `struct Model;`, or one whose fields are the input's [at `flux`]

fn main() {}
