//! AI Gateway: what a call asks of it, and its own host.

#[cfg(feature = "rest")]
mod host;
mod options;

#[cfg(feature = "rest")]
pub use self::host::{GatewayHost, GatewayPathStyle};
pub(crate) use self::options::millis;
pub use self::options::{Backoff, Gateway};
pub use crate::error::gateway::{GatewayError, GatewayReason};
