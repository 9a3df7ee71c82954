use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", schema = "x")]
//~ error: no option `schema`; after the id may follow `catalog = "path"` and `crate = path` [at `schema`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
