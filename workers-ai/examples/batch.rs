//! Many prompts in one batch.
//!
//! `cargo run --example batch -p workers-ai`

use std::time::Duration;

use workers_ai::{batch::BatchJob, prelude::*};

/// A chat model that supports batches.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let prompts = ["Name a colour.", "Name a town.", "Name a tree."];
    let job = ai.queue(Llama, prompts.map(|prompt| Llama::batch_item().prompt(prompt))).await?;

    // The handle can be stored, in a database for example, and polled by another program.
    let kept = serde_json::to_string(&job)?;
    println!("{kept}");
    let job: BatchJob<Llama> = serde_json::from_str(&kept)?;

    let reply = job.wait(&ai).poll_interval(Duration::from_secs(1)).timeout(Duration::from_secs(30 * 60)).await?;
    for (prompt, result) in prompts.iter().zip(reply.results) {
        match result {
            Ok(answer) => println!("{prompt} {}", answer.text()),
            Err(error) => println!("{prompt} failed: {error}"),
        }
    }
    Ok(())
}
