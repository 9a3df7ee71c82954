//! The client against the local Workers AI.

mod account;
mod batch;
mod bounds;
mod compatible;
mod costs;
mod decoder;
mod dynamic;
mod embed;
mod errors;
mod fallback;
mod fuzz;
mod gateway;
mod headers;
#[cfg(feature = "catalog")]
mod known;
#[cfg(feature = "rate-limit")]
mod limit;
mod load;
mod local;
mod misbehaving;
mod models;
#[cfg(feature = "openai")]
mod openai;
mod replies;
mod retries;
mod run;
mod secrets;
mod sets;
mod setup;
mod streams;
#[cfg(feature = "schemars")]
mod structured;
mod tools;
mod transport;
mod upload;
