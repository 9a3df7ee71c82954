//! The client of the examples.

use workers_ai::WorkersAi;
use workers_ai_sim::Sim;

/// Connects to the service or, if no token is set, to a local Workers AI, which lives as long as the value returned with the client.
pub async fn connect() -> Result<(WorkersAi, Option<Sim>), Box<dyn std::error::Error>> {
    if std::env::var_os("CLOUDFLARE_API_TOKEN").is_some() {
        return Ok((WorkersAi::from_env()?, None));
    }
    println!("CLOUDFLARE_API_TOKEN is not set: a local Workers AI answers, with no model behind it.");
    let sim = Sim::start().await?;
    let ai = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token()).build()?;
    Ok((ai, Some(sim)))
}
