use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux<T> { prompt: T }
//~ error: a model struct cannot be generic or borrow: its fields have owned types, such as `String` [at `T`]

fn main() {}
