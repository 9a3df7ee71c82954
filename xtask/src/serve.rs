//! `serve`: the local stand-in for Workers AI, for clients in any language.

use std::{future, net::SocketAddr};

use workers_ai_sim::Sim;

use crate::error::{Error, Result};

/// Serves until the process is stopped, and prints the environment variables that a client needs.
///
/// # Errors
/// Returns an error if the address is not available.
pub fn run(address: SocketAddr) -> Result<()> {
    let failed = |cause: std::io::Error| Error::Usage(format!("cannot listen on {address}: {cause}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let sim = Sim::builder().address(address).start().await.map_err(failed)?;
        println!("export WORKERS_AI_BASE_URL={}", sim.url());
        println!("export CLOUDFLARE_ACCOUNT_ID={} CLOUDFLARE_API_TOKEN={}", sim.account(), sim.token());
        future::pending::<()>().await;
        Ok(())
    })
}
