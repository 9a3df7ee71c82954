//! Answers written down before, for tests that need no server.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{Transport, TransportError, TransportErrorKind, TransportRequest, TransportResponse};
use crate::transport::maybe_send::BoxFuture;

/// A way out that leads nowhere: it gives answers that were written down before, one after the other, and keeps what was asked.
/// It never waits. Clones share everything.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workers_ai::Error> {
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// use workers_ai::MockTransport;
///
/// let replay = MockTransport::new().json(r#"{"response":"Scattering."}"#).events("data: {\"response\":\"a\"}\n\ndata: [DONE]\n\n");
/// let ai = WorkersAi::with_transport(replay.clone());
/// let reply = ai.run(Llama, Llama::input().prompt("Why is the sky blue?")).await?;
/// assert_eq!(reply.text(), "Scattering.");
/// let words = ai.stream(Llama, Llama::input().prompt("again")).await?;
/// assert_eq!(words.collect().await?.text, "a");
/// assert_eq!(replay.requests().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct MockTransport {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    requests: Mutex<Vec<TransportRequest>>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<Bytes>,
}

impl MockTransport {
    /// No answers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A good answer of JSON.
    #[must_use]
    pub fn json(self, body: impl Into<Bytes>) -> Self {
        self.answer(StatusCode::OK, "application/json", [body])
    }

    /// A streamed answer.
    #[must_use]
    pub fn events(self, transcript: impl Into<Bytes>) -> Self {
        self.answer(StatusCode::OK, "text/event-stream", [transcript])
    }

    /// Any answer, in pieces.
    #[must_use]
    pub fn answer(
        self,
        status: StatusCode,
        content_type: &'static str,
        pieces: impl IntoIterator<Item = impl Into<Bytes>>,
    ) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        let body = pieces.into_iter().map(Into::into).collect();
        self.answers().push_back(Answer { status, headers, body });
        self
    }

    /// Another header of the answer that was added last.
    #[must_use]
    pub fn with_header(self, name: HeaderName, value: HeaderValue) -> Self {
        if let Some(answer) = self.answers().back_mut() {
            answer.headers.insert(name, value);
        }
        self
    }

    /// What was asked so far.
    #[must_use]
    pub fn requests(&self) -> Vec<TransportRequest> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, VecDeque<Answer>> {
        self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport").field("answers_left", &self.answers().len()).finish_non_exhaustive()
    }
}

impl Transport for MockTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let answer = self.answers().pop_front();
        Box::pin(async move {
            let none = || TransportError::new(TransportErrorKind::Build, "no answer was written down for this request");
            let Answer { status, headers, body } = answer.ok_or_else(none)?;
            Ok(TransportResponse::new(status, headers, Box::pin(stream::iter(body.into_iter().map(Ok)))))
        })
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }
}
