use workers_ai::prelude::*;

#[workers_ai_model("@cf/swiss-ai/apertus-v1.5-8b")]
//~ error: the catalog of $DATE has no schema for @cf/swiss-ai/apertus-v1.5-8b; call it without a type: `ai.model("@cf/swiss-ai/apertus-v1.5-8b")` [at `"@cf/swiss-ai/apertus-v1.5-8b"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
