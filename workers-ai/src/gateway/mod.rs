//! AI Gateway: the options of a call, the gateway's own host, and its refusals.

#[cfg(feature = "rest")]
mod host;
mod options;

#[cfg(feature = "rest")]
pub use self::host::{GatewayHost, GatewayPathStyle};
pub use self::options::{Backoff, Gateway};
pub use crate::error::gateway::{GatewayError, GatewayReason};
