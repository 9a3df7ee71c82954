use workers_ai::prelude::*;

#[workers_ai_model()]
//~ error: the model is missing; write the model's ID: `#[workers_ai_model("@cf/author/model")]` [at `#[workers_ai_model()]`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
