use workers_ai::prelude::*;

#[workers_ai_model("@cf/some/new-model", catalog = "ui/catalogs/refused.json")]
//~ error: `$DIR/ui/catalogs/refused.json` does not describe a model: it is an error of the service: No such model @cf/some/new-model [at `"ui/catalogs/refused.json"`]
pub struct Model;

fn main() {
    let _ = Model;
}
