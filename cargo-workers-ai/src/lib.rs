//! The command `cargo workers-ai` as a library: refreshing, comparing and showing catalogs of models, and what a program uses of them.
//!
//! It is published for the command. Its functions may change in any release.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod audit;
pub mod cli;
pub mod configured;
pub mod corrections;
pub mod cost;
pub mod decimal;
pub mod doctor;
pub mod error;
pub mod guide;
pub mod merge;
pub mod only;
pub mod pretty;
pub mod proof;
pub mod refresh;
pub mod report;
pub mod serve;
pub mod snapshot;
pub mod source;
pub mod surface;
pub mod template;
pub mod verify;
