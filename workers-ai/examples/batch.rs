//! Many prompts in one batch.
//!
//! `cargo run --example batch -p workers-ai`

mod support;

use std::time::Duration;

use workers_ai::{batch::BatchJob, prelude::*};

/// A chat model that supports batches.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (ai, _sim) = support::connect().await?;
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
