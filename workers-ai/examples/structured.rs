//! Structured output: a response that has the form of a type.
//!
//! `cargo run --example structured -p workers-ai --features schemars`

use schemars::JsonSchema;
use serde::Deserialize;
use workers_ai::prelude::*;

/// A chat model.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

/// A recipe.
#[derive(Debug, Deserialize, JsonSchema)]
struct Recipe {
    /// The name of the dish.
    title: String,
    /// The time that it takes.
    minutes: u32,
    /// The steps, in order.
    steps: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let input = Llama::input().messages([user("A recipe for tomato soup")]).max_tokens(1000);
    let recipe = ai.run(Llama, input).json::<Recipe>().await?;
    println!("{} takes {} minutes:", recipe.title, recipe.minutes);
    for (number, step) in recipe.steps.iter().enumerate() {
        println!("{}. {step}", number + 1);
    }
    Ok(())
}
