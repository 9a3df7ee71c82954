use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

async fn call(ai: WorkersAi) {
    let _ = ai.embed_all(Llama, ["one"], |texts| Llama::input().prompt(texts.concat())).await;
    //~ error: `Llama` does not make embeddings [at `Llama`]
    //~ error: the trait bound `LlamaOutput: Vectors` is not satisfied [at `embed_all`]
    //~ error: `EmbedAll<LlamaOutput>` is not a future [at `await`]
}

fn main() {
    let _ = call;
}
