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

use super::{
    BoxFuture, Endpoint, Headers, Transport, TransportError, TransportErrorKind, TransportRequest, TransportResponse,
};

/// A mock transport: returns queued responses in order and records requests.
///
/// It never waits. Clones share everything. A response [for a model](Self::for_model) is kept for it; the others go to whoever asks next.
/// A request for which nothing is queued fails with [`TransportErrorKind::NothingQueued`], which is not retried.
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
    queue: Mutex<Queue>,
    requests: Mutex<Vec<TransportRequest>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Queued>,
    /// The number of responses that were ever queued.
    count: usize,
}

struct Queued {
    /// The only model that it is for.
    model: Option<String>,
    outcome: Result<Response, TransportError>,
}

struct Response {
    status: StatusCode,
    headers: Headers,
    body: Vec<Bytes>,
    ends: End,
}

/// How a response ends.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Close,
    /// The connection is lost.
    BreakOff,
    /// The response does not even begin.
    Never,
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
        self.push(Ok(Response { status, headers, body, ends: End::Close }))
    }

    /// Adds a header to the response that was queued last.
    #[must_use]
    pub fn with_header(self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        if let Some(Queued { outcome: Ok(response), .. }) = self.queue().waiting.back_mut() {
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
        self.push(Err(TransportError::new(kind, "a failure of the mock transport")))
    }

    /// Queues an error response of the service, with its code.
    ///
    /// ```
    /// use workers_ai::transport::MockTransport;
    ///
    /// let mock = MockTransport::new().error(5021, "the input is too long").error(3040, "no capacity");
    /// ```
    #[must_use]
    pub fn error(self, code: u32, message: &str) -> Self {
        let errors = [serde_json::json!({ "code": code, "message": message })];
        let body = serde_json::json!({ "result": null, "success": false, "errors": errors, "messages": [] });
        self.response(StatusCode::BAD_REQUEST, "application/json", [body.to_string()])
    }

    /// Queues a response that never begins: a timeout of the call ends it, at once, since a mock never waits.
    #[must_use]
    pub fn hangs(self) -> Self {
        let response = Response { status: StatusCode::OK, headers: Headers::new(), body: Vec::new(), ends: End::Never };
        self.push(Ok(response))
    }

    /// Loses the connection after the body of the response that was queued last: a stream that is cut off, a body that is not whole.
    ///
    /// ```
    /// use workers_ai::transport::MockTransport;
    ///
    /// let mock = MockTransport::new().events("data: {\"response\":\"Scat\"}\n\n").breaks_off();
    /// ```
    #[must_use]
    pub fn breaks_off(self) -> Self {
        if let Some(Queued { outcome: Ok(response), .. }) = self.queue().waiting.back_mut() {
            response.ends = End::BreakOff;
        }
        self
    }

    /// Keeps the response or failure that was queued last for the calls of one model.
    ///
    /// ```
    /// use workers_ai::transport::MockTransport;
    ///
    /// let mock = MockTransport::new()
    ///     .json(r#"{"response":"from Llama"}"#).for_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")
    ///     .json(r#"{"choices":[{"message":{"content":"from Kimi"}}]}"#).for_model("@cf/moonshotai/kimi-k2.6");
    /// ```
    #[must_use]
    pub fn for_model(self, id: impl Into<String>) -> Self {
        if let Some(queued) = self.queue().waiting.back_mut() {
            queued.model = Some(id.into());
        }
        self
    }

    /// Returns the requests received so far.
    #[must_use]
    pub fn requests(&self) -> Vec<TransportRequest> {
        self.state.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.state.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(self, outcome: Result<Response, TransportError>) -> Self {
        {
            let mut queue = self.queue();
            queue.waiting.push_back(Queued { model: None, outcome });
            queue.count += 1;
        }
        self
    }

    /// Returns what is queued for a request, or the error that nothing is.
    fn next(&self, model: Option<&str>, number: usize) -> Result<Response, TransportError> {
        let mut queue = self.queue();
        let fits = |queued: &Queued| queued.model.as_deref().is_none_or(|of| Some(of) == model);
        let at = queue.waiting.iter().position(fits);
        if let Some(queued) = at.and_then(|at| queue.waiting.remove(at)) {
            return queued.outcome;
        }
        let plural = if queue.count == 1 { "response was" } else { "responses were" };
        let of = model.map(|model| format!(" of {model}")).unwrap_or_default();
        let left = match queue.waiting.len() {
            0 => String::new(),
            left => format!(", and the {left} left are for other models"),
        };
        let cause = format!("{} {plural} queued{left}; this is request {number}{of}", queue.count);
        Err(TransportError::new(TransportErrorKind::NothingQueued, cause))
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport").field("responses_left", &self.queue().waiting.len()).finish_non_exhaustive()
    }
}

impl Transport for MockTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        let model = match &request.endpoint {
            Endpoint::Run(model) | Endpoint::OpenAi { model, .. } => Some(model.clone()),
            _ => None,
        };
        let number = {
            let mut requests = self.state.requests.lock().unwrap_or_else(PoisonError::into_inner);
            requests.push(request);
            requests.len()
        };
        let response = self.next(model.as_deref(), number);
        Box::pin(async move {
            let Response { status, headers, body, ends } = response?;
            if ends == End::Never {
                std::future::pending::<()>().await;
            }
            let lost = || TransportError::new(TransportErrorKind::ConnectionLost, "a failure of the mock transport");
            let end = (ends == End::BreakOff).then(|| Err(lost()));
            Ok(TransportResponse::new(status, headers, Box::pin(stream::iter(body.into_iter().map(Ok).chain(end)))))
        })
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }
}
