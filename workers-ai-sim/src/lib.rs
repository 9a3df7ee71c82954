#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod answer;
mod error;
mod fault;
mod gateway;
mod http;
mod model;
mod models;
mod queue;
mod record;
mod server;
mod state;

pub use answer::{Answer, AnswerError};
pub use fault::Fault;
pub use record::RecordedRequest;
pub use server::{Sim, SimBuilder, start};
