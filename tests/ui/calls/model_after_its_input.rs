use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

async fn call(ai: WorkersAi) {
    let _ = ai.run(Llama::input().prompt("hi"), Llama).await;
    //~ error: `LlamaInputBuilder<Chosen<0>>` is not a Workers AI model [at `Llama::input().prompt("hi")`]
}

fn main() {
    let _ = call;
}
