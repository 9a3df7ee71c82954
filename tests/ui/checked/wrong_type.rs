use workers_ai::prelude::*;

type Steps = String;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: String,
    num_steps: Steps,
}

fn main() {
    let _ = Poster { prompt: String::new(), num_steps: String::new() };
}
