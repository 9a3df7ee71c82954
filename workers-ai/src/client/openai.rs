//! A configuration for `async-openai`: the service's routes for the clients of another.

use async_openai::config::OpenAIConfig;
use http::{HeaderValue, header::InvalidHeaderValue};

use crate::{Error, WorkersAiBuilder, client::builder::ResolvedConfig, error::ConfigError};

impl WorkersAiBuilder {
    /// A configuration for `async-openai`, with this account, token and headers.
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
    /// As [`WorkersAiBuilder::build`].
    pub fn openai_config(self) -> Result<OpenAIConfig, Error> {
        let ResolvedConfig { account, token, origin, headers } = self.given()?;
        let base = format!("{}/client/v4/accounts/{account}/ai/v1", origin.trim_end_matches('/'));
        // What cannot be called is refused here, not at the first call.
        crate::Rest::new(reqwest::Client::new(), &origin, account, &token)?;
        let mut config = OpenAIConfig::new().with_api_base(base).with_api_key(token.expose());
        for (name, value) in &headers {
            config =
                config.with_header(name, Hidden(value.clone())).map_err(|_| ConfigError::Header(name.to_string()))?;
        }
        Ok(config)
    }
}

/// A header's value, which stays hidden from `Debug`: made of text it would not.
struct Hidden(HeaderValue);

impl TryFrom<Hidden> for HeaderValue {
    type Error = InvalidHeaderValue;

    fn try_from(hidden: Hidden) -> Result<Self, Self::Error> {
        Ok(hidden.0)
    }
}
