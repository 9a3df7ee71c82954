use workers_ai::prelude::*;

#[workers_ai_model("@cf/some/new-model", catalog = "ui/catalogs/neither.json")]
//~ error: `$DIR/ui/catalogs/neither.json` does not describe a model: it has no `id`, and no schemas `input` and `output` [at `"ui/catalogs/neither.json"`]
pub struct Model;

fn main() {
    let _ = Model;
}
