use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = inputs!(Flux { promt: "a", num_steps: 4, prompt: "b" });
    //~ error: no method named `promt` found for struct `FluxInputBuilder<Prompt, NumSteps>` in the current scope [at `promt`]
}
