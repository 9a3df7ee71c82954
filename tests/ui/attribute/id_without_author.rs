use workers_ai::prelude::*;

#[workers_ai_model("flux-1-schnell")]
//~ error: no model `flux-1-schnell` in the catalog of $DATE; did you mean `@cf/black-forest-labs/flux-1-schnell`? for a newer model, run `cargo xtask refresh-catalog`, or call it without a type: `ai.model("flux-1-schnell")` [at `"flux-1-schnell"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
