//! How a client over REST is set up.

use std::{env, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    Error, Rest, WorkersAi, error::ConfigError, gateway::GatewayHost, transport::ORIGIN, transport::retry::RetryPolicy,
    transport::secret::Secret,
};

const ACCOUNT: &str = "CLOUDFLARE_ACCOUNT_ID";
const TOKEN: &str = "CLOUDFLARE_API_TOKEN";
/// Longer than any model takes; without it, a connection that died silently would be waited for without end.
const LONGEST: Duration = Duration::from_mins(10);
const BASE_URL: &str = "WORKERS_AI_BASE_URL";

/// Sets up a [`WorkersAi`] over REST. What it makes runs on tokio.
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
    base_url: Option<String>,
    gateway_host: Option<GatewayHost>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    retry: RetryPolicy,
    headers: HeaderMap,
    /// The first header that cannot be used; told by `build`.
    fault: Option<ConfigError>,
    http: Option<reqwest::Client>,
}

impl WorkersAi {
    /// A client with what the environment says: `CLOUDFLARE_ACCOUNT_ID`, `CLOUDFLARE_API_TOKEN` and, where it is set,
    /// `WORKERS_AI_BASE_URL`.
    ///
    /// # Errors
    /// When one of them is missing or is not what it should be.
    pub fn from_env() -> Result<Self, Error> {
        WorkersAiBuilder::default().with_env().build()
    }

    /// Sets up a client.
    pub fn builder() -> WorkersAiBuilder {
        WorkersAiBuilder::default()
    }
}

impl WorkersAiBuilder {
    /// Takes what is not set yet from the environment.
    pub fn with_env(mut self) -> Self {
        let of = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
        self.account = self.account.or_else(|| of(ACCOUNT));
        self.token = self.token.or_else(|| of(TOKEN).map(Secret::new));
        self.base_url = self.base_url.or_else(|| of(BASE_URL));
        self
    }

    /// The account's id.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// An API token that may use Workers AI.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Where the API is: an origin. `/client/v4` is added to it. Fallbacks, which go to the gateway's own host, go to this origin as
    /// well, unless [`gateway_host`](WorkersAiBuilder::gateway_host) says otherwise.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sends calls that name a gateway to the gateway's own host, not through the API.
    pub fn gateway_host(mut self, host: GatewayHost) -> Self {
        self.gateway_host = Some(host);
        self
    }

    /// How long an attempt may take: until the end of the answer, or, of a stream, until its first event. Ten minutes unless said
    /// otherwise.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long the service may be silent in the middle of an answer, a stream's too. Ten minutes unless said otherwise. Not with
    /// [`WorkersAiBuilder::http_client`], which has its own.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = Some(timeout);
        self
    }

    /// How long a connection may take: ten seconds unless said otherwise. Not with [`WorkersAiBuilder::http_client`], which has its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// When calls are tried again.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// A header of every call. A call's own header of that name wins.
    ///
    /// `authorization` is refused by [`WorkersAiBuilder::build`]: it is what [`WorkersAiBuilder::token`] is for. Values are not shown by `Debug`.
    ///
    /// ```
    /// # fn f() -> Result<(), workers_ai::Error> {
    /// use workers_ai::WorkersAi;
    ///
    /// let ai = WorkersAi::builder().with_env().header("x-team", "search").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        match (HeaderName::try_from(&name), HeaderValue::try_from(value)) {
            (Ok(header::AUTHORIZATION), Ok(_)) => self.fault(ConfigError::Conflict(
                "the header `authorization` holds the token: set it with `WorkersAiBuilder::token`",
            )),
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            _ => self.fault(ConfigError::Header(name)),
        }
        self
    }

    fn fault(&mut self, fault: ConfigError) {
        self.fault.get_or_insert(fault);
    }

    /// The HTTP client to use. What it was set up with holds: its user agent, proxies and [`WorkersAiBuilder::connect_timeout`].
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// When the account or the token is missing, or something given cannot be used.
    pub fn build(self) -> Result<WorkersAi, Error> {
        let ResolvedConfig { account, token, origin, headers } = self.given()?;
        let http = match self.http {
            Some(http) => http,
            None => {
                let mut http = reqwest::Client::builder()
                    .user_agent(concat!("workers-ai-rust/", env!("CARGO_PKG_VERSION")))
                    // The API redirects nobody: what does so is something else, and must not have the tokens.
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(self.connect_timeout.unwrap_or(Duration::from_secs(10)))
                    .read_timeout(self.read_timeout.unwrap_or(LONGEST));
                if self.base_url.as_deref().is_some_and(is_local) {
                    http = http.no_proxy();
                }
                http.build().map_err(|error| ConfigError::Http(error.to_string()))?
            }
        };
        let mut rest = Rest::new(http, &origin, account, &token)?.with_headers(headers);
        if let Some(host) = self.gateway_host {
            rest = rest.with_gateway_host(host);
        }
        let mut ai = WorkersAi::with_transport(rest).with_retry(self.retry);
        ai.timeout = Some(self.timeout.unwrap_or(LONGEST));
        Ok(ai)
    }
}

/// What every client needs.
pub(crate) struct ResolvedConfig {
    pub(crate) account: String,
    pub(crate) token: Secret,
    pub(crate) origin: String,
    pub(crate) headers: HeaderMap,
}

impl WorkersAiBuilder {
    pub(crate) fn given(&self) -> Result<ResolvedConfig, ConfigError> {
        let account = self.account.clone().ok_or(ConfigError::Missing(ACCOUNT))?;
        let given = self.token.clone().filter(|token| !token.expose().trim().is_empty());
        let token = given.ok_or(ConfigError::Missing(TOKEN))?;
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let origin = self.base_url.as_deref().unwrap_or(ORIGIN).trim_end_matches('/');
        let origin = origin.strip_suffix("/client/v4").unwrap_or(origin).to_owned();
        Ok(ResolvedConfig { account, token, origin, headers: self.headers.clone() })
    }
}

/// Whether a URL is of this machine, where no proxy helps.
fn is_local(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|local| host.starts_with(local))
}
