//! The setup of a client over REST.

#[cfg(feature = "rest")]
mod tokio;
#[cfg(feature = "worker")]
mod worker;

use std::time::Duration;

use http::HeaderValue;
use url::Url;

use super::WorkersAi;
use crate::{
    Error,
    call::header,
    error::ConfigError,
    gateway::GatewayHost,
    transport::{
        Headers,
        rest::{Api, ORIGIN, check_encrypted, is_loopback, parse_origin},
        retry::RetryPolicy,
        secret::Secret,
    },
};

const ACCOUNT: &str = "CLOUDFLARE_ACCOUNT_ID";
const TOKEN: &str = "CLOUDFLARE_API_TOKEN";
const BASE_URL: &str = "WORKERS_AI_BASE_URL";
/// The account and the token that the local Workers AI has by default.
const LOCAL_ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
const LOCAL_TOKEN: &str = "local-token";
/// Longer than any model takes. Without a timeout, a connection that died silently would be waited for forever.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

/// Builds a [`WorkersAi`] over REST: on tokio with the feature `rest`, else by the `fetch` of a Worker.
///
/// ```
/// # fn f() -> Result<(), workers_ai::Error> {
/// use std::time::Duration;
/// use workers_ai::{RetryPolicy, WorkersAi};
///
/// let ai = WorkersAi::builder()
///     .account("0123456789abcdef0123456789abcdef")
///     .token("the token")
///     .timeout(Duration::from_secs(60))
///     .retry(RetryPolicy::default().max_attempts(3))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct WorkersAiBuilder {
    account: Option<String>,
    token: Option<Secret>,
    /// Parsed here, so that `Debug` prints no password in it.
    base_url: Option<Result<Url, ConfigError>>,
    gateway_host: Option<GatewayHost>,
    timeout: Option<Duration>,
    retry: RetryPolicy,
    headers: Headers,
    /// The first invalid header, reported by `build`.
    invalid: Option<ConfigError>,
    allow_plain_http: bool,
    #[cfg(feature = "rest")]
    http: self::tokio::HttpSettings,
}

impl WorkersAi {
    /// Builds a client over REST: on tokio with the feature `rest`, else by the `fetch` of a Worker.
    pub fn builder() -> WorkersAiBuilder {
        WorkersAiBuilder::default()
    }

    /// Creates a client of a local Workers AI: the crate `workers-ai-sim`, for tests and first steps.
    ///
    /// ```
    /// # #[cfg(feature = "rest")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// pub struct Llama;
    ///
    /// let sim = workers_ai_sim::start().await?;
    /// let ai = WorkersAi::local(sim.url())?;
    ///
    /// sim.answer(Llama.id(), "It scatters in the air.")?;
    /// let reply = ai.run(Llama, Llama::input().messages([user("Why is the sky blue?")])).await?;
    /// assert_eq!(reply.text(), "It scatters in the air.");
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "rest"))]
    /// # fn main() {}
    /// ```
    ///
    /// The client has the account `0123456789abcdef0123456789abcdef` and the token `local-token`, as the server has by default. For
    /// another account or token, use [`WorkersAi::builder`].
    ///
    /// # Errors
    /// Fails if the URL is invalid, or not one of this machine (`localhost`, `127.0.0.1`, `[::1]`).
    pub fn local(url: impl AsRef<str>) -> Result<Self, Error> {
        let origin = parse_origin(url.as_ref())?;
        if !is_loopback(&origin) {
            return Err(ConfigError::NotLocal { url: origin.as_str().trim_end_matches('/').to_owned() }.into());
        }
        Self::builder().base_url(origin).account(LOCAL_ACCOUNT).token(LOCAL_TOKEN).build()
    }
}

impl WorkersAiBuilder {
    /// Sets the account ID.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets an API token with access to Workers AI.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the origin of the API, to which `/client/v4` is appended. Fallbacks, which go to the gateway's own host, go to this origin
    /// as well unless [`gateway_host`](WorkersAiBuilder::gateway_host) is set.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base_url = Some(parse_origin(url.as_ref()));
        self
    }

    /// Allows a [base URL](WorkersAiBuilder::base_url) with `http://` on another machine. Everyone on the way can then read the token and
    /// use the account. This machine itself (`localhost`, `127.0.0.1`, `[::1]`) is always allowed.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Sends calls that name a gateway to the gateway's own host instead of the API.
    pub fn gateway_host(mut self, host: GatewayHost) -> Self {
        self.gateway_host = Some(host);
        self
    }

    /// Sets how long an attempt may take: until the end of the response or, for a stream, until its first event. Default: 10 minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the policy for retries.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Adds a header to every call, unless the call has its own header of that name. `Debug` does not print the value.
    ///
    /// [`build`](WorkersAiBuilder::build) refuses `authorization`: use [`token`](WorkersAiBuilder::token).
    ///
    /// ```
    /// # fn f() -> Result<(), workers_ai::Error> {
    /// use workers_ai::WorkersAi;
    ///
    /// let ai = WorkersAi::builder().with_env().header("x-team", "search").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn header<V>(mut self, name: impl AsRef<str>, value: V) -> Self
    where
        V: TryInto<HeaderValue, Error: std::fmt::Display>,
    {
        let name = name.as_ref();
        let added = if name.eq_ignore_ascii_case("authorization") {
            Err(ConfigError::Conflict(
                "the header `authorization` carries the token: set it with `WorkersAiBuilder::token`",
            ))
        } else {
            header::set(&mut self.headers, name, value.try_into())
        };
        if let Err(error) = added {
            self.invalid.get_or_insert(error);
        }
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// Fails if the account ID or the token is missing, or if a setting is invalid.
    pub fn build(self) -> Result<WorkersAi, Error> {
        let ResolvedConfig { account, token, origin, headers } = self.resolve()?;
        let mut api = Api::new_allowing_plain_http(origin.as_str(), account, &token)?.with_headers(headers);
        if let Some(host) = self.gateway_host.clone() {
            api = api.with_gateway_host(host);
        }
        let mut ai = self.over_http(api, &origin)?.with_retry(self.retry);
        ai.timeout = Some(self.timeout.unwrap_or(DEFAULT_TIMEOUT));
        Ok(ai)
    }
}

/// Everything that a client needs, with the defaults filled in.
pub(crate) struct ResolvedConfig {
    pub(crate) account: String,
    pub(crate) token: Secret,
    pub(crate) origin: Url,
    pub(crate) headers: Headers,
}

impl WorkersAiBuilder {
    pub(crate) fn resolve(&self) -> Result<ResolvedConfig, ConfigError> {
        let account = self.account.clone().ok_or(ConfigError::MissingAccount)?;
        let token = self.token.clone().filter(|token| !token.expose().trim().is_empty());
        let token = token.ok_or(ConfigError::MissingToken)?;
        if let Some(error) = &self.invalid {
            return Err(error.clone());
        }
        let origin = self.base_url.clone().unwrap_or_else(|| parse_origin(ORIGIN))?;
        Api::authorization(&account, &token, &origin)?;
        if !self.allow_plain_http {
            check_encrypted(&origin)?;
        }
        Ok(ResolvedConfig { account, token, origin, headers: self.headers.clone() })
    }
}
