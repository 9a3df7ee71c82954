use workers_ai::prelude::*;
use workers_ai::chat::Tool;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

fn main() {
    let _ = Llama::input().prompt("hi").tools([Tool::function("f", "d", Default::default())]);
    //~ error: an input takes either `prompt` or `messages` [at `tools`]
}
