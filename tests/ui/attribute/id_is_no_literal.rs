use workers_ai::prelude::*;

const ID: &str = "@cf/black-forest-labs/flux-1-schnell";

#[workers_ai_model(ID)]
pub struct Flux;

fn main() {
    let _ = (Flux, ID);
}
