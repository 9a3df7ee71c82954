//! A local stand-in for Cloudflare Workers AI and AI Gateway, for tests and first steps. It needs no account and makes no requests.
//!
//! It serves the HTTP API of the service for every model in the catalog. Requests are validated against the model's input schema and the
//! catalog's corrections, and rejected with the service's error codes and messages. Accepted requests get a deterministic response that
//! conforms to the model's output schema: chat models echo the question and call the tools they are offered, embeddings of similar texts are
//! close to each other, images show their prompt.
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
//! // The next two requests fail with "out of capacity".
//! sim.fail_next(Fault::code(3040));
//! sim.fail_next(Fault::code(3040));
//! # Ok(())
//! # }
//! ```
//!
//! In a test of your own code, start a [`Sim`], point the client at it, and look at [`Sim::requests`] afterwards. With the `workers-ai`
//! client that is
//! `WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token()).build()?`; any other client of the service works
//! too.
//!
//! AI Gateway's cache, retries, timeouts and fallbacks follow the request's `cf-aig-*` headers and the steps of the universal endpoint. A
//! gateway timeout is reported with status 408 and code 3007.
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
