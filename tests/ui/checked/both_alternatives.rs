use workers_ai::prelude::*;
use workers_ai::chat::Message;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
struct Ask {
//~ error: an input takes either `prompt` or `messages` [at `Ask`]
    prompt: String,
    messages: Vec<Message>,
}

fn main() {
    let _ = Ask { prompt: String::new(), messages: Vec::new() };
}
