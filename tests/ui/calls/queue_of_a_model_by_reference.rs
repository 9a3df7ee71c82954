use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

async fn call(ai: WorkersAi) {
    let _ = ai.queue(&Llama, [Llama::batch_item().prompt("hi").build()]).await;
    //~ error: `&Llama` is not a Workers AI model [at `&Llama`]
}

fn main() {
    let _ = call;
}
