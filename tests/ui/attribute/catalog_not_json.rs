use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", catalog = "ui/catalogs/not_json.json")]
//~ error: `$DIR/ui/catalogs/not_json.json` is not valid JSON: EOF while parsing a value at line 2 column 0 [at `"ui/catalogs/not_json.json"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
