//! Failed requests.

use std::time::Duration;

use reqwest::StatusCode;

/// A failed request.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No response, or an interrupted one.
    #[error("{0}")]
    Transport(String),
    /// An unsuccessful status.
    #[error("the server responded with {status}{message}")]
    Status {
        /// The status.
        status: StatusCode,
        /// The message of the body, after a colon.
        message: String,
        /// The server's `Retry-After`.
        wait: Option<Duration>,
    },
    /// A `Retry-After` that is too long.
    #[error("the server responded with {status} and asks to wait {} s; try again later", wait.as_secs())]
    Busy {
        /// The status.
        status: StatusCode,
        /// The server's `Retry-After`.
        wait: Duration,
    },
    /// A response over the size limit.
    #[error("the response is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Unexpected content.
    #[error("{cause}")]
    Content {
        /// A description of the problem.
        cause: String,
        /// Set if the response may have been truncated.
        cut: bool,
    },
}

impl FetchError {
    /// Returns `true` if a retry may succeed.
    pub(super) fn passing(&self) -> bool {
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
