//! The command line.

use std::{
    fs,
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Args, Parser, Subcommand};
use workers_ai_catalog::Capability;

use crate::{
    bench::{self, compile, first_run},
    e2e,
    error::{Error, Result},
    generate,
    guide::{self, disagreements, expand, list, show},
    refresh::{self, Mode},
    serve, soak,
    source::{fetch::Behaviour, secret::Secret},
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
    /// Show the code that the attribute expands to
    Expand {
        #[command(flatten)]
        one: One,
        /// Further models: an enum is a set of all of them
        others: Vec<String>,
        /// The name of the struct or enum with the attribute
        #[arg(long)]
        name: Option<String>,
    },
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
    /// Show one model: its fields with types and bounds, and its corrections with their reasons
    Show {
        #[command(flatten)]
        one: One,
    },
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
    /// Compare a streamed chat with that of another crate for the binding; exit with status 1 if ours fails
    Beside,
}

/// A model
#[derive(Args)]
struct One {
    /// The model's ID, such as `@cf/author/model`
    id: String,
    /// A catalog to use instead of the workspace's: a folder or the file of a model
    #[arg(long, value_name = "PATH")]
    catalog: Option<PathBuf>,
}

/// List models: task, context, capabilities, prices, rate limits, deprecations
#[derive(Args)]
struct Models {
    /// Only models whose task contains this text
    #[arg(long)]
    task: Option<String>,
    /// Only models with this capability: streaming, batch, tools, vision, lora, realtime, embeds, reasoning, jsonmode; can be repeated
    #[arg(long, value_name = "NAME", value_parser = list::capability)]
    capability: Vec<Capability>,
    /// Only models with known prices that are all at most this, whatever the unit
    #[arg(long, value_name = "PRICE")]
    max_price: Option<f64>,
    /// Only models without a planned deprecation
    #[arg(long)]
    lasting: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print disagreements between flags and schemas instead
    #[arg(long, conflicts_with_all = ["task", "capability", "max_price", "lasting", "json"])]
    disagreements: bool,
    /// A catalog to use instead of the workspace's: a folder or the file of a model
    #[arg(long, value_name = "PATH")]
    catalog: Option<PathBuf>,
}

/// Update the snapshot of the model catalog and report the changes
#[derive(Args)]
struct Refresh {
    /// `docs` (the documentation's feed), `account`, `unified`, or the path of a feed file, a folder of model files, or a saved response
    #[arg(long, value_name = "SOURCE", default_value = "docs")]
    from: String,
    /// Write to this folder instead of the workspace's snapshot, including upstream's descriptions; `catalog = "DIR"` reads it
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only models whose ID matches this pattern; `*` matches any characters
    #[arg(long, value_name = "GLOB")]
    only: Option<String>,
    /// Report the changes without writing them
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Write nothing; show a diff and exit with status 1 if the snapshot is not current
    #[arg(long)]
    check: bool,
    /// The origin to use instead of the default, also from `WORKERS_AI_BASE_URL`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Also write the report as Markdown
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Accept a source that lists fewer models than it says, or lacks a fifth of those in the snapshot: they are retired
    #[arg(long)]
    force: bool,
    /// Retries of failed requests
    #[arg(long, default_value_t = 4)]
    retries: usize,
    /// The time to fetch the whole catalog, in seconds
    #[arg(long, default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..))]
    deadline: u64,
    /// The first pause between retries, in milliseconds
    #[arg(long, hide = true, default_value_t = 500)]
    pause: u64,
}

/// Runs the task of the command line.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let root = fs::canonicalize(&cli.root).unwrap_or(cli.root);
    match run(cli.task, &root) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", strip_control(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task, root: &Path) -> Result<ExitCode> {
    match task {
        Task::RefreshCatalog(task) => task.run(root),
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
        Task::Serve { address } => serve::run(address).map(|()| ExitCode::SUCCESS),
        Task::Expand { one, others, name } => {
            let catalog = guide::catalog(root, one.catalog)?;
            print(&if others.is_empty() {
                expand::text(&catalog, &one.id, name.as_deref())?
            } else {
                let ids: Vec<String> = [one.id].into_iter().chain(others).collect();
                expand::set_text(&catalog, &ids, name.as_deref().unwrap_or("Models"))?
            });
            Ok(ExitCode::SUCCESS)
        }
        Task::E2e(E2e::Sizes { store }) => {
            let e2e::Sizes { table, grown } = e2e::sizes(root, store)?;
            print(&table);
            for grown in &grown {
                print(&format!("grown: {grown}\n"));
            }
            Ok(ExitCode::from(u8::from(!grown.is_empty() && !store)))
        }
        Task::Models(task) => task.run(root),
        Task::E2e(E2e::Beside) => {
            let e2e::Beside { text, problems } = e2e::beside(root)?;
            print(&text);
            for problem in &problems {
                print(&format!("FAILED: {problem}\n"));
            }
            Ok(ExitCode::from(u8::from(!problems.is_empty())))
        }
        Task::E2e(E2e::Worker) => {
            let report = e2e::worker(root)?;
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
        Task::Show { one } => {
            print(&show::text(&guide::catalog(root, one.catalog)?, &one.id)?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

impl Models {
    fn run(self, root: &Path) -> Result<ExitCode> {
        let catalog = guide::catalog(root, self.catalog)?;
        if self.disagreements {
            print(&disagreements::text(&catalog)?);
            return Ok(ExitCode::SUCCESS);
        }
        let filter = list::Filter {
            task: self.task,
            capabilities: self.capability,
            max_price: self.max_price,
            lasting: self.lasting,
        };
        let entries = list::entries(&catalog, &filter)?;
        print(&if self.json { list::json(&entries) } else { list::text(&entries) });
        Ok(ExitCode::SUCCESS)
    }
}

impl Refresh {
    fn run(self, root: &Path) -> Result<ExitCode> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let mode = match (self.dry_run, self.check) {
            (true, _) => Mode::DryRun,
            (_, true) => Mode::Check,
            _ => Mode::Write,
        };
        let account = env("CLOUDFLARE_ACCOUNT_ID").zip(env("CLOUDFLARE_API_TOKEN").map(Secret::new));
        let plan = refresh::Plan {
            root: root.to_owned(),
            from: self.from.as_str().into(),
            out: self.out,
            only: self.only,
            force: self.force,
            base: self.base_url.or_else(|| env("WORKERS_AI_BASE_URL")),
            account,
            behaviour: Behaviour {
                retries: self.retries,
                pause: Duration::from_millis(self.pause),
                deadline: Duration::from_secs(self.deadline),
                ..Behaviour::default()
            },
            mode,
        };
        let done = refresh::run(&plan)?;
        let mut text = done.diff;
        text.push_str(&done.report.text());
        match mode {
            Mode::DryRun => text.push_str("Nothing was written.\n"),
            Mode::Check if done.current => text.push_str("The snapshot is current.\n"),
            Mode::Check => text.push_str("The snapshot is not current.\n"),
            Mode::Write => {}
        }
        print(&text);
        if let Some(path) = self.report {
            fs::write(&path, strip_control(&done.report.markdown())).map_err(Error::write(&path))?;
        }
        if let Some(error) = done.not_generated {
            return Err(error);
        }
        let failed = !done.report.rejected.is_empty() || (mode == Mode::Check && !done.current);
        Ok(ExitCode::from(u8::from(failed)))
    }
}

/// Writes to standard output, ignoring a closed pipe.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(strip_control(text).as_bytes()).and_then(|()| out.flush());
}

/// Replaces control characters, with which a catalog could manipulate the terminal.
fn strip_control(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c }).collect()
}
