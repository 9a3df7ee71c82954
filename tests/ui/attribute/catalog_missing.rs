use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", catalog = "no/such/folder")]
pub struct Flux;

fn main() {
    let _ = Flux;
}
