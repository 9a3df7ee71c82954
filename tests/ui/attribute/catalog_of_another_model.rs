use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell", catalog = "ui/catalogs/other.json")]
//~ error: `$DIR/ui/catalogs/other.json` describes @cf/deepgram/flux, not @cf/black-forest-labs/flux-1-schnell [at `"ui/catalogs/other.json"`]
pub struct Flux;

fn main() {
    let _ = Flux;
}
