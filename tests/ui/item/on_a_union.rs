use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub union Flux { one: u8 }
//~ error: `#[workers_ai_model]` must be on a struct (`struct Model;`, or one with the fields of an input) or an enum of models [at `Flux`]

fn main() {}
