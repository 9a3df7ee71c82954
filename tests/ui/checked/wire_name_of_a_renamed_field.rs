use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: String,
    steps: u8,
    //~ error: no field `steps` in the input of @cf/black-forest-labs/flux-1-schnell; did you mean `num_steps`? [at `steps`]
}

fn main() {
    let _ = Poster { prompt: String::new(), steps: 4 };
}
