//! Getting one answer from a server: bounded, tried again where that helps, and with a clear word for what is wrong with it.

use std::{error::Error as _, fmt::Write as _, time::Duration};

use backon::{ExponentialBuilder, Retryable};
use reqwest::{StatusCode, Url, header, redirect};

use super::{reply::Reply, secret::Secret};

/// How a client behaves.
#[derive(Debug, Clone)]
pub struct Behaviour {
    /// How many times a failed request is repeated.
    pub retries: usize,
    /// The pause before the first repetition; it doubles with every further one.
    pub pause: Duration,
    /// The longest pause that a server may ask for.
    pub patience: Duration,
    /// The size of an answer that is too large, in bytes.
    pub most: usize,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            retries: 4,
            pause: Duration::from_millis(500),
            patience: Duration::from_secs(2 * 60),
            most: 64 * 1024 * 1024,
        }
    }
}

/// What was wrong with an answer, or with the way to it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No answer, or half of one.
    #[error("{0}")]
    Transport(String),
    /// A status that is no success.
    #[error("the server answered {status}{message}")]
    Status {
        /// The status.
        status: StatusCode,
        /// What the body said, after a colon.
        message: String,
        /// How long the server asks to wait.
        wait: Option<Duration>,
    },
    /// The server asks to wait longer than anybody would.
    #[error("the server answered {status} and asks to wait {} s; try again later", wait.as_secs())]
    Busy {
        /// The status.
        status: StatusCode,
        /// How long it asks to wait.
        wait: Duration,
    },
    /// More bytes than a catalog has.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// An answer that does not say what it should.
    #[error("{cause}")]
    Content {
        /// What is wrong with it.
        cause: String,
        /// Whether it may just have been cut off.
        cut: bool,
    },
}

impl Fault {
    fn passing(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Status { status, .. } => {
                matches!(*status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
                    || status.is_server_error()
            }
            Self::Content { cut, .. } => *cut,
            Self::Busy { .. } | Self::TooLarge { .. } => false,
        }
    }
}

/// A client for one server.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    token: Option<Secret>,
    behaviour: Behaviour,
}

impl Client {
    /// A client that sends the token, if there is one, with every request.
    ///
    /// # Errors
    /// When TLS cannot be set up.
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
        Ok(Self { http, token, behaviour })
    }

    /// The answer of an address, read by `read`.
    ///
    /// # Errors
    /// With the address and what was wrong at the last attempt.
    pub async fn get<T>(&self, url: &Url, read: impl Fn(&Reply) -> Result<T, String>) -> Result<T, String> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.behaviour.pause)
            .with_max_delay(Duration::from_secs(20))
            .with_max_times(self.behaviour.retries)
            .with_jitter();
        let attempt = || async {
            let reply = Reply::parse(&self.body(url).await?)?;
            read(&reply).map_err(|cause| Fault::Content { cause, cut: false })
        };
        let found = attempt.retry(pauses).when(Fault::passing).adjust(|fault, pause| match fault {
            Fault::Status { wait: Some(wait), .. } => pause.map(|_| *wait),
            _ => pause,
        });
        found.await.map_err(|fault| self.hide(&format!("GET {url}: {fault}")))
    }

    fn hide(&self, text: &str) -> String {
        self.token.as_ref().map_or_else(|| text.to_owned(), |token| token.hide(text))
    }

    async fn body(&self, url: &Url) -> Result<String, Fault> {
        let mut request = self.http.get(url.clone()).header(header::ACCEPT, "application/json");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.reveal());
        }
        let mut response = request.send().await.map_err(|e| transport(&e))?;
        let limit = self.behaviour.most;
        let status = response.status();
        if status.is_success() && response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(Fault::TooLarge { limit });
        }
        let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?));
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > limit => return Err(Fault::TooLarge { limit }),
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => break,
                // What an error answer goes on to say is not worth another fault.
                Err(_) if !status.is_success() => break,
                Err(e) => return Err(transport(&e)),
            }
        }
        if status.is_success() {
            let text = String::from_utf8(bytes)
                .map_err(|_| Fault::Content { cause: "the answer is not UTF-8".to_owned(), cut: false })?;
            // Facts are never edited: an answer that gives the token away is refused as a whole.
            if self.token.as_ref().is_some_and(|token| token.is_in(&text)) {
                return Err(Fault::Content { cause: "the answer repeats the API token".to_owned(), cut: false });
            }
            return Ok(text);
        }
        let text = self.hide(&String::from_utf8_lossy(&bytes));
        match wait {
            Some(wait) if wait > self.behaviour.patience => Err(Fault::Busy { status, wait }),
            _ => Err(Fault::Status { status, message: refusal(status, &text), wait }),
        }
    }
}

/// What the body of an error says, as the end of a sentence.
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

fn transport(error: &reqwest::Error) -> Fault {
    Fault::Transport(chain(error))
}

/// An error and its causes on one line, without the address that is named anyway.
fn chain(error: &reqwest::Error) -> String {
    let what = match () {
        () if error.is_connect() => "cannot connect",
        () if error.is_timeout() => "no answer in time",
        () if error.is_body() || error.is_decode() => "the answer broke off",
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

/// The pause that `Retry-After` asks for, given in seconds or as a date.
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

    use super::retry_after;

    #[test]
    fn retry_after_is_a_count_of_seconds_or_a_date() {
        assert_eq!(retry_after("7"), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let far = retry_after("Wed, 21 Oct 2065 07:28:00 GMT").unwrap();
        assert!(far > Duration::from_secs(24 * 60 * 60));
        assert_eq!(retry_after("soon"), None);
    }
}
