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
    bench::{self, compile},
    error::{Error, Result},
    generate,
    guide::{self, disagreements, expand, list, show},
    refresh::{self, Mode},
    serve,
    source::{fetch::Behaviour, secret::Secret},
};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Tasks of the workers-ai workspace")]
struct Cli {
    /// The workspace to work in
    #[arg(long, global = true, hide = true, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    RefreshCatalog(Refresh),
    /// Make the generated files again: the catalog's index, the corrections, the shared shapes
    Generate {
        /// Write nothing; exit with 1 when a file is not current
        #[arg(long)]
        check: bool,
    },
    /// Serve the local Workers AI until it is stopped
    Serve {
        /// Where to listen; port 0 takes a free one
        #[arg(default_value = "127.0.0.1:8787")]
        address: SocketAddr,
    },
    /// Show the code that the attribute expands to
    Expand {
        #[command(flatten)]
        one: One,
        /// The name of the struct that the attribute stands on
        #[arg(long)]
        name: Option<String>,
    },
    Models(Models),
    /// Measure what the attribute costs
    #[command(subcommand)]
    Bench(Bench),
    /// Show one model: its fields with types and bounds, and the corrections with their reasons
    Show {
        #[command(flatten)]
        one: One,
    },
}

#[derive(Subcommand)]
enum Bench {
    /// How long reading and expanding each model takes, unoptimised, as rustc runs macros
    Expansion {
        /// List every model
        #[arg(long)]
        each: bool,
    },
    /// The processor time of checking crates with models: by the attribute, already expanded, and by typify
    Compile {
        /// How many models a crate has, 0 for all; may be repeated
        #[arg(long, default_values_t = [1, 10, 0])]
        models: Vec<usize>,
        /// How often each crate is checked
        #[arg(long, default_value_t = 5)]
        runs: usize,
        /// Leave typify out, which takes a minute for all models
        #[arg(long)]
        no_typify: bool,
        /// Leave out the build of all dependencies
        #[arg(long)]
        no_cold: bool,
    },
}

/// A model to look at
#[derive(Args)]
struct One {
    /// The model's id, `@cf/author/model`
    id: String,
    /// Another catalog than the workspace's: a folder, or one model's file
    #[arg(long, value_name = "PATH")]
    catalog: Option<PathBuf>,
}

/// List models: task, context, capabilities, prices, rate limits, deprecations
#[derive(Args)]
struct Models {
    /// Only those whose task holds this text
    #[arg(long)]
    task: Option<String>,
    /// Only those that can do this: streaming, batch, tools, vision, lora, realtime, embeds, reasoning, jsonmode; may be repeated
    #[arg(long, value_name = "NAME", value_parser = list::capability)]
    capability: Vec<Capability>,
    /// Only those that have prices, all of them at most this, whatever they are for
    #[arg(long, value_name = "PRICE")]
    max_price: Option<f64>,
    /// Leave out those that are planned to go
    #[arg(long)]
    lasting: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Say instead where flags and schemas of models do not agree
    #[arg(long, conflicts_with_all = ["task", "capability", "max_price", "lasting", "json"])]
    disagreements: bool,
    /// Another catalog than the workspace's: a folder, or one model's file
    #[arg(long, value_name = "PATH")]
    catalog: Option<PathBuf>,
}

/// Bring the snapshot of the model catalog up to date, and say what changed
#[derive(Args)]
struct Refresh {
    /// `docs` (the documentation's feed), `account`, `unified`, or the path of a feed file, a folder of model files, or a saved answer of any of these
    #[arg(long, value_name = "SOURCE", default_value = "docs")]
    from: String,
    /// Write another folder than the workspace's snapshot, with upstream's descriptions kept; `catalog = "DIR"` reads it
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Only models whose id this pattern names, `*` for any run of characters
    #[arg(long, value_name = "GLOB")]
    only: Option<String>,
    /// Say what would change, and write nothing
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Write nothing; show the difference and exit with 1 when the snapshot is not current
    #[arg(long)]
    check: bool,
    /// The origin of another server to ask, also from `WORKERS_AI_BASE_URL`
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Write the report as Markdown too
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How often a failed request is repeated
    #[arg(long, default_value_t = 4)]
    retries: usize,
    /// The first pause between repetitions, in milliseconds
    #[arg(long, hide = true, default_value_t = 500)]
    pause: u64,
}

/// Runs the task that the command line names.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let root = fs::canonicalize(&cli.root).unwrap_or(cli.root);
    match run(cli.task, &root) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", harmless(&error.to_string()));
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
            let text = if written.is_empty() { "All is current.\n".to_owned() } else { String::new() };
            print(&written.iter().fold(text, |text, path| text + "Wrote " + path + "\n"));
            Ok(ExitCode::SUCCESS)
        }
        Task::Serve { address } => serve::run(address).map(|()| ExitCode::SUCCESS),
        Task::Expand { one, name } => {
            let catalog = guide::catalog(root, one.catalog)?;
            print(&expand::text(&catalog, &one.id, name.as_deref())?);
            Ok(ExitCode::SUCCESS)
        }
        Task::Models(task) => task.run(root),
        Task::Bench(Bench::Expansion { each }) => bench::expansion(root, each).map(|()| ExitCode::SUCCESS),
        Task::Bench(Bench::Compile { models, runs, no_typify, no_cold }) => {
            let plan = compile::Plan { root: root.to_owned(), models, runs, typify: !no_typify, cold: !no_cold };
            print(&compile::measure(&plan)?);
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
            base: self.base_url.or_else(|| env("WORKERS_AI_BASE_URL")),
            account,
            behaviour: Behaviour {
                retries: self.retries,
                pause: Duration::from_millis(self.pause),
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
            fs::write(&path, harmless(&done.report.markdown())).map_err(Error::write(&path))?;
        }
        if let Some(error) = done.not_generated {
            return Err(error);
        }
        let failed = !done.report.bad.is_empty() || (mode == Mode::Check && !done.current);
        Ok(ExitCode::from(u8::from(failed)))
    }
}

/// Writes to standard output; whoever reads it may have stopped.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(harmless(text).as_bytes()).and_then(|()| out.flush());
}

/// Text without the control characters by which a catalog could write to the terminal what it wants.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c }).collect()
}
