//! HTTP requests with a size limit, retries and precise errors.

use std::{error::Error as _, fmt::Write as _, net::IpAddr, time::Duration};

use backon::{ExponentialBuilder, Retryable};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::{StatusCode, Url, header, redirect};

use super::{fetch_error::FetchError, reply::Reply, secret::Secret};

/// Retries and limits of a client.
#[derive(Debug, Clone)]
pub struct Behaviour {
    /// The number of retries.
    pub retries: usize,
    /// The pause before the first retry; it doubles with every further one.
    pub pause: Duration,
    /// The longest `Retry-After` that is respected.
    pub patience: Duration,
    /// The largest accepted response, in bytes.
    pub max_size: usize,
    /// The time for the whole catalog.
    pub deadline: Duration,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            retries: 4,
            pause: Duration::from_millis(500),
            patience: Duration::from_secs(2 * 60),
            max_size: 64 * 1024 * 1024,
            deadline: Duration::from_secs(15 * 60),
        }
    }
}

/// A client for one server.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    /// Shows that something arrives.
    progress: ProgressBar,
    token: Option<Secret>,
    behaviour: Behaviour,
}

impl Client {
    /// Creates a client that sends the token, if there is one, with every request.
    ///
    /// # Errors
    /// Returns an error if TLS cannot be set up.
    pub fn new(token: Option<Secret>, behaviour: Behaviour) -> Result<Self, String> {
        let redirects = redirect::Policy::custom(|attempt| {
            let from_https = attempt.previous().last().is_some_and(|url| url.scheme() == "https");
            if attempt.previous().len() > 4 || (from_https && attempt.url().scheme() != "https") {
                attempt.stop()
            } else {
                attempt.follow()
            }
        });
        let http = reqwest::Client::builder()
            .user_agent(concat!("workers-ai-xtask/", env!("CARGO_PKG_VERSION")))
            .redirect(redirects)
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(60))
            .build()
            .map_err(|e| chain(&e))?;
        // Drawn only if standard error is a terminal.
        let style = ProgressStyle::with_template("{spinner} {elapsed} {bytes} {prefix} {msg}");
        let progress =
            ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Ok(Self { http, progress, token, behaviour })
    }

    /// Fetches a URL and parses the response with `read`.
    ///
    /// # Errors
    /// Returns the URL and the error of the last attempt.
    pub async fn get<T>(&self, url: &Url, read: impl Fn(&Reply) -> Result<T, String>) -> Result<T, String> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.behaviour.pause)
            .with_max_delay(Duration::from_secs(20))
            .with_max_times(self.behaviour.retries)
            .with_jitter();
        if self.token.is_some() && !is_encrypted(url) {
            return Err(format!(
                "GET {url}: the API token would travel unencrypted; use https, or leave the token unset"
            ));
        }
        let attempt = || async {
            let reply = Reply::parse(&self.body(url).await?)?;
            read(&reply).map_err(|cause| FetchError::Content { cause, cut: false })
        };
        let found = attempt.retry(pauses).when(FetchError::passing).adjust(|error, pause| match error {
            FetchError::Status { wait: Some(wait), .. } => pause.map(|_| *wait),
            _ => pause,
        });
        found.await.map_err(|error| self.hide(&format!("GET {url}: {error}")))
    }

    /// Shows how many models have been read.
    pub fn show(&self, read: usize, all: usize) {
        self.progress.set_prefix(format!("{read} of {all} models"));
    }

    fn hide(&self, text: &str) -> String {
        self.token.as_ref().map_or_else(|| text.to_owned(), |token| token.hide(text))
    }

    async fn body(&self, url: &Url) -> Result<String, FetchError> {
        self.progress.set_message(url.path().to_owned());
        let mut request = self.http.get(url.clone()).header(header::ACCEPT, "application/json");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.reveal());
        }
        let mut response = request.send().await.map_err(|e| transport(&e))?;
        let limit = self.behaviour.max_size;
        let status = response.status();
        if status.is_success() && response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(FetchError::TooLarge { limit });
        }
        let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?));
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > limit => return Err(FetchError::TooLarge { limit }),
                Ok(Some(chunk)) => {
                    self.progress.inc(chunk.len() as u64);
                    bytes.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                // The rest of an error response is not worth an error of its own.
                Err(_) if !status.is_success() => break,
                Err(e) => return Err(transport(&e)),
            }
        }
        if status.is_success() {
            let text = String::from_utf8(bytes)
                .map_err(|_| FetchError::Content { cause: "the response is not UTF-8".to_owned(), cut: false })?;
            // Facts are never edited, so a response that contains the token is rejected as a whole.
            if self.token.as_ref().is_some_and(|token| token.is_in(&text)) {
                return Err(FetchError::Content {
                    cause: "the response contains the API token".to_owned(),
                    cut: false,
                });
            }
            return Ok(text);
        }
        let text = self.hide(&String::from_utf8_lossy(&bytes));
        match wait {
            Some(wait) if wait > self.behaviour.patience => Err(FetchError::Busy { status, wait }),
            _ => Err(FetchError::Status { status, message: refusal(status, &text), wait }),
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.progress.finish_and_clear();
    }
}

/// Returns `true` if nobody on the way can read a request to this URL.
fn is_encrypted(url: &Url) -> bool {
    let is_this_machine = |host: &str| {
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    };
    url.scheme() == "https" || url.host_str().is_some_and(is_this_machine)
}

/// Returns the error message of a body, as the end of a sentence.
fn refusal(status: StatusCode, text: &str) -> String {
    let mut message = match Reply::parse(text) {
        Ok(reply) => reply.complaint().map(|complaint| format!(": {complaint}")).unwrap_or_default(),
        Err(_) => String::new(),
    };
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        message.push_str("; check CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID");
    }
    message
}

fn transport(error: &reqwest::Error) -> FetchError {
    FetchError::Transport(chain(error))
}

/// Returns an error and its causes on one line, without the URL, which the caller adds.
fn chain(error: &reqwest::Error) -> String {
    let what = match () {
        () if error.is_connect() => "cannot connect",
        () if error.is_timeout() => "the request timed out",
        () if error.is_body() || error.is_decode() => "the response was interrupted",
        () => "the request failed",
    };
    let mut text = what.to_owned();
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.source().is_none() {
            let _ = write!(text, ": {inner}");
        }
        cause = inner.source();
    }
    text
}

/// Parses `Retry-After`, given in seconds or as a date.
fn retry_after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()?;
    Some(Duration::try_from(date.duration_since(jiff::Timestamp::now())).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{is_encrypted, retry_after};

    #[test]
    fn a_token_travels_encrypted_or_stays_on_this_machine() {
        for url in ["https://example.test", "http://localhost:8787/a", "http://127.0.0.1", "http://[::1]:80"] {
            assert!(is_encrypted(&url.parse().unwrap()), "{url}");
        }
        for url in
            ["http://example.test", "http://localhost.example.test", "http://127.0.0.1.example.test", "http://10.0.0.1"]
        {
            assert!(!is_encrypted(&url.parse().unwrap()), "{url}");
        }
    }

    #[test]
    fn retry_after_is_a_count_of_seconds_or_a_date() {
        assert_eq!(retry_after("7"), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let far = retry_after("Wed, 21 Oct 2065 07:28:00 GMT").unwrap();
        assert!(far > Duration::from_secs(24 * 60 * 60));
        assert_eq!(retry_after("soon"), None);
    }
}
