use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Painter {
    #[model("@cf/black-forest-labs/flux-1-schnell")]
    Flux,
    #[model("@cf/black-forest-labs/flux-2-klein-4b")]
    Klein,
    //~ error: `Flux` requires `num_steps`, which `Klein` does not have [at `Klein`]
}

fn main() {
    let _ = (Painter::Flux, Painter::Klein);
}
