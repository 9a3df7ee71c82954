use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", catalog = "ui/catalogs/other.json")]
//~ error: `$DIR/ui/catalogs/other.json` does not describe @cf/black-forest-labs/flux-1-schnell but @cf/deepgram/flux [at `"ui/catalogs/other.json"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
