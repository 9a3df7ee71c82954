use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux(u8);
//~ error: a tuple's fields have no names to compare with the model's; write `struct Model;` or name the fields [at `(u8)`]

fn main() {}
