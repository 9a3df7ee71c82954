//! The server over HTTP.

mod answers;
mod catalogs;
mod chat;
mod every_route;
mod faults;
mod gateway;
mod hostile;
mod setup;
mod universal;
