//! `e2e worker`: a Worker in the real runtime, with the local Workers AI behind its binding.

mod beside;
mod build;
mod checks;
mod outside;
mod runtime;
mod sizes;
mod template;

use std::path::Path;

use workers_ai_sim::Sim;

pub use self::{
    beside::{Beside, beside},
    outside::outside,
    sizes::{Sizes, sizes},
};

use cargo_workers_ai::error::{Error, Result};

/// The results of the checks.
#[derive(Debug)]
pub struct Report {
    /// Each check with its problem, if it failed.
    pub checks: Vec<(String, Option<String>)>,
}

impl Report {
    /// Returns whether all checks passed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.checks.iter().all(|(_, problem)| problem.is_none())
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, problem) in &self.checks {
            match problem {
                None => writeln!(f, "ok      {name}")?,
                Some(problem) => writeln!(f, "FAILED  {name}: {problem}")?,
            }
        }
        let failed = self.checks.iter().filter(|(_, problem)| problem.is_some()).count();
        writeln!(f, "{} checks, {failed} failed", self.checks.len())
    }
}

/// Builds the Worker, starts the runtime and the local Workers AI, and makes all checks.
///
/// # Errors
/// Returns an error if something cannot be built, installed or started.
pub fn worker(root: &Path) -> Result<Report> {
    let folder = build::worker(root)?;
    let template = template::build(root)?;
    let modules = build::packages(root)?;
    let workerd = modules.join(build::WORKERD);
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    tokio.map_err(|error| Error::Usage(format!("the runtime of tokio: {error}")))?.block_on(async {
        let sim = Sim::start().await.map_err(|error| Error::Usage(format!("the local Workers AI: {error}")))?;
        let runtime = runtime::Workerd::start(&workerd, &folder, &sim).await?;
        let mut fresh = Vec::new();
        for _ in 0..3 {
            fresh.push(runtime::Workerd::start(&workerd, &folder, &sim).await?);
        }
        let mut checks = checks::all(&runtime, &fresh, &sim).await;
        checks.extend(template::checks(root, &template, &modules, &sim)?);
        Ok(Report { checks })
    })
}
