//! The host of AI Gateway.

use url::Url;

use crate::error::ConfigError;

/// The gateway's own host, for programs that prefer it to the API's.
///
/// ```
/// use workers_ai::{GatewayHost, GatewayPathStyle};
///
/// let host = GatewayHost::default().path_style(GatewayPathStyle::Bare);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayHost {
    pub(crate) origin: Url,
    pub(crate) form: GatewayPathStyle,
}

/// How the path to a model looks on the gateway's host: sources disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GatewayPathStyle {
    /// `/workers-ai/run/@cf/…`, as Cloudflare's own package has it.
    #[default]
    Run,
    /// `/workers-ai/@cf/…`, as the documentation has it.
    Bare,
}

impl GatewayHost {
    /// Another host.
    ///
    /// # Errors
    /// When it is no origin of HTTP, such as `https://gateway.ai.cloudflare.com`.
    pub fn at(origin: &str) -> Result<Self, ConfigError> {
        let wrong = |cause: String| ConfigError::BaseUrl { url: origin.to_owned(), cause };
        let origin = Url::parse(origin).map_err(|error| wrong(error.to_string()))?;
        if !matches!(origin.scheme(), "http" | "https") {
            return Err(wrong("it must begin with http:// or https://".to_owned()));
        }
        if origin.query().is_some() || !origin.username().is_empty() || origin.password().is_some() {
            return Err(wrong("it must be an origin, such as https://gateway.ai.cloudflare.com".to_owned()));
        }
        Ok(Self { origin, form: GatewayPathStyle::default() })
    }

    /// How the path to a model looks.
    #[must_use]
    pub fn path_style(mut self, form: GatewayPathStyle) -> Self {
        self.form = form;
        self
    }

    #[cfg(feature = "rest")]
    pub(crate) fn default_origin() -> Url {
        Self::default().origin
    }
}

impl Default for GatewayHost {
    fn default() -> Self {
        let origin = Url::parse("https://gateway.ai.cloudflare.com").expect("a constant URL");
        Self { origin, form: GatewayPathStyle::default() }
    }
}
