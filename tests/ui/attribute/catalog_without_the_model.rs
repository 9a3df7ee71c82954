use workers_ai::prelude::*;

#[workers_ai_model("@cf/nobody/nothing-at-all", catalog = "ui/catalogs/folder")]
//~ error: no model `@cf/nobody/nothing-at-all` in the catalog `$DIR/ui/catalogs/folder` of 2026-02-06; for a newer model, refresh that catalog, or call it without a type: `ai.model("@cf/nobody/nothing-at-all")` [at `"@cf/nobody/nothing-at-all"`]
pub struct Model;

fn main() {
    let _ = Model;
}
