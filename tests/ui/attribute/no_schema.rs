use workers_ai::prelude::*;

#[workers_ai_model("@cf/swiss-ai/apertus-v1.5-8b")]
pub struct Flux;

fn main() {
    let _ = Flux;
}
