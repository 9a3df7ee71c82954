//! A client on tokio.

use std::{env, time::Duration};

use url::Url;

use super::{ACCOUNT, BASE_URL, DEFAULT_TIMEOUT, TOKEN, WorkersAiBuilder};
use crate::{
    Error, WorkersAi,
    error::ConfigError,
    transport::{
        Rest,
        rest::{Api, USER_AGENT, is_loopback, parse_origin},
        secret::Secret,
    },
};

const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A year. Far longer ones overflow the clock.
const MAX_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The settings of the HTTP client.
#[derive(Debug, Clone, Default)]
pub(super) struct HttpSettings {
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    /// The client itself, which then has settings of its own.
    client: Option<reqwest::Client>,
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

    /// Sets how long the service may be silent in the middle of a response or a stream. Default: 10 minutes. Not used with
    /// [`http_client`](WorkersAiBuilder::http_client), which has its own setting.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.http.read_timeout = Some(timeout);
        self
    }

    /// Sets how long connecting may take. Default: 10 seconds. Not used with [`http_client`](WorkersAiBuilder::http_client), which has
    /// its own setting.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = Some(timeout);
        self
    }

    /// Sets the HTTP client. Its own settings apply: user agent, proxies, timeouts for connecting and reading.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http.client = Some(http);
        self
    }

    /// Creates the client, with an account at the API.
    pub(super) fn over_http(&self, api: Api, origin: &Url) -> Result<WorkersAi, ConfigError> {
        let HttpSettings { connect_timeout, read_timeout, client } = self.http.clone();
        let http = match client {
            Some(http) => http,
            None => {
                check_tls(origin)?;
                let mut http = reqwest::Client::builder()
                    .user_agent(USER_AGENT)
                    // The API redirects nobody: whatever does is something else, and must not receive the token.
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(connect_timeout.unwrap_or(DEFAULT_CONNECT_TIMEOUT).min(MAX_TIMEOUT))
                    .read_timeout(read_timeout.unwrap_or(DEFAULT_TIMEOUT).min(MAX_TIMEOUT));
                if is_loopback(origin) {
                    http = http.no_proxy();
                }
                http.build().map_err(|error| ConfigError::Http(error.to_string()))?
            }
        };
        Ok(WorkersAi::with_transport(Rest::with_api(http, api)))
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
