//! `serve`: the local stand-in for Workers AI, for clients in any language.

use std::{io::ErrorKind, net::SocketAddr};

use tokio::signal;

use workers_ai_sim::Sim;

use crate::error::{Error, Result};

/// Serves until the process is interrupted or terminated, and prints the environment variables that a client needs.
///
/// # Errors
/// Returns an error if the address is not available.
pub fn run(address: SocketAddr) -> Result<()> {
    let failed = |cause: std::io::Error| {
        let hint = match cause.kind() {
            ErrorKind::AddrInUse => "; stop the other program, or choose another port; port 0 picks a free one",
            _ => "",
        };
        Error::Usage(format!("cannot listen on {address}: {cause}{hint}"))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let sim = Sim::builder().address(address).start().await.map_err(failed)?;
        println!("export WORKERS_AI_BASE_URL={}", sim.url());
        println!("export CLOUDFLARE_ACCOUNT_ID={} CLOUDFLARE_API_TOKEN={}", sim.account(), sim.token());
        stopped().await.map_err(failed)
    })
}

/// Waits for Ctrl-C, or for the signal to terminate.
async fn stopped() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await
}
