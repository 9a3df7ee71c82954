use workers_ai::prelude::*;

#[workers_ai_model("@cf/nobody/nothing-at-all")]
//~ error: no model `@cf/nobody/nothing-at-all` in the catalog of $DATE; for a newer model, run `cargo xtask refresh-catalog`, or call it without a type: `ai.model("@cf/nobody/nothing-at-all")` [at `"@cf/nobody/nothing-at-all"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
