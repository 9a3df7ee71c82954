//! A transport for tests that need no server.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;

use super::{BoxFuture, Headers, Transport, TransportError, TransportErrorKind, TransportRequest, TransportResponse};

/// A mock transport: returns queued responses in order and records requests.
///
/// It never waits. Clones share everything. A request for which nothing is queued fails with [`TransportErrorKind::Build`], which is
/// not retried.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workers_ai::Error> {
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// use workers_ai::transport::MockTransport;
///
/// let mock = MockTransport::new()
///     .json(r#"{"response":"Scattering."}"#)
///     .events("data: {\"response\":\"a\"}\n\ndata: [DONE]\n\n");
/// let ai = WorkersAi::with_transport(mock.clone());
/// let reply = ai.run(Llama, Llama::input().prompt("Why is the sky blue?")).await?;
/// assert_eq!(reply.text(), "Scattering.");
/// let stream = ai.stream(Llama, Llama::input().prompt("again")).await?;
/// assert_eq!(stream.collect().await?.text, "a");
/// assert_eq!(mock.requests().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct MockTransport {
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    responses: Mutex<VecDeque<Result<Response, TransportError>>>,
    requests: Mutex<Vec<TransportRequest>>,
}

struct Response {
    status: StatusCode,
    headers: Headers,
    body: Vec<Bytes>,
}

impl MockTransport {
    /// Creates a transport with no responses.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Queues a successful JSON response.
    #[must_use]
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        self.response(StatusCode::OK, "application/json", [body])
    }

    /// Queues a stream of server-sent events.
    #[must_use]
    pub fn events(self, transcript: impl Into<Bytes>) -> Self {
        self.response(StatusCode::OK, "text/event-stream", [transcript])
    }

    /// Queues a response whose body arrives in these chunks.
    #[must_use]
    pub fn response(
        self,
        status: StatusCode,
        content_type: &'static str,
        chunks: impl IntoIterator<Item = impl Into<Bytes>>,
    ) -> Self {
        let mut headers = Headers::new();
        headers.insert("content-type", content_type);
        let body = chunks.into_iter().map(Into::into).collect();
        self.responses().push_back(Ok(Response { status, headers, body }));
        self
    }

    /// Adds a header to the response that was queued last.
    #[must_use]
    pub fn with_header(self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        if let Some(Ok(response)) = self.responses().back_mut() {
            response.headers.append(name.as_ref().to_owned(), value.as_ref());
        }
        self
    }

    /// Queues a failure: no response arrives.
    ///
    /// ```
    /// use workers_ai::transport::{MockTransport, TransportErrorKind};
    ///
    /// let mock = MockTransport::new().failure(TransportErrorKind::Connect).json(r#"{"response":"the second attempt"}"#);
    /// ```
    #[must_use]
    pub fn failure(self, kind: TransportErrorKind) -> Self {
        self.responses().push_back(Err(TransportError::new(kind, "a failure of the mock transport")));
        self
    }

    /// Returns the requests received so far.
    #[must_use]
    pub fn requests(&self) -> Vec<TransportRequest> {
        self.state.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn responses(&self) -> MutexGuard<'_, VecDeque<Result<Response, TransportError>>> {
        self.state.responses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport").field("responses_left", &self.responses().len()).finish_non_exhaustive()
    }
}

impl Transport for MockTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        self.state.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let response = self.responses().pop_front();
        Box::pin(async move {
            let none = || TransportError::new(TransportErrorKind::Build, "no response is queued for this request");
            let Response { status, headers, body } = response.ok_or_else(none)??;
            Ok(TransportResponse::new(status, headers, Box::pin(stream::iter(body.into_iter().map(Ok)))))
        })
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }
}
