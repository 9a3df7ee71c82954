//! The command line.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use cargo_workers_ai::{
    cli::{
        output::{print, print_error},
        refresh::Refresh,
        view::{Expand, Models, Show},
    },
    error::Result,
    serve,
};
use clap::{Parser, Subcommand};

use crate::{
    bench::{self, compile, first_run},
    e2e, generate, soak, workspace,
};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Tasks of the workers-ai workspace")]
struct Cli {
    /// The workspace
    #[arg(long, global = true, hide = true, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    RefreshCatalog(Refresh),
    /// Update the generated files: the catalog's index, the corrections, the shared types
    Generate {
        /// Write nothing; exit with status 1 if a file is not current
        #[arg(long)]
        check: bool,
    },
    /// Run the local stand-in for Workers AI until it is stopped
    Serve {
        /// The address to listen on; port 0 picks a free port
        #[arg(default_value = "127.0.0.1:8787")]
        address: SocketAddr,
    },
    Expand(Expand),
    Models(Models),
    /// Test in real runtimes
    #[command(subcommand)]
    E2e(E2e),
    /// Call a hostile server many times at once, and drop calls at any point; exit with status 1 if a call hangs or is paid twice
    Soak {
        /// How long calls are made, in seconds
        #[arg(long, default_value_t = 150, value_parser = clap::value_parser!(u64).range(1..=3600))]
        seconds: u64,
        /// The number of calls at a time
        #[arg(long, default_value_t = 1000)]
        calls: usize,
        /// The seed of the faults
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Retry requests that were sent, too: such calls are paid twice, so the soak fails
        #[arg(long)]
        retry_unanswered: bool,
        /// Then fuzz the decoders and the reader of schemas, a minute each
        #[arg(long)]
        long: bool,
    },
    /// Measure the cost of the attribute
    #[command(subcommand)]
    Bench(Bench),
    Show(Show),
}

#[derive(Subcommand)]
enum Bench {
    /// Time to read and expand each model, unoptimized, as rustc compiles macros
    Expansion {
        /// List all models
        #[arg(long)]
        each: bool,
    },
    /// Processor time to build the quickstart from nothing, and a plain program
    FirstRun {
        /// Builds of each
        #[arg(long, default_value_t = 1)]
        runs: usize,
    },
    /// Processor time to check crates with models: with the attribute, already expanded, and with typify
    Compile {
        /// Models per crate, 0 for all; can be repeated
        #[arg(long, default_values_t = [1, 10, 0])]
        models: Vec<usize>,
        /// Checks per crate
        #[arg(long, default_value_t = 5)]
        runs: usize,
        /// Skip typify, which takes a minute for all models
        #[arg(long)]
        no_typify: bool,
        /// Skip the build of all dependencies
        #[arg(long)]
        no_cold: bool,
    },
}

/// Test in real runtimes
#[derive(Subcommand)]
enum E2e {
    /// Run a Worker in workerd, with the local Workers AI behind its binding; exit with status 1 if a check fails
    Worker,
    /// Measure what the crates add to a Worker; exit with status 1 if one has grown by more than 2 KiB
    Sizes {
        /// Store the figures for this compiler
        #[arg(long)]
        store: bool,
    },
    /// Do what a new user does, in an empty folder with nothing but the packaged crates; exit with status 1 if a step fails
    Outside,
    /// Compare a streamed chat with that of another crate for the binding; exit with status 1 if ours fails
    Beside,
}

/// Runs the task of the command line.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let root = fs::canonicalize(&cli.root).unwrap_or(cli.root);
    match run(cli.task, &root) {
        Ok(code) => code,
        Err(error) => {
            print_error(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task, root: &Path) -> Result<ExitCode> {
    match task {
        Task::RefreshCatalog(mut task) => {
            let out = task.out.take();
            let is_ours = out.is_none();
            let done = task.run(workspace::target(root, out)?)?;
            if is_ours && done.is_written {
                generate::write(root)?;
            }
            Ok(done.code)
        }
        Task::Generate { check: true } => {
            let stale = generate::stale(root)?;
            for (path, _) in &stale {
                print(&format!("{path} is not current; run `cargo xtask generate`\n"));
            }
            Ok(ExitCode::from(u8::from(!stale.is_empty())))
        }
        Task::Generate { check: false } => {
            let written = generate::write(root)?;
            let text = if written.is_empty() { "Everything is current.\n".to_owned() } else { String::new() };
            print(&written.iter().fold(text, |text, path| text + "Wrote " + path + "\n"));
            Ok(ExitCode::SUCCESS)
        }
        Task::Serve { address } => serve::at(address, None).map(|()| ExitCode::SUCCESS),
        Task::Expand(task) => {
            let catalog = workspace::catalog(root, task.from.catalog.clone())?;
            task.run(&catalog)
        }
        Task::Models(task) => {
            let catalog = workspace::catalog(root, task.from.catalog.clone())?;
            task.run(&catalog)
        }
        Task::Show(task) => {
            let catalog = workspace::catalog(root, task.from.catalog.clone())?;
            task.run(&catalog)
        }
        Task::E2e(E2e::Sizes { store }) => {
            let e2e::Sizes { table, grown } = e2e::sizes(root, store)?;
            print(&table);
            for grown in &grown {
                print(&format!("grown: {grown}\n"));
            }
            Ok(ExitCode::from(u8::from(!grown.is_empty() && !store)))
        }
        Task::E2e(E2e::Beside) => {
            let e2e::Beside { text, problems } = e2e::beside(root)?;
            print(&text);
            for problem in &problems {
                print(&format!("FAILED: {problem}\n"));
            }
            Ok(ExitCode::from(u8::from(!problems.is_empty())))
        }
        Task::E2e(task @ (E2e::Worker | E2e::Outside)) => {
            let report = if matches!(task, E2e::Worker) { e2e::worker(root)? } else { e2e::outside(root)? };
            print(&report.to_string());
            Ok(ExitCode::from(u8::from(!report.is_good())))
        }
        Task::Soak { seconds, calls, seed, retry_unanswered, long } => {
            let plan = soak::Plan { time: Duration::from_secs(seconds), calls, seed, retry_unanswered };
            let report = soak::run(plan)?;
            print(&report.to_string());
            let good = report.is_good() && (!long || soak::fuzz(root, Duration::from_secs(60))?);
            Ok(ExitCode::from(u8::from(!good)))
        }
        Task::Bench(Bench::Expansion { each }) => bench::expansion(root, each).map(|()| ExitCode::SUCCESS),
        Task::Bench(Bench::Compile { models, runs, no_typify, no_cold }) => {
            let plan = compile::Plan { root: root.to_owned(), models, runs, typify: !no_typify, cold: !no_cold };
            print(&compile::measure(&plan)?);
            Ok(ExitCode::SUCCESS)
        }
        Task::Bench(Bench::FirstRun { runs }) => {
            print(&first_run::measure(root, runs.max(1))?);
            Ok(ExitCode::SUCCESS)
        }
    }
}
