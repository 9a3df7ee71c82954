//! The host of AI Gateway.

use url::Url;

use crate::{
    error::ConfigError,
    transport::rest::{check_encrypted, parse_origin},
};

/// The gateway's own host, as an alternative to the host of the REST API.
///
/// ```
/// use workers_ai::gateway::{GatewayHost, GatewayPathStyle};
///
/// let host = GatewayHost::default().path_style(GatewayPathStyle::Bare);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayHost {
    pub(crate) origin: Url,
    pub(crate) style: GatewayPathStyle,
}

/// The form of the path to a model on the gateway's host. Cloudflare's package and its documentation use different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GatewayPathStyle {
    /// `/workers-ai/run/@cf/…`, as in Cloudflare's own package.
    #[default]
    Run,
    /// `/workers-ai/@cf/…`, as in the documentation.
    Bare,
}

impl GatewayHost {
    /// Uses another host than `https://gateway.ai.cloudflare.com`.
    ///
    /// # Errors
    /// Fails if it is not an HTTP origin, or if the token would travel unencrypted to another machine.
    pub fn at(origin: &str) -> Result<Self, ConfigError> {
        check_encrypted(&parse_origin(origin)?)?;
        Self::at_plain_http(origin)
    }

    /// Does the same as [`at`](Self::at), but also for an origin to which the token travels unencrypted. Everyone on the way can read it
    /// and use the account.
    ///
    /// # Errors
    /// Fails if it is not an HTTP origin.
    pub fn at_plain_http(origin: &str) -> Result<Self, ConfigError> {
        Ok(Self { origin: parse_origin(origin)?, style: GatewayPathStyle::default() })
    }

    /// Sets the form of the path to a model.
    #[must_use]
    pub fn path_style(mut self, style: GatewayPathStyle) -> Self {
        self.style = style;
        self
    }
}

impl Default for GatewayHost {
    fn default() -> Self {
        let origin = Url::parse("https://gateway.ai.cloudflare.com").expect("a constant URL");
        Self { origin, style: GatewayPathStyle::default() }
    }
}
