use workers_ai::prelude::*;

#[workers_ai_model("@cf/mistralai/mistral-small-3.1-24b-instruct")]
pub struct Mistral;

fn main() {
    let _ = Mistral::input().prompt("hi").lora("my-adapter");
    //~ error: @cf/mistralai/mistral-small-3.1-24b-instruct does not support LoRA [at `lora`]
}
