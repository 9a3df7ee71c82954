use workers_ai::prelude::*;


async fn call(ai: WorkersAi) {
    let _ = ai.run("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "hi").await;
    //~ error: `&str` is not a Workers AI model [at `"@cf/meta/llama-3.3-70b-instruct-fp8-fast"`]
}

fn main() {
    let _ = call;
}
