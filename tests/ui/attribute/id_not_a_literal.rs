use workers_ai::prelude::*;

const ID: &str = "@cf/black-forest-labs/flux-1-schnell";

#[workers_ai_model(ID)]
//~ error: the model's ID must be a string literal; write the model's ID: `#[workers_ai_model("@cf/author/model")]` [at `ID`]
pub struct Flux;

fn main() {
    let _ = (Flux, ID);
}
