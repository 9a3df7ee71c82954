use workers_ai::prelude::*;

struct Poster {
    prompt: String,
    num_steps: u8,
}

async fn call(ai: WorkersAi) {
    let _ = ai.send(Poster { prompt: "a lighthouse".to_owned(), num_steps: 4 }).await;
    //~ error: `Poster` is not a checked model input [at `Poster { prompt: "a lighthouse".to_owned(), num_steps: 4 }`]
}

fn main() {
    let _ = call;
}
