use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", catalog = "ui/catalogs/bad_type.json")]
//~ error: cannot express `/input/properties/prompt` of @cf/black-forest-labs/flux-1-schnell in the catalog `$DIR/ui/catalogs/bad_type.json`: `text` is not a type of JSON Schema [at `"@cf/black-forest-labs/flux-1-schnell"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
