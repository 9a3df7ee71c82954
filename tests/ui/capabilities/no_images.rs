use workers_ai::prelude::*;
use workers_ai::chat::{image, text};

#[workers_ai_model("@cf/meta/llama-3.2-1b-instruct")]
pub struct Llama;

fn main() {
    let _ = Llama::input().messages([user([text("What is it?"), image(b"bytes")])]);
    //~ error: this model's messages take no images [at `image(b"bytes")`]
}
