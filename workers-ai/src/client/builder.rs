//! The setup of a client over REST.

use std::{env, time::Duration};

use http::HeaderValue;
use url::Url;

use super::WorkersAi;
use crate::{
    Error,
    call::header,
    error::ConfigError,
    gateway::GatewayHost,
    transport::{
        Headers, Rest,
        rest::{ORIGIN, check_encrypted, is_loopback, parse_origin},
        retry::RetryPolicy,
        secret::Secret,
    },
};

const ACCOUNT: &str = "CLOUDFLARE_ACCOUNT_ID";
const TOKEN: &str = "CLOUDFLARE_API_TOKEN";
const BASE_URL: &str = "WORKERS_AI_BASE_URL";
/// Longer than any model takes. Without a timeout, a connection that died silently would be waited for forever.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A year. Far longer ones overflow the clock.
const MAX_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Builds a [`WorkersAi`] over REST, on tokio.
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
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    retry: RetryPolicy,
    headers: Headers,
    /// The first invalid header, reported by `build`.
    invalid: Option<ConfigError>,
    http: Option<reqwest::Client>,
    allow_plain_http: bool,
}

impl WorkersAi {
    /// Creates a client from the environment: `CLOUDFLARE_ACCOUNT_ID`, `CLOUDFLARE_API_TOKEN` and, if it is set,
    /// `WORKERS_AI_BASE_URL`.
    ///
    /// # Errors
    /// Fails if one of the first two is missing, or one of them is invalid.
    pub fn from_env() -> Result<Self, Error> {
        WorkersAiBuilder::default().with_env().build()
    }

    /// Builds a client over REST.
    pub fn builder() -> WorkersAiBuilder {
        WorkersAiBuilder::default()
    }
}

impl WorkersAiBuilder {
    /// Takes from the environment what is not set yet: `CLOUDFLARE_ACCOUNT_ID`, `CLOUDFLARE_API_TOKEN` and `WORKERS_AI_BASE_URL`.
    pub fn with_env(mut self) -> Self {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
        self.account = self.account.or_else(|| variable(ACCOUNT));
        self.token = self.token.or_else(|| variable(TOKEN).map(Secret::new));
        self.base_url = self.base_url.or_else(|| variable(BASE_URL).map(|url| parse_origin(&url)));
        self
    }

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

    /// Sets how long the service may be silent in the middle of a response or a stream. Default: 10 minutes. Not used with
    /// [`http_client`](WorkersAiBuilder::http_client), which has its own setting.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// Sets how long connecting may take. Default: 10 seconds. Not used with [`http_client`](WorkersAiBuilder::http_client), which has
    /// its own setting.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
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

    /// Sets the HTTP client. Its own settings apply: user agent, proxies, timeouts for connecting and reading.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// Fails if the account ID or the token is missing, or if a setting is invalid.
    pub fn build(self) -> Result<WorkersAi, Error> {
        let ResolvedConfig { account, token, origin, headers } = self.resolve()?;
        let http = match self.http {
            Some(http) => http,
            None => {
                check_tls(&origin)?;
                let mut http = reqwest::Client::builder()
                    .user_agent(concat!("workers-ai-rust/", env!("CARGO_PKG_VERSION")))
                    // The API redirects nobody: whatever does is something else, and must not receive the token.
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(self.connect_timeout.unwrap_or(DEFAULT_CONNECT_TIMEOUT).min(MAX_TIMEOUT))
                    .read_timeout(self.read_timeout.unwrap_or(DEFAULT_TIMEOUT).min(MAX_TIMEOUT));
                if is_loopback(&origin) {
                    http = http.no_proxy();
                }
                http.build().map_err(|error| ConfigError::Http(error.to_string()))?
            }
        };
        let rest = Rest::new_allowing_plain_http(http, origin.as_str(), account, &token)?;
        let mut rest = rest.with_headers(headers);
        if let Some(host) = self.gateway_host {
            rest = rest.with_gateway_host(host);
        }
        let mut ai = WorkersAi::with_transport(rest).with_retry(self.retry);
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
        Rest::authorization(&account, &token, &origin)?;
        if !self.allow_plain_http {
            check_encrypted(&origin)?;
        }
        Ok(ResolvedConfig { account, token, origin, headers: self.headers.clone() })
    }
}

/// Checks that an HTTP client can be made that speaks TLS, if the origin asks for it.
fn check_tls(origin: &Url) -> Result<(), ConfigError> {
    const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"));
    if origin.scheme() == "https" && !HAS_TLS {
        return Err(ConfigError::Http(
            "an https URL needs one of the features `rustls`, `rustls-no-provider` and `native-tls`, or a client of your own \
             (`.http_client(…)`)"
                .to_owned(),
        ));
    }
    // Without one, reqwest panics, whatever the origin.
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls"), not(feature = "native-tls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(ConfigError::Http(
            "rustls has no cryptography provider: install one first, with `CryptoProvider::install_default`".to_owned(),
        ));
    }
    Ok(())
}
