use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.2-1b-instruct")]
pub struct Llama;

fn main() {
    let _ = Llama::input().prompt("hi").lora("my-adapter");
    //~ error: @cf/meta/llama-3.2-1b-instruct does not support LoRA [at `lora`]
}
