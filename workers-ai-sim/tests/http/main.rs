//! The server as any client meets it: over HTTP.

mod gateway;
mod setup;
mod universal;
