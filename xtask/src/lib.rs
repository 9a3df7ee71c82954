//! The tasks of `cargo xtask`: refresh the catalog, generate files from it, show it.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod bench;
mod cli;
pub mod corrections;
pub mod decimal;
pub mod e2e;
pub mod error;
pub mod generate;
pub mod guide;
pub mod merge;
pub mod pretty;
pub mod proof;
pub mod refresh;
pub mod report;
pub mod serve;
pub mod shapes;
pub mod snapshot;
pub mod soak;
pub mod source;
pub mod surface;
pub mod verify;

pub use cli::main;
