//! Streams that ended early or could not be read.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use workers_ai_types::{chat::ToolCall, chat::Usage};

use super::{ApiError, TransportError};
use crate::{duration::text, reply::Meta};

/// A stream that ended early or could not be read. It holds everything that arrived before.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StreamError {
    /// The model that was called.
    pub model: String,
    /// The problem.
    pub kind: StreamErrorKind,
    /// The text that arrived before.
    pub text: String,
    /// The reasoning that arrived before.
    pub reasoning: String,
    /// The tool calls that were complete by then.
    pub tool_calls: Vec<ToolCall>,
    /// The tokens used until then, if the stream said so.
    pub usage: Option<Usage>,
    /// The IDs of the request and of the gateway's log, and what else is known of the call.
    pub meta: Meta,
    /// The loss of the connection, if that was the cause.
    pub cause: Option<Arc<TransportError>>,
}

/// A problem with a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamErrorKind {
    /// The service reported an error in the middle.
    Service(Box<ApiError>),
    /// The stream ended with neither a finish reason nor `[DONE]`.
    Truncated,
    /// An event is not JSON.
    InvalidJson(String),
    /// An event is larger than any that the service sends.
    TooLarge,
    /// Nothing but pings and comments arrived for [longer than allowed](crate::transport::ResponseLimits::between_events).
    Silent(Duration),
    /// The stream took [longer than allowed](crate::transport::ResponseLimits::whole_stream).
    TooLong(Duration),
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.model)?;
        match &self.kind {
            StreamErrorKind::Service(response) => {
                let characters = self.text.chars().count();
                write!(f, "the stream failed after {characters} characters of text: ")?;
                response.fmt_after_model(f)
            }
            StreamErrorKind::Truncated => {
                write!(f, "the stream was cut off after {} characters of text", self.text.chars().count())
            }
            StreamErrorKind::InvalidJson(event) => {
                let head: String = event.chars().take(80).collect();
                write!(f, "the stream contains an event that is not JSON: {head:?}")
            }
            StreamErrorKind::TooLarge => f.write_str("the stream contains an event that is too large"),
            StreamErrorKind::Silent(limit) => write!(f, "the stream sent no event for {}", text(*limit)),
            StreamErrorKind::TooLong(limit) => write!(f, "the stream was not complete after {}", text(*limit)),
        }
    }
}

impl StdError for StreamError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.kind {
            StreamErrorKind::Service(response) => Some(&**response),
            _ => self.cause.as_deref().map(|cause| cause as _),
        }
    }
}
