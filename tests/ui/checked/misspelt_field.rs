use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    promt: String,
    //~ error: no field `promt` in the input of @cf/black-forest-labs/flux-1-schnell; did you mean `prompt`? [at `promt`]
    num_steps: u8,
}

fn main() {
    let _ = Poster { promt: String::new(), num_steps: 4 };
}
