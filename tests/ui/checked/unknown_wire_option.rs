use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    #[wire(name = "prompt")]
    //~ error: unknown option `name`; the options are `rename = "name"` and `skip` [at `name`]
    prompt: String,
    num_steps: u8,
}

fn main() {
    let _ = Poster { prompt: String::new(), num_steps: 4 };
}
