//! Where the examples get their client from.

use workers_ai::WorkersAi;
use workers_ai_sim::Sim;

/// The service, or the local Workers AI where no token is set. That one lives as long as what is returned with the client.
pub async fn connect() -> Result<(WorkersAi, Option<Sim>), Box<dyn std::error::Error>> {
    if std::env::var_os("CLOUDFLARE_API_TOKEN").is_some() {
        return Ok((WorkersAi::from_env()?, None));
    }
    println!("CLOUDFLARE_API_TOKEN is not set: a local Workers AI answers, with no model behind it.");
    let sim = Sim::start().await?;
    let ai = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token()).build()?;
    Ok((ai, Some(sim)))
}
