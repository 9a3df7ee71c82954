use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux(u8);
//~ error: the fields of a tuple struct have no names to match; write `struct Model;`, or name the fields [at `(u8)`]

fn main() {}
