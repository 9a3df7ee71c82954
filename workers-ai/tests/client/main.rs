//! The client against the local Workers AI.
#![cfg(feature = "rest")]

mod batch;
mod decoder;
mod errors;
mod gateway;
mod models;
mod retries;
mod run;
mod secrets;
mod setup;
mod streams;
