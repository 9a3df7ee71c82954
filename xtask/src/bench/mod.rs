//! `bench`: the compile-time cost of the attribute.

pub mod compile;
mod crates;
pub mod first_run;

use std::{path::Path, process::Command, time::Duration};

#[cfg(unix)]
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::{TimeVal, TimeValLike as _},
};

use cargo_workers_ai::error::{Error, Result};

/// Measures reading and expanding each model, unoptimized, as rustc compiles macros.
///
/// # Errors
/// Returns an error if cargo fails.
pub fn expansion(root: &Path, each: bool) -> Result<()> {
    let mut cargo = cargo(root);
    cargo.args(["run", "--quiet", "--package", "workers-ai-codegen", "--example", "time"]);
    if each {
        cargo.args(["--", "--each"]);
    }
    run(&mut cargo).map(|_| ())
}

/// Returns a cargo command in a folder, without the environment of the cargo that runs this program.
fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).env("CARGO_INCREMENTAL", "0");
    for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "WORKERS_AI_CATALOG", "RUSTC_WRAPPER"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Runs a command and returns the processor time of it and its children.
fn run(command: &mut Command) -> Result<Duration> {
    let before = spent()?;
    let status = command.status();
    let after = spent()?;
    match status {
        Ok(status) if status.success() => Ok(after.saturating_sub(before)),
        Ok(status) => Err(Error::Usage(format!("`{command:?}` failed: {status}"))),
        Err(error) => Err(Error::Usage(format!("`{command:?}` failed: {error}"))),
    }
}

/// Returns the processor time of all children that have ended.
#[cfg(not(unix))]
fn spent() -> Result<Duration> {
    Err(Error::Usage("measuring processor time is supported on Unix only".to_owned()))
}

/// Returns the processor time of all children that have ended.
#[cfg(unix)]
fn spent() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)
        .map_err(|e| Error::Usage(format!("cannot measure processor time: {e}")))?;
    let micros = |time: TimeVal| u64::try_from(time.num_microseconds()).unwrap_or_default();
    Ok(Duration::from_micros(micros(usage.user_time()) + micros(usage.system_time())))
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
