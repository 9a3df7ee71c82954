//! An answer in the form of a type.
//!
//! `cargo run --example structured -p workers-ai --features schemars`

mod support;

use schemars::JsonSchema;
use serde::Deserialize;
use workers_ai::prelude::*;

/// Talks.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

/// How to cook something.
#[derive(Debug, Deserialize, JsonSchema)]
struct Recipe {
    /// What it is called.
    title: String,
    /// How long it takes.
    minutes: u32,
    /// What is done, one after the other.
    steps: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (ai, _sim) = support::connect().await?;
    let input = Llama::input().messages([user("A recipe for tomato soup")]).max_tokens(1000);
    let recipe = ai.run(Llama, input).json::<Recipe>().await?;
    println!("{} takes {} minutes:", recipe.title, recipe.minutes);
    for (number, step) in recipe.steps.iter().enumerate() {
        println!("{}. {step}", number + 1);
    }
    Ok(())
}
