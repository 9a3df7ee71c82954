//! A configuration for `async-openai`: the service's OpenAI-compatible routes.

use async_openai::config::OpenAIConfig;
use http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};

use super::builder::{ResolvedConfig, WorkersAiBuilder};
use crate::{Error, error::ConfigError};

impl WorkersAiBuilder {
    /// Builds a configuration for `async-openai`, with this account, token and headers.
    ///
    /// Calls made with it are that crate's own: chat, embeddings and responses, without the types and checks of this one.
    ///
    /// ```
    /// # fn f() -> Result<(), workers_ai::Error> {
    /// use workers_ai::WorkersAi;
    ///
    /// let config = WorkersAi::builder().with_env().openai_config()?;
    /// let client = async_openai::Client::with_config(config);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails as [`build`](WorkersAiBuilder::build) does.
    pub fn openai_config(self) -> Result<OpenAIConfig, Error> {
        let ResolvedConfig { account, token, origin, headers } = self.resolve()?;
        let origin = origin.as_str().trim_end_matches('/');
        let base = format!("{origin}/client/v4/accounts/{account}/ai/v1");
        let mut config = OpenAIConfig::new().with_api_base(base).with_api_key(token.expose());
        for (name, value) in &HeaderMap::from(headers) {
            let hidden = config.with_header(name, Hidden(value.clone()));
            config = hidden.map_err(|_| ConfigError::HeaderName(name.to_string()))?;
        }
        Ok(config)
    }
}

/// The value of a header. Converted from text, it would no longer be hidden from `Debug`.
struct Hidden(HeaderValue);

impl TryFrom<Hidden> for HeaderValue {
    type Error = InvalidHeaderValue;

    fn try_from(hidden: Hidden) -> Result<Self, Self::Error> {
        Ok(hidden.0)
    }
}
