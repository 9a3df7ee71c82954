use workers_ai::prelude::*;

type Steps = String;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: String,
    num_steps: Steps,
    //~ error: `num_steps` of `Poster` must be an integer (@cf/black-forest-labs/flux-1-schnell) [at `Steps`]
}

fn main() {
    let _ = Poster { prompt: String::new(), num_steps: String::new() };
}
