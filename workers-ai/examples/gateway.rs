//! Asks the same question twice through AI Gateway: the second answer comes from its cache. Then adds feedback to the log.
//!
//! `cargo run --example gateway -p workers-ai -- name-of-the-gateway`

use std::time::Duration;

use workers_ai::{
    account::{Feedback, Rating},
    gateway::Gateway,
    prelude::*,
};

/// A chat model.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let name = std::env::args().nth(1).unwrap_or_else(|| "default".to_owned());
    let gateway = Gateway::new(&name).cache_ttl(Duration::from_secs(60 * 60)).metadata("example", true);
    for _ in 0..2 {
        let input = Llama::input().messages([user("Why is the sky blue?")]);
        let reply = ai.run(Llama, input).gateway(gateway.clone()).await?;
        println!("{:?} after {:?}: {}", reply.meta.cache, reply.meta.duration, reply.text());
        if let Some(log) = &reply.meta.log_id {
            ai.patch_log(&name, log, Feedback::new().score(90).rating(Rating::Up)).await?;
            println!("log {log} has its verdict");
        }
    }
    Ok(())
}
