use workers_ai::prelude::*;

#[workers_ai_model("@cf/some/bad-type", catalog = "ui/catalogs/folder")]
//~ error: cannot express `/input/properties/prompt` of @cf/some/bad-type in the catalog `$DIR/ui/catalogs/folder` of 2026-02-06: `text` is not a type of JSON Schema [at `"@cf/some/bad-type"`]
pub struct Model;

fn main() {
    let _ = Model;
}
