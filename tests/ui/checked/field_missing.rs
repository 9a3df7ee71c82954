use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
//~ error: `num_steps` is required by @cf/black-forest-labs/flux-1-schnell [at `Poster`]
    prompt: String,
}

fn main() {
    let _ = Poster { prompt: String::new() };
}
