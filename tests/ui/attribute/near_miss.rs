use workers_ai::prelude::*;

#[workers_ai_model("@cf/blackforest/flux-1-schnel")]
//~ error: no model `@cf/blackforest/flux-1-schnel` in the catalog of $DATE; did you mean `@cf/black-forest-labs/flux-1-schnell`? for a newer model, run `cargo xtask refresh-catalog`, or call it without a type: `ai.model("@cf/blackforest/flux-1-schnel")` [at `"@cf/blackforest/flux-1-schnel"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
