use workers_ai::prelude::*;

#[workers_ai_model("")]
//~ error: the model's ID is empty; write one as `@cf/author/model` [at `""`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
