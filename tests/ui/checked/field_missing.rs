use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: String,
}

fn main() {
    let _ = Poster { prompt: String::new() };
}
