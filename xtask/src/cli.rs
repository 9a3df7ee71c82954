//! The command line.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{error::Result, generate, refresh};

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
    /// Bring the snapshot of the model catalog up to date
    RefreshCatalog {
        /// docs, account, unified, or a file or folder
        #[arg(long, default_value = "docs")]
        from: String,
    },
    /// Make the generated files again
    Generate,
}

/// Runs the task that the command line names.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.task, &cli.root) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task, root: &Path) -> Result<ExitCode> {
    match task {
        Task::RefreshCatalog { from } => refresh::run(root, Path::new(&from))?,
        Task::Generate => {
            for path in generate::write(root)? {
                println!("wrote {path}");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
