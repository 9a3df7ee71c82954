use workers_ai::prelude::*;

#[workers_ai_model("@cf/nobody/nothing-at-all")]
pub struct Flux;

fn main() {
    let _ = Flux;
}
