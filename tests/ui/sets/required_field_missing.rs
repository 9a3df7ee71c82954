use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Painter {
    #[model("@cf/leonardo/phoenix-1.0")]
    Phoenix,
    #[model("@cf/black-forest-labs/flux-2-dev")]
    Flux,
}


fn main() {}

pub fn call(ai: &WorkersAi) {
    let _ = ai.run(Painter::Flux, Painter::input().prompt("a lighthouse"));
    //~ error: `num_steps` is required by `Painter` [at `run`]
}
