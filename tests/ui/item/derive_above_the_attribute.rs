use workers_ai::prelude::*;

#[derive(Clone)]
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
//~ error: conflicting implementations of trait `Clone` for type `Flux` [at `#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]`]
pub struct Flux;

fn main() {}
