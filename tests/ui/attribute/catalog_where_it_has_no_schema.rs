use workers_ai::prelude::*;

#[workers_ai_model("@cf/some/no-schema", catalog = "ui/catalogs/folder")]
//~ error: the catalog `$DIR/ui/catalogs/folder` of 2026-02-06 has no schema for @cf/some/no-schema; call it without a type: `ai.model("@cf/some/no-schema")` [at `"@cf/some/no-schema"`]
pub struct Model;

fn main() {
    let _ = Model;
}
