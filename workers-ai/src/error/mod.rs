//! Error types, by phase, each with its evidence.

mod api;
mod class;
mod config;
mod date;
pub(crate) mod gateway;
pub(crate) mod parse;
mod stream;
pub(crate) mod transport;

use std::{fmt, time::Duration};

use http::StatusCode;
use web_time::SystemTime;
use workers_ai_types::{
    ErrorClass, ErrorCode, InvalidInput, RetryClass,
    chat::Usage,
    codec::{DecodeError, EncodeError},
};

pub use self::{
    api::ApiError,
    config::ConfigError,
    gateway::{GatewayError, GatewayReason},
    stream::{StreamError, StreamErrorKind},
    transport::{TransportError, TransportErrorKind},
};
use crate::reply::{Meta, RawReply};

/// Why a call failed.
///
/// `Display` says what happened; [`source`](std::error::Error::source) leads to the causes, where there are any.
///
/// ```
/// # fn f(error: workers_ai::Error) {
/// use workers_ai::{Error, RetryClass};
///
/// match error {
///     Error::InvalidInput(invalid) => println!("fix the input: {invalid}"),
///     error if error.retry_class() == RetryClass::NextDay => println!("enough for today"),
///     error if error.is_retryable() => println!("perhaps later: {error}"),
///     error => println!("{error}"),
/// }
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input breaks the model's rules. Nothing was sent.
    #[error(transparent)]
    InvalidInput(#[from] InvalidInput),
    /// The input could not be encoded. Nothing was sent.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The input and its maximum output are estimated not to fit the model's context window. Nothing was sent. Reported only by
    /// clients [that check it](crate::WorkersAi::with_context_check).
    #[error(
        "{model}: about {input_tokens} input tokens and up to {output_tokens} output tokens exceed the limit of {limit}; \
         shorten the input"
    )]
    ContextExceeded {
        /// The model.
        model: String,
        /// The model's limit, in tokens.
        limit: u64,
        /// The estimated number of input tokens.
        input_tokens: u64,
        /// The number of output tokens that count towards the limit.
        output_tokens: u64,
    },
    /// The client or the call is configured wrongly. Nothing was sent.
    #[error(transparent)]
    Configuration(#[from] ConfigError),
    /// The request or its response was lost on the way.
    #[error(transparent)]
    Transport(Box<TransportError>),
    /// The service responded with an error.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The gateway refused the call: guardrails, data loss prevention, billing, its own limits.
    #[error(transparent)]
    Gateway(Box<GatewayError>),
    /// The response is not what the model is documented to return.
    #[error("{model}: the response could not be read")]
    Decode {
        /// The model.
        model: String,
        /// The problem with the response, and its body.
        source: Box<DecodeError>,
        /// The HTTP status of the response.
        status: StatusCode,
        /// The IDs of the request and of the gateway's log, and what else is known of the call.
        meta: Box<Meta>,
    },
    /// The response is larger than [allowed](crate::transport::ResponseLimits::max_bytes).
    #[error("{model}: the response is larger than {limit} bytes; `ResponseLimits::max_bytes` allows more")]
    ResponseTooLarge {
        /// The model.
        model: String,
        /// The limit, in bytes.
        limit: usize,
        /// The HTTP status of the response.
        status: StatusCode,
        /// The body as far as it was read.
        read: Vec<u8>,
    },
    /// A part of a batch had been queued before the failure.
    #[error("only part of the batch was queued")]
    PartiallyQueued {
        /// The handle of that part as JSON: it deserializes into a [`BatchJob`](crate::batch::BatchJob).
        queued: String,
        /// The failure.
        source: Box<Error>,
    },
    /// A LoRA adapter had been created before the failure, but lacks at least one of its files.
    #[error("the adapter {id} was created, but its files were not uploaded")]
    PartiallyMade {
        /// The adapter's ID, for [`upload_finetune`](crate::WorkersAi::upload_finetune).
        id: String,
        /// The failure.
        source: Box<Error>,
    },
    /// The model kept calling tools.
    #[error("{model}: no answer after {rounds} rounds of tool calls")]
    TooManyRounds {
        /// The model.
        model: String,
        /// The number of times it was called.
        rounds: u32,
        /// The tokens used by all rounds, if the responses say so.
        usage: Option<Box<Usage>>,
    },
    /// The model called more tools in one response than allowed. None of them ran.
    #[error("{model}: {calls} tool calls in one response; at most {limit} are allowed")]
    TooManyToolCalls {
        /// The model.
        model: String,
        /// The number of calls.
        calls: usize,
        /// The limit.
        limit: usize,
    },
    /// A stream ended early or could not be read.
    #[error(transparent)]
    Stream(Box<StreamError>),
}

impl Error {
    /// Returns `true` if the same call can succeed when it is made again soon.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_retryable(),
            Self::Stream(error) if error.kind == StreamErrorKind::Truncated => true,
            error => error
                .api_error()
                .is_some_and(|error| matches!(error.retry_class(), RetryClass::Backoff | RetryClass::Once)),
        }
    }

    /// Returns whether the same call can succeed when it is made again, and when.
    ///
    /// An account without tokens or requests for the rest of the day is [`RetryClass::NextDay`], whichever code says so.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        match self.api_error() {
            Some(response) => response.retry_class(),
            None if self.is_retryable() => RetryClass::Backoff,
            None => RetryClass::Never,
        }
    }

    /// Returns when to make the same call again. `None` if it will fail again.
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        match self.api_error() {
            Some(response) => response.retry_at(),
            None if self.is_retryable() => {
                let attempts = self.transport_error().map_or(1, |error| error.attempts);
                SystemTime::now().checked_add(api::pause_after(attempts))
            }
            None => None,
        }
    }

    /// Returns how long to wait before making the same call again. `None` if it will fail again.
    ///
    /// ```
    /// # fn f(error: &workers_ai::Error) {
    /// match error.retry_in() {
    ///     Some(pause) => println!("again in {} s", pause.as_secs()),
    ///     None => println!("give up: {error}"),
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn retry_in(&self) -> Option<Duration> {
        const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
        // The pause is zero for a time that has come meanwhile, and a year for one that no clock can show.
        let pause = self.retry_at().map(|at| at.duration_since(SystemTime::now()).unwrap_or_default());
        pause.or_else(|| self.is_retryable().then_some(YEAR))
    }

    /// Returns the class of an error of the service or the gateway, or of an input that the client refused before sending it. `None`
    /// for others.
    ///
    /// ```
    /// # fn f(error: &workers_ai::Error) {
    /// use workers_ai::ErrorClass;
    ///
    /// match error.class() {
    ///     Some(ErrorClass::ContextExceeded) => println!("shorten the conversation"),
    ///     Some(ErrorClass::ContentFlagged) => println!("rephrase it"),
    ///     _ => println!("{error}"),
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn class(&self) -> Option<ErrorClass> {
        match self {
            Self::InvalidInput(_) | Self::Encode(_) => Some(ErrorClass::InvalidInput),
            Self::ContextExceeded { .. } => Some(ErrorClass::ContextExceeded),
            Self::PartiallyQueued { source, .. } | Self::PartiallyMade { source, .. } => source.class(),
            error => error.api_error().map(ApiError::class),
        }
    }

    /// Returns `true` if the call may have been billed although it failed: it was sent and got no response, or its response broke off
    /// or could not be read, or a gateway or proxy held it back. The service does not bill what it refuses.
    ///
    /// ```
    /// # fn f(error: &workers_ai::Error) {
    /// if error.is_retryable() && !error.maybe_billed() {
    ///     println!("trying again costs nothing extra");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn maybe_billed(&self) -> bool {
        match self {
            Self::Transport(error) => error.maybe_billed(),
            Self::Decode { status, .. } | Self::ResponseTooLarge { status, .. } => status.is_success(),
            Self::PartiallyQueued { .. }
            | Self::TooManyRounds { .. }
            | Self::TooManyToolCalls { .. }
            | Self::Stream(_) => true,
            Self::PartiallyMade { source, .. } => source.maybe_billed(),
            // The model had answered.
            Self::Gateway(error) => {
                matches!(error.reason, GatewayReason::ReplyBlocked | GatewayReason::DlpReplyBlocked)
                    || error.response.is_proxy_timeout()
            }
            Self::Api(error) => error.is_proxy_timeout(),
            Self::InvalidInput(_) | Self::Encode(_) | Self::ContextExceeded { .. } | Self::Configuration(_) => false,
        }
    }

    /// Returns `true` if a timeout of the client was the cause.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.transport_error().is_some_and(TransportError::is_timeout)
    }

    /// Returns `true` if no connection was established. Nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.transport_error().is_some_and(TransportError::is_connect)
    }

    fn transport_error(&self) -> Option<&TransportError> {
        match self {
            Self::Transport(error) => Some(error),
            Self::Stream(error) => error.cause.as_deref(),
            Self::PartiallyQueued { source, .. } | Self::PartiallyMade { source, .. } => source.transport_error(),
            _ => None,
        }
    }

    /// Returns the phase in which the call failed, as a word for logs and metrics.
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
            Self::ResponseTooLarge { .. } => "response_too_large",
            Self::PartiallyQueued { .. } => "partially_queued",
            Self::PartiallyMade { .. } => "partially_made",
            Self::TooManyRounds { .. } => "too_many_rounds",
            Self::TooManyToolCalls { .. } => "too_many_tool_calls",
            Self::Stream(_) => "stream",
        }
    }

    /// Returns the error response of the service, or of a gateway before it.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::Api(response) => Some(response),
            Self::Gateway(error) => Some(&error.response),
            Self::Stream(error) => match &error.kind {
                StreamErrorKind::Service(response) => Some(response),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the service's error code.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.api_error()?.code
    }

    /// Returns the HTTP status of a response that is an error or could not be read.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Decode { status, .. } | Self::ResponseTooLarge { status, .. } => Some(*status),
            error => error.api_error().map(|response| response.status),
        }
    }

    /// Returns the service's ID of the request, which Cloudflare's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Decode { meta, .. } => meta.request_id.as_deref(),
            Self::Stream(error) => error.meta.request_id.as_deref(),
            Self::PartiallyQueued { source, .. } | Self::PartiallyMade { source, .. } => source.request_id(),
            error => error.api_error()?.request_id.as_deref(),
        }
    }

    /// Returns the ID of the gateway's log of the call.
    #[must_use]
    pub fn log_id(&self) -> Option<&str> {
        match self {
            Self::Decode { meta, .. } => meta.log_id.as_deref(),
            Self::Stream(error) => error.meta.log_id.as_deref(),
            Self::PartiallyQueued { source, .. } | Self::PartiallyMade { source, .. } => source.log_id(),
            error => error.api_error()?.log_id.as_deref(),
        }
    }

    /// Returns the body of the response as received.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Decode { source, .. } => Some(&source.body),
            Self::ResponseTooLarge { read, .. } => Some(read),
            error => error.api_error().map(|response| &*response.body),
        }
    }

    /// Returns what to do about an error of the service.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        self.api_error().map(ApiError::advice).filter(|advice| !advice.is_empty())
    }

    /// Returns the text of the error and of its causes. They are taken one by one: as `dyn Error`, each would bring its `Debug`, which
    /// makes a Worker larger.
    #[cfg(feature = "worker")]
    pub(crate) fn with_causes(&self) -> String {
        match self {
            Self::Transport(error) => error.with_causes(),
            Self::Decode { source, .. } => format!("{self}: {source}"),
            Self::PartiallyQueued { source, .. } | Self::PartiallyMade { source, .. } => {
                format!("{self}: {}", source.with_causes())
            }
            Self::Stream(error) => match (&error.kind, &error.cause) {
                (StreamErrorKind::Service(response), _) => format!("{self}: {response}"),
                (_, Some(cause)) => format!("{self}: {}", cause.with_causes()),
                (_, None) => self.to_string(),
            },
            _ => self.to_string(),
        }
    }

    /// Adds the model that was called, where the error does not know it, and the number of attempts.
    pub(crate) fn set_call(&mut self, model: &str, attempts: u32) {
        match self {
            Self::Transport(error) => {
                error.attempts = attempts;
                error.model = Some(model.to_owned());
            }
            Self::Api(response) => response.attempts = attempts,
            Self::Gateway(error) => error.response.attempts = attempts,
            Self::Decode { meta, .. } => meta.attempts = attempts,
            Self::ResponseTooLarge { model: of, .. } => model.clone_into(of),
            Self::Stream(error) => error.meta.attempts = attempts,
            _ => {}
        }
    }
}

/// Creates the error for a response that is not what its route is documented to return.
pub(crate) fn undecodable(meta: Meta, cause: &impl fmt::Display, raw: &RawReply) -> Error {
    let source = DecodeError {
        cause: cause.to_string(),
        content_type: raw.content_type().map(str::to_owned),
        body: raw.body.to_vec(),
    };
    decode_error(meta, source, raw)
}

/// Creates the error for a response that could not be read.
pub(crate) fn decode_error(meta: Meta, source: DecodeError, raw: &RawReply) -> Error {
    let (model, status) = (meta.model.clone(), raw.status);
    Error::Decode { model, source: Box::new(source), status, meta: Box::new(meta) }
}

/// Creates the error for JSON that could not be written.
pub(crate) fn encode_error(error: serde_json::Error) -> Error {
    Error::Encode(error.into())
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
