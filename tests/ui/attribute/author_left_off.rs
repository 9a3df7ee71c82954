use workers_ai::prelude::*;

#[workers_ai_model("flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = Flux;
}
