//! A client by the `fetch` of a Worker.

use worker::Env;

use super::{ACCOUNT, BASE_URL, TOKEN, WorkersAiBuilder};
use crate::transport::{rest::parse_origin, secret::Secret};

impl WorkersAiBuilder {
    /// Takes from the variables and secrets of a Worker what is not set yet: `CLOUDFLARE_ACCOUNT_ID`, `CLOUDFLARE_API_TOKEN` and
    /// `WORKERS_AI_BASE_URL`.
    ///
    /// A Worker calls its own account by [its binding](crate::WorkersAi::from_binding), without a token. This is for another account.
    ///
    /// ```no_run
    /// use workers_ai::WorkersAi;
    ///
    /// fn client(env: &worker::Env) -> Result<WorkersAi, workers_ai::Error> {
    ///     WorkersAi::builder().with_worker_env(env).build()
    /// }
    /// ```
    pub fn with_worker_env(mut self, env: &Env) -> Self {
        let variable =
            |name: &str| env.var(name).ok().map(|value| value.to_string()).filter(|value| !value.trim().is_empty());
        self.account = self.account.or_else(|| variable(ACCOUNT));
        self.token = self.token.or_else(|| variable(TOKEN).map(Secret::new));
        self.base_url = self.base_url.or_else(|| variable(BASE_URL).map(|url| parse_origin(&url)));
        self
    }
}

#[cfg(not(feature = "rest"))]
impl WorkersAiBuilder {
    /// Creates the client, with an account at the API.
    #[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "on tokio it can fail, and reads settings")]
    pub(super) fn over_http(
        &self,
        api: crate::transport::rest::Api,
        _origin: &url::Url,
    ) -> Result<crate::WorkersAi, crate::error::ConfigError> {
        Ok(crate::WorkersAi::with_transport(crate::transport::Fetch::with_api(api)))
    }
}
