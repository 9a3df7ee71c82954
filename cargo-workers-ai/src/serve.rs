//! `serve`: the local stand-in for Workers AI, for clients in any language.

use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use clap::Args;

use tokio::signal;

use workers_ai_sim::{Sim, SimBuilder};

use crate::{
    cli::output::print,
    configured,
    error::{Error, Result},
};

/// Run a local Workers AI until it is stopped, for clients in any language
///
/// It prints the environment variables that a client needs.
#[derive(Args, Debug)]
pub struct Serve {
    /// The port; 0 picks a free one
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// The address to listen on. With any other than 127.0.0.1, everyone who can reach it can use the service
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// A catalog whose models are served beside those of the snapshot [default: the one that the attribute reads here]
    #[arg(long, value_name = "DIR")]
    catalog: Option<PathBuf>,
}

/// Serves as the command line says.
///
/// # Errors
/// Returns an error if the address is not available.
pub fn run(task: &Serve) -> Result<()> {
    at(SocketAddr::new(task.host, task.port), task.catalog.clone().or_else(configured::folder))
}

/// Serves until the process is interrupted or terminated, and prints the environment variables that a client needs.
///
/// # Errors
/// Returns an error if the address is not available.
pub fn at(address: SocketAddr, catalog: Option<PathBuf>) -> Result<()> {
    let failed = |cause: std::io::Error| {
        let hint = match cause.kind() {
            // A catalog that cannot be read.
            ErrorKind::InvalidData => return Error::Usage(cause.to_string()),
            ErrorKind::AddrInUse => "; stop the other program, or choose another port; port 0 picks a free one",
            _ => "",
        };
        Error::Usage(format!("cannot listen on {address}: {cause}{hint}"))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let builder = Sim::builder().address(address);
        let builder = catalog.into_iter().fold(builder, SimBuilder::catalog);
        let sim = builder.start().await.map_err(failed)?;
        print(&format!(
            "export WORKERS_AI_BASE_URL={}\nexport CLOUDFLARE_ACCOUNT_ID={} CLOUDFLARE_API_TOKEN={}\n",
            sim.url(),
            sim.account(),
            sim.token()
        ));
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
