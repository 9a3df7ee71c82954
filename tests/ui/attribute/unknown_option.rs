use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", schema = "x")]
//~ error: unknown option `schema`; the options are `catalog = "path"` and `crate = path` [at `schema`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
