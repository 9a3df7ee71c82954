//! The server as any client meets it: over HTTP.

mod chat;
mod every_route;
mod faults;
mod gateway;
mod setup;
mod universal;
