//! AI Gateway: the options of a call, the gateway's own host, and its refusals.

#[cfg(any(feature = "rest", feature = "worker"))]
mod host;
mod options;

#[cfg(any(feature = "rest", feature = "worker"))]
pub use self::host::{GatewayHost, GatewayPathStyle};
pub use self::options::{Backoff, Gateway};
pub use crate::error::gateway::{GatewayError, GatewayReason};
