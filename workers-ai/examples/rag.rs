//! Answers questions about files: embeds their paragraphs, and gives the nearest ones to a chat model.
//!
//! `cargo run --example rag -p workers-ai -- "How is a catalog refreshed?" README.md`

use std::fs;

use workers_ai::prelude::*;

/// An embedding model.
#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Bge;

/// A chat model.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

const LIGHTHOUSE: &str = "The lighthouse was built in 1871 by the harbour board.\n\n\
    Its lamp was lit with oil until 1923, when electric light came.\n\n\
    The keeper's house beside it is a museum today.";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let mut arguments = std::env::args().skip(1);
    let question = arguments.next().unwrap_or_else(|| "When was the lamp no longer lit with oil?".to_owned());
    let mut text = arguments.map(fs::read_to_string).collect::<Result<Vec<_>, _>>()?.join("\n\n");
    if text.is_empty() {
        LIGHTHOUSE.clone_into(&mut text);
    }

    let paragraphs: Vec<&str> = text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).collect();
    let vectors = ai.embed_all(Bge, paragraphs.iter().copied(), |texts| Bge::input().text(texts)).await?;
    let asked = ai.run(Bge, Bge::input().text(question.as_str())).await?;
    let nearest = vectors.nearest(asked.get(0).unwrap_or_default(), 3);
    let found: Vec<&str> = nearest.iter().map(|(index, _)| paragraphs[*index]).collect();
    println!("{} paragraphs, the nearest: {:?}", paragraphs.len(), found.first().unwrap_or(&""));

    let context = format!("Answer from this text only.\n{}", found.join("\n"));
    let reply = ai.run(Llama, Llama::input().messages([system(context), user(question)])).await?;
    println!("{}", reply.text());
    Ok(())
}
