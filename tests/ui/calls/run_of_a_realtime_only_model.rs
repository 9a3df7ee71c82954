use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[workers_ai_model("@cf/deepgram/flux")]
pub struct Listener;

async fn call(ai: WorkersAi) {
    let _ = ai.run(Listener, Listener::input().sample_rate("16000")).await;
    //~ error: `Listener` cannot be run [at `Listener`]
}

fn main() {
    let _ = call;
}
