use workers_ai::prelude::*;

#[workers_ai_model("@cf/swiss-ai/apertus-v1.5-8b")]
//~ error: the catalog has no schema for @cf/swiss-ai/apertus-v1.5-8b; call it with JSON, through `DynModel` [at `"@cf/swiss-ai/apertus-v1.5-8b"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
