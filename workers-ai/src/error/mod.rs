//! What can go wrong, by phase, each with its evidence.

pub(crate) mod gateway;
mod http_date;
pub(crate) mod parse;

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::StatusCode;
use workers_ai_types::{DecodeError, EncodeError, ErrorCode, InvalidInput, RetryClass, ToolCall, Usage};

use crate::{
    error::gateway::GatewayError,
    reply::{Meta, RawReply},
    transport::TransportError,
};

/// Why a call failed.
///
/// ```
/// # fn f(error: workers_ai::Error) {
/// use workers_ai::{Error, ErrorCode};
///
/// match error {
///     Error::InvalidInput(invalid) => println!("fix the input: {invalid}"),
///     error if error.code() == Some(ErrorCode::DailyQuota) => println!("enough for today"),
///     error if error.is_retryable() => println!("later, perhaps: {error}"),
///     error => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input breaks the model's rules; nothing was sent.
    #[error(transparent)]
    InvalidInput(#[from] InvalidInput),
    /// The input cannot be written; nothing was sent.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// By estimate, the input and the answer that it allows do not fit the model; nothing was sent. Only where a client is
    /// [told to check](crate::WorkersAi::with_context_check).
    #[error(
        "{model}: about {input_tokens} tokens in and up to {output_tokens} out do not fit its {limit}; shorten the input"
    )]
    ContextExceeded {
        /// The model.
        model: String,
        /// How many tokens it takes.
        limit: u64,
        /// How many the input has, by estimate.
        input_tokens: u64,
        /// How many of the answer count towards the limit.
        output_tokens: u64,
    },
    /// The client is set up wrongly; nothing was sent.
    #[error(transparent)]
    Configuration(#[from] ConfigError),
    /// The request or its answer was lost on the way.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// The service answered that it cannot.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The gateway refused: guardrails, data loss prevention, billing, its own limits.
    #[error(transparent)]
    Gateway(Box<GatewayError>),
    /// The answer is not what the model is said to answer.
    #[error("{model}: {source}")]
    Decode {
        /// The model.
        model: String,
        /// What is wrong; it keeps the body.
        source: Box<DecodeError>,
        /// The HTTP status that it came with.
        status: StatusCode,
        /// What is known of the call: the ids of the request and of the gateway's log, among others.
        meta: Box<Meta>,
    },
    /// A part of a batch was queued before this happened.
    #[error("only a part of the batch was queued: {source}")]
    PartiallyQueued {
        /// The handle of that part, written as JSON: it reads into a [`BatchJob`](crate::BatchJob).
        queued: String,
        /// What happened then.
        source: Box<Error>,
    },
    /// An adapter was made before this happened, but has not both of its files.
    #[error("the adapter {id} was made, but its files were not uploaded: {source}")]
    PartiallyMade {
        /// Its id, for [`upload_finetune`](crate::WorkersAi::upload_finetune).
        id: String,
        /// What happened then.
        source: Box<Error>,
    },
    /// A model went on calling tools.
    #[error("{model}: no answer after {rounds} rounds of tool calls")]
    TooManyRounds {
        /// The model.
        model: String,
        /// How often it was called.
        rounds: u32,
        /// The tokens that all rounds took, where the answers say so.
        usage: Option<Box<Usage>>,
    },
    /// A stream ended too early or cannot be read.
    #[error(transparent)]
    Stream(Box<StreamError>),
}

/// A client that is set up wrongly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Something that a client cannot do without is not given.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// The account's id is none.
    #[error("`{0}` is no account id")]
    Account(String),
    /// The token holds characters that cannot be sent.
    #[error("the token holds characters that no token has")]
    Token,
    /// A base URL is none.
    #[error("`{url}` is no base URL: {cause}")]
    BaseUrl {
        /// The URL.
        url: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A header cannot be sent.
    #[error("`{0}` is no header that can be sent")]
    Header(String),
    /// An option of a gateway is out of its limits.
    #[error("gateway option `{option}`: {cause}")]
    Gateway {
        /// The option.
        option: &'static str,
        /// What is wrong with it.
        cause: String,
    },
    /// A tag is out of its limits.
    #[error("tags: {0}")]
    Tags(String),
    /// The files of an adapter are not what the service takes.
    #[error("finetune: {0}")]
    Finetune(String),
    /// Two things that exclude each other.
    #[error("{0}")]
    Conflict(&'static str),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Http(String),
}

/// An answer of the service that says that it cannot.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The model that was called.
    pub model: String,
    /// The HTTP status.
    pub status: StatusCode,
    /// The service's code, where the answer gives one.
    pub code: Option<ErrorCode>,
    /// The service's message, without the prefixes that nest in it.
    pub message: String,
    /// The body as it came.
    pub body: Bytes,
    /// What `Retry-After` asks for.
    pub retry_after: Option<Duration>,
    /// The id of the request, for Cloudflare's support.
    pub request_id: Option<String>,
    /// The gateway's log of the call.
    pub log_id: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
}

impl ApiError {
    /// Whether the same request can succeed later. A known code decides; then HTTP 401, 403, 404, 405 and 501, which waiting
    /// does not mend; then `Retry-After`, then the status.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        if let Some(class) = self.code.and_then(ErrorCode::retry_class) {
            return class;
        }
        if self.message.contains("JSON Mode couldn't be met") {
            return RetryClass::Once;
        }
        if matches!(self.status.as_u16(), 401 | 403 | 404 | 405 | 501) {
            return RetryClass::Never;
        }
        let again = self.retry_after.is_some()
            || matches!(self.status.as_u16(), 408 | 409 | 429)
            || self.status.is_server_error();
        if again { RetryClass::Backoff } else { RetryClass::Never }
    }

    /// When it makes sense to try again, where the service or the kind of error says so.
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        const DAY: u64 = 24 * 3600;
        let now = SystemTime::now();
        if self.retry_class() == RetryClass::NextDay {
            let today = now.duration_since(UNIX_EPOCH).ok()?.as_secs() / DAY;
            return Some(UNIX_EPOCH + Duration::from_secs((today + 1) * DAY));
        }
        // A time that no clock knows is none.
        now.checked_add(self.retry_after?)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.model)?;
        match self.code {
            Some(code) => write!(f, "error {code} (HTTP {})", self.status.as_u16())?,
            None => write!(f, "HTTP {}", self.status.as_u16())?,
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(advice) = self.code.map(ErrorCode::advice).filter(|advice| !advice.is_empty()) {
            write!(f, "; {advice}")?;
        }
        if self.attempts > 1 {
            write!(f, " ({} attempts)", self.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("model", &self.model)
            .field("status", &self.status.as_u16())
            .field("code", &self.code)
            .field("message", &self.message)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("retry_after", &self.retry_after)
            .field("request_id", &self.request_id)
            .field("log_id", &self.log_id)
            .field("attempts", &self.attempts)
            .finish()
    }
}

impl std::error::Error for ApiError {}

/// A stream that ended too early or cannot be read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StreamError {
    /// The model that was called.
    pub model: String,
    /// What is wrong.
    pub kind: StreamErrorKind,
    /// The text that came before.
    pub text: String,
    /// What the model thought before.
    pub reasoning: String,
    /// The calls of tools that were whole by then.
    pub tool_calls: Vec<ToolCall>,
    /// The tokens it took until then, where the stream said so.
    pub usage: Option<Usage>,
    /// What broke the connection, where it broke.
    pub cause: Option<String>,
    /// What is known of the call: the ids of the request and of the gateway's log, among others.
    pub meta: Meta,
}

/// What is wrong with a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamErrorKind {
    /// It ended with neither a reason nor `[DONE]`.
    Truncated,
    /// A frame is not JSON.
    InvalidJson(String),
    /// A frame is larger than any the service sends.
    TooLarge,
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.model)?;
        match &self.kind {
            StreamErrorKind::Truncated => {
                write!(f, "the stream was cut off after {} characters of text", self.text.chars().count())?;
                self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            StreamErrorKind::InvalidJson(frame) => {
                let head: String = frame.chars().take(80).collect();
                write!(f, "the stream holds what is not JSON: {head:?}")
            }
            StreamErrorKind::TooLarge => f.write_str("the stream holds a frame that is too large"),
        }
    }
}

impl std::error::Error for StreamError {}

impl Error {
    /// Whether the same call can succeed when made again soon.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_retryable(),
            Self::Stream(error) => error.kind == StreamErrorKind::Truncated,
            error => error
                .api_error()
                .is_some_and(|answer| matches!(answer.retry_class(), RetryClass::Backoff | RetryClass::Once)),
        }
    }

    /// The phase that it failed in, as a word for logs and metrics.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::InvalidInput(_) => "invalid_input",
            Self::Encode(_) => "encode",
            Self::ContextExceeded { .. } => "context_exceeded",
            Self::Configuration(_) => "configuration",
            Self::Transport(_) => "transport",
            Self::Api(_) => "api",
            Self::Gateway(_) => "gateway",
            Self::Decode { .. } => "decode",
            Self::PartiallyQueued { .. } => "partially_queued",
            Self::PartiallyMade { .. } => "partially_made",
            Self::TooManyRounds { .. } => "too_many_rounds",
            Self::Stream(_) => "stream",
        }
    }

    /// The answer that says that the service, or a gateway before it, cannot.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::Api(answer) => Some(answer),
            Self::Gateway(error) => Some(&error.response),
            _ => None,
        }
    }

    /// The service's code, where it gave one.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.api_error()?.code
    }

    /// The HTTP status, where the service answered with an error, or with what cannot be read.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Decode { status, .. } => Some(*status),
            error => error.api_error().map(|answer| answer.status),
        }
    }

    /// The service's id of the request, where it answered: Cloudflare's support asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Decode { meta, .. } => meta.request_id.as_deref(),
            Self::Stream(error) => error.meta.request_id.as_deref(),
            Self::PartiallyQueued { source, .. } | Self::PartiallyMade { source, .. } => source.request_id(),
            error => error.api_error()?.request_id.as_deref(),
        }
    }

    /// The gateway's id of its log of the call, where it went through one.
    #[must_use]
    pub fn log_id(&self) -> Option<&str> {
        match self {
            Self::Decode { meta, .. } => meta.log_id.as_deref(),
            Self::Stream(error) => error.meta.log_id.as_deref(),
            Self::PartiallyQueued { source, .. } | Self::PartiallyMade { source, .. } => source.log_id(),
            error => error.api_error()?.log_id.as_deref(),
        }
    }

    /// What the service answered, as it came.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Decode { source, .. } => Some(&source.body),
            error => error.api_error().map(|answer| &*answer.body),
        }
    }

    /// What to do, where the service's code says so.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        self.code().map(ErrorCode::advice).filter(|advice| !advice.is_empty())
    }

    pub(crate) fn set_attempts(&mut self, attempts: u32) {
        match self {
            Self::Transport(error) => error.attempts = attempts,
            Self::Api(answer) => answer.attempts = attempts,
            Self::Gateway(error) => error.response.attempts = attempts,
            Self::Decode { meta, .. } => meta.attempts = attempts,
            Self::Stream(error) => error.meta.attempts = attempts,
            _ => {}
        }
    }
}

/// An answer that is not what its route is said to answer.
pub(crate) fn undecodable(what: &str, cause: &impl fmt::Display, raw: &RawReply) -> Error {
    let source = DecodeError {
        cause: cause.to_string(),
        content_type: raw.content_type().map(str::to_owned),
        body: raw.body.to_vec(),
    };
    decode_error(Meta::of(what, &raw.headers), source, raw)
}

/// The error for an answer that could not be read.
pub(crate) fn decode_error(meta: Meta, source: DecodeError, raw: &RawReply) -> Error {
    let (model, status) = (meta.model.clone(), raw.status);
    Error::Decode { model, source: Box::new(source), status, meta: Box::new(meta) }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self::Transport(Box::new(error))
    }
}

impl From<StreamError> for Error {
    fn from(error: StreamError) -> Self {
        Self::Stream(Box::new(error))
    }
}
