//! The way out: what a call becomes, and what comes back.

pub(crate) mod maybe_send;
mod mock;
pub(crate) mod multipart;
pub(crate) mod pace;
mod payload;
#[cfg(feature = "rate-limit")]
pub(crate) mod rate_limit;
#[cfg(feature = "rest")]
mod rest;
pub(crate) mod retry;
pub(crate) mod secret;

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

#[cfg(feature = "rest")]
pub(crate) use self::rest::ORIGIN;
#[cfg(feature = "rest")]
pub use self::rest::Rest;
pub use self::{
    mock::MockTransport,
    payload::{BodyStream, RequestBody},
};
use crate::{
    gateway::Gateway,
    transport::maybe_send::{BoxFuture, BoxStream, MaybeSend, MaybeSync},
};

/// A way to the service: REST, AI Gateway, the binding of a Worker, a recording.
///
/// ```
/// use std::time::Duration;
///
/// use workers_ai::{BoxFuture, TransportResponse, TransportRequest, Transport, TransportError, WorkersAi};
///
/// /// Answers everything with the same text.
/// struct Parrot(&'static str);
///
/// impl Transport for Parrot {
///     fn send(&self, _: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
///         let incoming = TransportResponse::json(200, self.0);
///         Box::pin(async { Ok(incoming) })
///     }
///
///     fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
///         Box::pin(async {})
///     }
/// }
///
/// let ai = WorkersAi::with_transport(Parrot(r#"{"response":"hello"}"#));
/// ```
pub trait Transport: MaybeSend + MaybeSync + 'static {
    /// Sends a request; resolves when the head of the answer is there.
    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>>;

    /// Waits, between attempts.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// A request on its way out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TransportRequest {
    /// What is called.
    pub target: Endpoint,
    /// Added to the URL.
    pub query: Vec<(String, String)>,
    /// Added to the transport's own.
    pub headers: HeaderMap,
    /// What `body` is.
    pub content_type: Option<String>,
    /// The body.
    pub body: RequestBody,
    /// The gateway that it goes through.
    pub gateway: Option<Gateway>,
    /// How long an attempt may take: until the end of the answer, or, of a stream, until its head.
    pub timeout: Option<Duration>,
    /// Whether the answer is read piece by piece.
    pub stream: bool,
}

/// What a request calls.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// A model, by its id.
    Run(String),
    /// A route that other clients know, by what follows `v1`: `chat/completions`. The body names the model.
    OpenAi(String),
    /// Another route of the account: `ai/models/search`.
    Account {
        /// The method.
        method: Method,
        /// The path below the account.
        path: String,
    },
    /// The gateway's universal endpoint.
    Universal {
        /// The gateway's id.
        gateway: String,
    },
}

/// An answer whose body is still to come.
#[non_exhaustive]
pub struct TransportResponse {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: BoxStream<'static, Result<Bytes, TransportError>>,
}

impl TransportResponse {
    /// An answer with that body.
    #[must_use]
    pub fn new(
        status: StatusCode,
        headers: HeaderMap,
        body: BoxStream<'static, Result<Bytes, TransportError>>,
    ) -> Self {
        Self { status, headers, body }
    }

    /// A whole JSON answer, for transports of tests.
    ///
    /// # Panics
    /// When the status is none.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).expect("a status between 100 and 999");
        let body = body.into();
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        Self { status, headers, body: Box::pin(futures_util::stream::iter([Ok(body)])) }
    }
}

impl fmt::Debug for TransportResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Where on the way a request was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be made.
    Build,
    /// No connection came about.
    Connect,
    /// It took too long.
    Timeout,
    /// The connection broke before an answer began.
    ConnectionLost,
    /// A good answer had begun and broke off: the call was made, and is paid for.
    Interrupted,
}

/// A request that was lost on the way.
pub struct TransportError {
    /// Where.
    pub kind: TransportErrorKind,
    /// How often it was tried.
    pub attempts: u32,
    source: Box<dyn StdError + Send + Sync>,
}

impl TransportError {
    /// A request that was lost.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, attempts: 1, source: source.into() }
    }

    /// The same loss, after a good answer had begun.
    pub(crate) fn cut(self) -> Self {
        Self { kind: TransportErrorKind::Interrupted, ..self }
    }

    /// Whether it may arrive when sent again. After [`TransportErrorKind::Interrupted`] it is paid for a second time.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.kind != TransportErrorKind::Build
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Build => "the request cannot be made",
            TransportErrorKind::Connect => "no connection",
            TransportErrorKind::Timeout => "it took too long",
            TransportErrorKind::ConnectionLost => "the connection broke",
            TransportErrorKind::Interrupted => "the answer broke off",
        })?;
        let mut cause: Option<&(dyn StdError + 'static)> = Some(&*self.source);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " ({attempts} attempts)"),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("message", &self.to_string())
            .finish_non_exhaustive()
    }
}

// The causes are part of the message, so that nobody has to walk them.
impl StdError for TransportError {}
