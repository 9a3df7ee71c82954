use workers_ai::prelude::*;


async fn call(ai: WorkersAi) {
    let _ = ai.run(ai.model("@cf/meta/llama-3.3-70b-instruct-fp8-fast"), "hi").await;
    //~ error: `DynModel` is not a Workers AI model [at `ai.model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")`]
}

fn main() {
    let _ = call;
}
