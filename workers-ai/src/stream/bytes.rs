//! Bytes as they arrive.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use web_time::Instant;

use crate::{
    Error, Meta,
    telemetry::CallSpan,
    transport::{BoxStream, Headers, TransportError},
};

/// Bytes as they arrive. Dropping it closes the connection.
pub struct ByteStream {
    meta: Meta,
    content_type: Option<String>,
    first: Option<Bytes>,
    body: BoxStream<'static, Result<Bytes, TransportError>>,
    start: Instant,
    span: Option<CallSpan>,
}

impl ByteStream {
    pub(crate) fn new(
        meta: Meta,
        headers: &Headers,
        first: Bytes,
        body: BoxStream<'static, Result<Bytes, TransportError>>,
        start: Instant,
        span: CallSpan,
    ) -> Self {
        let content_type = headers.get("content-type").map(str::to_owned);
        Self { meta, content_type, first: Some(first), body, start, span: Some(span) }
    }

    /// Returns the MIME type of the bytes.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// Returns the metadata of the call. The duration is the time to the first chunk; once the stream has ended, the time to its
    /// end.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Returns the next chunk. `None`: there are no more.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let chunk = ready!(self.body.as_mut().poll_next(cx)).transpose().map_err(|error| {
            let mut error = Error::from(error.interrupted());
            error.set_call(&self.meta.model, self.meta.attempts);
            error
        });
        if !matches!(chunk, Ok(Some(_)))
            && let Some(span) = self.span.take()
        {
            self.meta.duration = self.start.elapsed();
            return Poll::Ready(span.record_result(chunk).transpose());
        }
        Poll::Ready(chunk.transpose())
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("content_type", &self.content_type)
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}
