//! A model chosen at run time, from a set that is checked at compile time: prices compared, an answer streamed, a tool called.
//!
//! `cargo run --example choose -p workers-ai --features schemars`
//! `MODEL=Glm cargo run --example choose -p workers-ai --features schemars`

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Deserialize;
use workers_ai::{
    billing::{ApproximateCounter, estimate},
    chat::ToolBox,
    prelude::*,
};

/// The models that this program may be configured with.
#[workers_ai_model]
pub enum Assistant {
    /// The default.
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    /// Larger, and for the paid plan only.
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    /// The one with the largest context.
    #[model("@cf/google/gemma-4-26b-a4b-it")]
    Gemma,
}

/// A place on earth.
#[derive(Deserialize, JsonSchema)]
struct Place {
    /// The name of a town.
    town: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let model: Assistant = match std::env::var("MODEL") {
        Ok(name) => name.parse()?,
        Err(_) => Assistant::cheapest().unwrap_or(Assistant::Llama),
    };

    println!("\nAt most, an answer of 300 tokens costs:");
    let input = Assistant::input().messages([user("Why is the sky blue?")]).max_tokens(300);
    for choice in Assistant::by_price() {
        let cost = estimate(choice, &input.clone().build(), &ApproximateCounter)?.max_cost;
        let cost = cost.map_or_else(|| "no price known".to_owned(), |cost| cost.to_string());
        println!("{} {:6} {cost}", if choice == model { "→" } else { " " }, choice.name());
    }

    println!("\n{model} answers:");
    let mut words = ai.stream(model, input).await?;
    while let Some(event) = words.next().await {
        print!("{}", event?.text());
        io::stdout().flush()?;
    }

    let tools = ToolBox::new().tool("weather", "Tells the weather in a town", |place: Place| async move {
        Ok::<_, String>(format!("21 degrees in {}", place.town))
    });
    let question = Assistant::chat([user("How is the weather in Lisbon?")]);
    let reply = ai.with_tools(model, question, &tools).await?;
    println!("\n\n{}", reply.text());
    Ok(())
}
