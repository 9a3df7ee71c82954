#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod error;
mod fault;
mod gateway;
mod http;
mod model;
mod queue;
mod record;
mod server;
mod state;

pub use fault::Fault;
pub use record::RecordedRequest;
pub use server::{Sim, SimBuilder};
