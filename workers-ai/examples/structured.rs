//! Structured output: a response that has the form of a type.
//!
//! `cargo run --example structured -p workers-ai --features schemars`

mod support;

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
    let (ai, _sim) = support::connect().await?;
    let input = Llama::input().messages([user("A recipe for tomato soup")]).max_tokens(1000);
    let recipe = ai.run(Llama, input).json::<Recipe>().await?;
    println!("{} takes {} minutes:", recipe.title, recipe.minutes);
    for (number, step) in recipe.steps.iter().enumerate() {
        println!("{}. {step}", number + 1);
    }
    Ok(())
}
