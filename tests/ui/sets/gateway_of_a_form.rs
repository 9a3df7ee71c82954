use workers_ai::{gateway::Gateway, prelude::*};

#[workers_ai_model]
pub enum Painter {
    #[model("@cf/leonardo/phoenix-1.0")]
    Phoenix,
    #[model("@cf/black-forest-labs/flux-2-dev")]
    Flux,
}


fn main() {}

pub fn call(ai: &WorkersAi) {
    let _ = ai.run(Painter::Phoenix, Painter::input().prompt("a lighthouse").num_steps(20)).gateway(Gateway::new("shop"));
    //~ error: `Painter::Flux` (@cf/black-forest-labs/flux-2-dev) cannot be called through a gateway [at `gateway`]
}
