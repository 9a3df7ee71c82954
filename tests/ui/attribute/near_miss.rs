use workers_ai::prelude::*;

#[workers_ai_model("@cf/blackforest/flux-1-schnel")]
pub struct Flux;

fn main() {
    let _ = Flux;
}
