use workers_ai::prelude::*;
use workers_ai::chat::Tool;

#[workers_ai_model("@cf/google/gemma-2b-it-lora")]
pub struct Gemma;

#[workers_ai_model("@cf/meta/llama-3.2-1b-instruct")]
pub struct Llama;

fn main() {
    let _ = Gemma::input().messages([user("hi")]).tools([Tool::function("f", "d", Default::default())]);
    //~ error: @cf/google/gemma-2b-it-lora does not support tools [at `tools`]
}
