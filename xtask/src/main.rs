//! Tasks of this workspace. `cargo xtask --help` lists them.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main()
}
