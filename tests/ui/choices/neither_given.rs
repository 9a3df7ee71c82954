use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

fn main() {
    let _ = Llama::input().max_tokens(3).build();
    //~ error: `prompt` or `messages` is required by @cf/meta/llama-3.3-70b-instruct-fp8-fast [at `build`]
}
