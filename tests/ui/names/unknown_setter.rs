use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

fn main() {
    let _ = Flux::input().steps(4);
    //~ error: no method named `steps` found for struct `FluxInputBuilder<Prompt, NumSteps>` in the current scope [at `steps`]
}
