use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: Option<String>,
    //~ error: `prompt` of `Poster` must be a string (@cf/black-forest-labs/flux-1-schnell); it is required, so it cannot be an `Option` [at `Option<String>`]
    num_steps: u8,
}

fn main() {
    let _ = Poster { prompt: None, num_steps: 4 };
}
