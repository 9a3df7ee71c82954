//! Your own way to reach the service: the [`Transport`] trait, requests and responses, and a mock for tests.

mod body;
mod headers;
pub(crate) mod json;
mod limits;
mod mock;
pub(crate) mod multipart;
mod random;
#[cfg(feature = "rate-limit")]
pub(crate) mod rate_limit;
mod request;
#[cfg(any(feature = "rest", feature = "worker"))]
pub(crate) mod rest;
pub(crate) mod retry;
pub(crate) mod secret;
#[cfg(feature = "worker")]
pub(crate) mod worker;

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_core::Stream;
use http::StatusCode;

#[cfg(feature = "rate-limit")]
pub use self::rate_limit::RateLimit;
#[cfg(feature = "rest")]
pub use self::rest::Rest;
#[cfg(feature = "worker")]
pub use self::worker::{Binding, Fetch, SendStream};
pub use self::{
    body::{BodyStream, RequestBody},
    headers::Headers,
    limits::ResponseLimits,
    mock::MockTransport,
    request::{CallOptions, Endpoint, FinetuneEndpoint, Input, ModelQuery, TransportRequest},
    retry::RetryPolicy,
    secret::Secret,
};
use crate::error::ConfigError;
pub use crate::error::transport::{TransportError, TransportErrorKind};

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A boxed stream.
pub type BoxStream<'a, T> = Pin<Box<dyn Stream<Item = T> + Send + 'a>>;

/// A way to reach the service: the REST API, the binding of a Worker, a mock in tests.
///
/// A transport receives [what is asked](TransportRequest) of the service, not an HTTP request: how a call is spelled (path, query,
/// envelope) is the transport's own business. Timeouts and retries are not: the client measures them with
/// [`sleep`](Transport::sleep), and drops the future of a request that took too long.
///
/// Implementations are `Send + Sync` on every target. On wasm32, wrap JavaScript values in a type that is `Send`, such as
/// `worker::send::SendWrapper`.
///
/// ```
/// use std::time::Duration;
/// use workers_ai::{
///     WorkersAi,
///     transport::{BoxFuture, Transport, TransportError, TransportRequest, TransportResponse},
/// };
///
/// /// Answers every request with the same text.
/// struct Parrot(&'static str);
///
/// impl Transport for Parrot {
///     fn send(&self, _: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
///         let response = TransportResponse::json(200, self.0);
///         Box::pin(async { Ok(response) })
///     }
///
///     fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
///         Box::pin(async {})
///     }
/// }
///
/// let ai = WorkersAi::with_transport(Parrot(r#"{"response":"hello"}"#));
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Checks that the transport reaches an endpoint. A failure is reported before anything is sent.
    ///
    /// # Errors
    /// Fails for an endpoint that this transport does not have.
    fn check(&self, endpoint: &Endpoint) -> Result<(), ConfigError> {
        let _ = endpoint;
        Ok(())
    }

    /// Sends a request. Resolves when the status and the headers of the response have arrived.
    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>>;

    /// Waits. The client measures timeouts and the pauses between attempts with it.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// For transports that are chosen at run time: `Arc<dyn Transport>`.
impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn check(&self, endpoint: &Endpoint) -> Result<(), ConfigError> {
        (**self).check(endpoint)
    }

    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        (**self).send(request)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep(duration)
    }
}

/// A response whose body is still to be read.
#[non_exhaustive]
pub struct TransportResponse {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: BoxStream<'static, Result<Bytes, TransportError>>,
    /// The response of the runtime that `body` reads.
    #[cfg(feature = "worker")]
    pub(crate) native: Option<worker::NativeResponse>,
}

impl TransportResponse {
    /// Creates a response.
    #[must_use]
    pub fn new(
        status: StatusCode,
        headers: impl Into<Headers>,
        body: BoxStream<'static, Result<Bytes, TransportError>>,
    ) -> Self {
        Self {
            status,
            headers: headers.into(),
            body,
            #[cfg(feature = "worker")]
            native: None,
        }
    }

    /// Creates a complete JSON response, for transports in tests.
    ///
    /// # Panics
    /// Panics if the status is not between 100 and 999.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).expect("a status between 100 and 999");
        let body = body.into();
        let mut headers = Headers::new();
        headers.insert("content-type", "application/json");
        Self::new(status, headers, Box::pin(futures_util::stream::iter([Ok(body)])))
    }
}

impl fmt::Debug for TransportResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
