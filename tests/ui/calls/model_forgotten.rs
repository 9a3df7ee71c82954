use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

async fn call(ai: WorkersAi) {
    let _ = ai.run(Llama::input().prompt("hi")).await;
    //~ error: `LlamaInputBuilder<Chosen<0>>` is not a Workers AI model [at `Llama::input().prompt("hi")`]
    //~ error: this method takes 2 arguments but 1 argument was supplied [at `run`]
}

fn main() {
    let _ = call;
}
