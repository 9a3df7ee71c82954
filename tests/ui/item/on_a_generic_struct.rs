use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux<T> { prompt: T }
//~ error: a model struct cannot be generic [at `T`]

fn main() {}
