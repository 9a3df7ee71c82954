use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = FluxInput(workers_ai::__private::Fields::new());
    //~ error: cannot initialize a tuple struct which contains private fields [at `FluxInput`]
}
