//! A model that calls a tool of the program before it answers.
//!
//! `cargo run --example tools -p workers-ai --features schemars`

use schemars::JsonSchema;
use serde::Deserialize;
use workers_ai::{chat::ToolBox, prelude::*};

/// A chat model that calls tools.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[derive(Deserialize, JsonSchema)]
struct Place {
    /// A town.
    place: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let tools = ToolBox::new().tool("weather", "The weather at a place", |Place { place }| async move {
        println!("The model asks for the weather in {place}.");
        if place.is_empty() { Err("no place") } else { Ok(format!("21 degrees and sun in {place}")) }
    });
    let input = Llama::input().messages([user("How is the weather in Lisbon?")]);
    let reply = ai.with_tools(Llama, input, &tools).max_rounds(5).await?;
    println!("{}", reply.text());
    Ok(())
}
