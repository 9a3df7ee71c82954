//! Runs the server until it is stopped, and prints the environment variables that a client needs.
//!
//! `cargo run -p workers-ai-sim --example serve -- 127.0.0.1:8787`

use workers_ai_sim::Sim;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Sim::builder();
    if let Some(address) = std::env::args().nth(1) {
        builder = builder.address(address.parse()?);
    }
    let sim = builder.start().await?;
    println!("export WORKERS_AI_BASE_URL={}", sim.url());
    println!("export CLOUDFLARE_ACCOUNT_ID={} CLOUDFLARE_API_TOKEN={}", sim.account(), sim.token());
    std::future::pending().await
}
