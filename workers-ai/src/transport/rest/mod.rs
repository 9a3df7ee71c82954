//! The REST API and the host of AI Gateway.

mod api;
mod cleanse;
mod origin;
#[cfg(feature = "rest")]
mod tokio;
mod url;

#[cfg(feature = "worker")]
pub(crate) use self::api::HttpRequest;
#[cfg(feature = "rest")]
pub use self::tokio::Rest;
pub(crate) use self::{
    api::Api,
    origin::{ORIGIN, check_encrypted, is_loopback, parse_origin},
};

/// The name that requests carry.
pub(crate) const USER_AGENT: &str = concat!("workers-ai-rust/", env!("CARGO_PKG_VERSION"));
