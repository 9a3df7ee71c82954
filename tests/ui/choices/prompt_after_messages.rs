use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[workers_ai_model("@cf/google/gemma-2b-it-lora")]
pub struct Gemma;

fn main() {
    let _ = Llama::input().messages([user("hi")]).prompt("hi");
    //~ error: an input takes either `prompt` or `messages` [at `prompt`]
}
