use workers_ai::prelude::*;

#[workers_ai_model("@cf/google/gemma-2b-it-lora")]
pub struct Gemma;

fn json<M: JsonMode>(_: M) {}

fn main() {
    json(Gemma);
    //~ error: `Gemma` does not support JSON mode [at `Gemma`]
}
