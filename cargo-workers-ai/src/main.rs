//! `cargo workers-ai`. `cargo workers-ai --help` lists its commands.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_workers_ai::cli::main()
}
