use workers_ai::prelude::*;

#[workers_ai_model()]
pub struct Flux;

fn main() {
    let _ = Flux;
}
