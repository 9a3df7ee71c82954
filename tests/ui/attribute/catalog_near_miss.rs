use workers_ai::prelude::*;

#[workers_ai_model("@cf/some/new-modle", catalog = "ui/catalogs/folder")]
//~ error: no model `@cf/some/new-modle` in the catalog `$DIR/ui/catalogs/folder` of 2026-02-06; did you mean `@cf/some/new-model`? for a newer model, refresh that catalog, or call it without a type: `ai.model("@cf/some/new-modle")` [at `"@cf/some/new-modle"`]
pub struct Model;

fn main() {
    let _ = Model;
}
