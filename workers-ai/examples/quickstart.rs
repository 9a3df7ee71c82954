//! An image and a streamed chat. Without an account it runs against a local Workers AI.
//!
//! `cargo run --example quickstart -p workers-ai`

use std::io::{Write, stdout};

use workers_ai::prelude::*;

/// An image model.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

/// A chat model.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };

    let picture = ai.run(Flux, Flux::input().prompt("a lighthouse at dusk, oil on canvas").num_steps(4)).await?;
    let path = std::env::temp_dir().join("lighthouse.jpg");
    picture.image.save(&path)?;
    println!("{} ({})", path.display(), picture.image.content_type());

    let mut words = ai.stream(Llama, Llama::input().messages([user("Why is the sky blue?")]).max_tokens(300)).await?;
    while let Some(word) = words.next().await {
        print!("{}", word?.text());
        stdout().flush()?;
    }
    println!();
    Ok(())
}
