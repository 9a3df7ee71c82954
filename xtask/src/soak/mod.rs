//! `soak`: the client under load, against a server that lies, drips and breaks off, with calls that are dropped at any point.

mod load;
mod server;
mod treatment;

use std::{fmt, path::Path, process::Command, time::Duration};

use cargo_workers_ai::error::{Error, Result};
use load::Outcomes;
use server::Server;

/// The time that a response may take to begin.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The options of a soak.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How long calls are made, with and without dropping them.
    pub time: Duration,
    /// The number of calls at a time.
    pub calls: usize,
    /// The seed of the server's treatments and of the pauses.
    pub seed: u64,
    /// Retries requests that were sent and got no response, as users can ask for.
    pub retry_unanswered: bool,
}

/// The result of a soak.
#[derive(Debug)]
pub struct Report {
    /// The outcomes of the calls.
    outcomes: Outcomes,
    /// The number of responses that the server computed.
    computed: u64,
    /// The number of responses that it computed for a call beyond the first.
    twice: u64,
    /// The number of calls that failed after the server had computed a response, and whose error denies that.
    denied: u64,
    /// The number of calls that were dropped before they ended.
    dropped: u64,
    before: Process,
    after: Process,
    after_drops: Process,
}

/// Makes calls until the time is over.
///
/// # Errors
/// Returns an error if the server cannot be started.
pub fn run(plan: Plan) -> Result<Report> {
    let failed = |cause: std::io::Error| Error::Usage(format!("cannot start the server: {cause}"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let server = Server::start(plan.seed).await.map_err(failed)?;
        let ai = load::client(&server, plan.retry_unanswered).map_err(|error| Error::Usage(error.to_string()))?;
        let calls = plan.calls.min(server::connections() / 2);
        let before = Process::now();
        let outcomes = load::calls(&ai, plan.time * 3 / 4, calls).await;
        let after = Process::now();
        let (twice, denied) = (server.twice(), outcomes.denied(&server));
        let dropped = load::dropped(&ai, plan.time / 4, calls, plan.seed).await;
        // The server and the connection pool close what was left.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let after_drops = Process::now();
        let computed = server.computed();
        Ok(Report { outcomes, computed, twice, denied, dropped, before, after, after_drops })
    })
}

/// Runs the fuzz tests, each for so long. Returns whether they passed.
///
/// # Errors
/// Returns an error if Cargo cannot be started.
pub fn fuzz(root: &Path, time: Duration) -> Result<bool> {
    for arguments in [
        ["-p", "client-tests", "--test", "client", "fuzz::"].as_slice(),
        &["-p", "workers-ai-codegen", "--test", "fuzz"],
    ] {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["test", "--quiet"]).args(arguments).args(["--", "--nocapture"]).current_dir(root);
        let status = command.env("FUZZ_SECONDS", time.as_secs().to_string()).status();
        if !status.map_err(|cause| Error::Usage(format!("cannot start Cargo: {cause}")))?.success() {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Report {
    /// Returns `true` if every call ended, none was computed twice, and no error denies what was computed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.outcomes.hung() == 0 && self.twice == 0 && self.denied == 0 && self.outcomes.made() > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} calls, {} dropped, {} responses computed", self.outcomes.made(), self.dropped, self.computed)?;
        for (outcome, count) in self.outcomes.by_kind() {
            writeln!(f, "  {outcome:24} {count:>8}")?;
        }
        writeln!(f, "calls that did not end           {:>8}", self.outcomes.hung())?;
        writeln!(f, "responses beyond one a call      {:>8}", self.twice)?;
        writeln!(f, "errors that deny a paid response {:>8}", self.denied)?;
        for (when, process) in
            [("before", &self.before), ("after the calls", &self.after), ("after the drops", &self.after_drops)]
        {
            writeln!(f, "{when:16} {process}")?;
        }
        Ok(())
    }
}

/// The resources used by the process, which includes the server.
#[derive(Debug)]
struct Process {
    resident: Option<u64>,
    peak: Option<u64>,
    descriptors: Option<usize>,
}

impl Process {
    fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok()
        };
        Self {
            resident: kilobytes("VmRSS:"),
            peak: kilobytes("VmHWM:"),
            descriptors: std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count),
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(resident), Some(peak), Some(descriptors)) = (self.resident, self.peak, self.descriptors) else {
            return f.write_str("(not known on this system)");
        };
        write!(f, "{} MB of memory, {} MB at the peak, {descriptors} descriptors", resident >> 10, peak >> 10)
    }
}
