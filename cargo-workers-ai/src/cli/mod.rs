//! The command line.

pub mod output;
pub mod refresh;
pub mod view;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory as _, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use self::{
    output::{BAD, GOOD, WARNING, print, print_error, print_marked},
    refresh::{Add, Diff, Refresh},
    view::{Expand, Models, Show},
};
use crate::{
    audit, cost, doctor,
    error::{Error, Result},
    guide, serve, template,
};

const AFTER: &str = "\
Exit status: 0 if all is well; 1 if a check fails (`refresh --check`, a breaking `diff`, an `audit` or `doctor` with findings), \
or if something cannot be done, with a message on standard error; 2 if the command line cannot be read.

Environment: WORKERS_AI_CATALOG, also in the `[env]` table of .cargo/config.toml, names a folder with a catalog, laid over the snapshot of this release; CLOUDFLARE_ACCOUNT_ID and \
CLOUDFLARE_API_TOKEN are for the sources `account` and `unified`, and for `doctor`; WORKERS_AI_BASE_URL is another origin.";

#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    WorkersAi(Cli),
}

/// Catalogs of Workers AI models, a local Workers AI, and what your programs use
#[derive(Parser)]
#[command(name = "workers-ai", version, after_help = AFTER)]
struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Refresh(Refresh),
    Add(Add),
    Models(Models),
    Show(Show),
    Expand(Expand),
    Diff(Diff),
    Audit(audit::Audit),
    Cost(cost::Costs),
    Serve(serve::Serve),
    /// Check the account, the token and its permissions with one small call, and say what to do
    Doctor,
    New(template::New),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages
    Man {
        /// The folder to write them to
        #[arg(value_hint = ValueHint::DirPath)]
        folder: PathBuf,
    },
}

/// Runs the command of the command line.
#[must_use]
pub fn main() -> ExitCode {
    let Cargo::WorkersAi(cli) = Cargo::parse();
    match cli.color {
        clap::ColorChoice::Always => anstream::ColorChoice::AlwaysAnsi.write_global(),
        clap::ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
        clap::ColorChoice::Auto => {}
    }
    run(cli.command).unwrap_or_else(|error| {
        print_error(&error.to_string());
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Refresh(task) => refresh::refresh_folder(task),
        Command::Add(task) => refresh::add(task),
        Command::Diff(task) => refresh::diff(task),
        Command::Models(task) => {
            let catalog = guide::catalog(task.from.catalog.clone());
            task.run(&catalog)
        }
        Command::Show(task) => {
            let catalog = guide::catalog(task.from.catalog.clone());
            task.run(&catalog)
        }
        Command::Expand(task) => {
            let catalog = guide::catalog(task.from.catalog.clone());
            task.run(&catalog)
        }
        Command::Audit(task) => audit(&task),
        Command::Cost(task) => {
            print(&cost::run(&task)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve(task) => serve::run(&task).map(|()| ExitCode::SUCCESS),
        Command::Doctor => doctor(),
        Command::New(task) => {
            print(&template::create(&task)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cargo::command(), "cargo", &mut text);
            print(&String::from_utf8_lossy(&text));
            Ok(ExitCode::SUCCESS)
        }
        Command::Man { folder } => {
            std::fs::create_dir_all(&folder).map_err(Error::write(&folder))?;
            let command = Cli::command().name("cargo-workers-ai").bin_name("cargo-workers-ai");
            clap_mangen::generate_to(command, &folder).map_err(Error::write(&folder))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn audit(task: &audit::Audit) -> Result<ExitCode> {
    let report = audit::run(task)?;
    if task.json {
        print(&report.json());
        return Ok(ExitCode::from(u8::from(report.is_bad())));
    }
    for used in &report.models {
        let (style, word) = match used.worst() {
            None => (GOOD, "ok"),
            Some(finding) if finding.fails => (BAD, finding.kind),
            Some(finding) => (WARNING, finding.kind),
        };
        print_marked(style, word, &used.to_string());
    }
    print(&report.summary());
    Ok(ExitCode::from(u8::from(report.is_bad())))
}

fn doctor() -> Result<ExitCode> {
    let steps = doctor::run()?;
    let mut is_well = true;
    for step in steps {
        match step.problem {
            None => print_marked(GOOD, "ok", &format!("{}: {}", step.name, step.found)),
            Some(problem) => {
                is_well = false;
                print_marked(BAD, "failed", &format!("{}: {problem}", step.name));
            }
        }
    }
    Ok(ExitCode::from(u8::from(!is_well)))
}
