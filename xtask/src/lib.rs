//! What `cargo xtask` does: refreshing the catalog, generating what is made of it, and showing it.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod bench;
mod cli;
pub mod corrections;
pub mod decimal;
pub mod error;
pub mod generate;
pub mod guide;
pub mod pretty;
pub mod refresh;
pub mod report;
pub mod serve;
pub mod shapes;
pub mod snapshot;
pub mod source;

pub use cli::main;
