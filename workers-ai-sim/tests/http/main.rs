//! The server over HTTP.

mod chat;
mod every_route;
mod faults;
mod gateway;
mod hostile;
mod setup;
mod universal;
