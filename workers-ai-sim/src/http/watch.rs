//! Watches whether callers wait for the whole response.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{Method, StatusCode},
    response::Response,
};
use http_body::{Frame, SizeHint};

use crate::state::SimState;

/// A request in the record, until its response has been sent. If it is dropped before, its caller has left.
pub(super) struct Watch {
    state: Arc<SimState>,
    number: usize,
    is_over: bool,
}

impl Watch {
    pub(super) fn new(state: Arc<SimState>, number: usize) -> Self {
        Self { state, number, is_over: false }
    }

    /// Records the status of a response, and watches its body.
    pub(super) fn response(mut self, method: &Method, response: Response) -> Response {
        let status = response.status();
        // The bodies of these are not sent.
        let has_no_body = method == Method::HEAD || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        self.is_over = has_no_body || response.body().is_end_stream();
        if let Some(request) = self.state.log().get_mut(self.number) {
            request.status = status.as_u16();
        }
        response.map(|body| Body::new(Watched { body, watch: self }))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.is_over
            && let Some(request) = self.state.log().get_mut(self.number)
        {
            request.cancelled = true;
        }
    }
}

struct Watched {
    body: Body,
    watch: Watch,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        self.watch.is_over |= matches!(frame, Poll::Ready(None | Some(Err(_)))) || self.body.is_end_stream();
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
