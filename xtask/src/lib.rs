//! The tasks of `cargo xtask`: what `cargo workers-ai` does for everybody, on this workspace's own catalog; generated files,
//! measurements and tests.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod bench;
mod cli;
pub mod e2e;
pub mod generate;
pub mod shapes;
pub mod soak;
pub mod workspace;

pub use cli::main;
