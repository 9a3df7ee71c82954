use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

async fn call(ai: WorkersAi) {
    let _ = ai.embed_all(Llama, ["one"], |texts| Llama::input().prompt(texts.concat())).await;
    //~ error: `LlamaOutput` contains no embeddings [at `embed_all`]
}

fn main() {
    let _ = call;
}
