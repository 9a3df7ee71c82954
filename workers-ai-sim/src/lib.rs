//! A local Workers AI: the service's HTTP surface, with answers made from the catalog. It needs no account and calls nobody.
//!
//! Every model of the catalog answers. A request is checked with the model's own schema and with the corrections, and is refused in the
//! service's words; otherwise the answer is made up, always the same for the same request, and true to the model's output schema.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! use workers_ai_sim::{Fault, Sim};
//!
//! let sim = Sim::start().await?;
//! println!("WORKERS_AI_BASE_URL={}", sim.url());
//! println!("CLOUDFLARE_ACCOUNT_ID={} CLOUDFLARE_API_TOKEN={}", sim.account(), sim.token());
//!
//! // The next two requests fail for want of capacity.
//! sim.fail_next(Fault::code(3040));
//! sim.fail_next(Fault::code(3040));
//! # Ok(())
//! # }
//! ```
//!
//! The gateway keeps, tries again, waits, times out and fails over as its headers and the steps of its universal endpoint ask. What it
//! waited for in vain it answers with 408 and code 3007.
#![forbid(unsafe_code)]

mod answer;
mod asked;
mod deliver;
mod embed;
mod envelope;
mod events;
#[cfg(test)]
mod every_model;
mod example;
mod fault;
mod form;
mod gateway;
mod known;
mod media;
mod queue;
mod record;
mod request;
mod routes;
mod server;
mod validate;

pub use fault::Fault;
pub use record::Recorded;
pub use server::{Builder, Sim};
