use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: String,
    num_steps: u8,
    colour: String,
    //~ error: no field `colour` in the input of @cf/black-forest-labs/flux-1-schnell; `#[wire(skip)]` leaves a field out [at `colour`]
}

fn main() {
    let _ = Poster { prompt: String::new(), num_steps: 4, colour: String::new() };
}
