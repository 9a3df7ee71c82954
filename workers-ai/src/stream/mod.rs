//! Streamed output: events and bytes.

pub(crate) mod bytes;
mod chunk;
mod collect;
mod deadline;
mod decode;
mod event;
mod forward;
mod sse;

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use ::bytes::Bytes;
use futures_core::Stream;
use web_time::Instant;

use self::deadline::Deadline;
pub use self::{
    bytes::ByteStream,
    collect::{Collected, TextStream},
    decode::{EventDecodeError, EventDecoder},
    event::{Event, ToolCallDelta},
    forward::Forward,
};
use crate::{
    Error, Meta, WorkersAi,
    error::{StreamError, StreamErrorKind, parse::api_error, undecodable},
    reply::{RawReply, body::Turn},
    telemetry::CallSpan,
    transport::{BoxStream, Headers, TransportError, TransportErrorKind, TransportResponse},
};

/// The streamed output of a chat model. Dropping it closes the connection.
///
/// It is a [`Stream`] of `Result<Event, Error>`; [`next`](EventStream::next) needs no import. After an error it ends.
pub struct EventStream {
    body: Option<BoxStream<'static, Result<Bytes, TransportError>>>,
    deadline: Option<Deadline>,
    turn: Turn,
    decoder: EventDecoder,
    status: http::StatusCode,
    headers: Headers,
    meta: Meta,
    start: Instant,
    first: Option<Event>,
    /// The chunks that were read before anybody asked for them.
    read: Vec<Bytes>,
    keeps_read: bool,
    span: Option<CallSpan>,
    /// The error that broke the connection.
    broken: Option<TransportError>,
    /// The limit of time that ended the stream.
    exceeded: Option<StreamErrorKind>,
    failed: bool,
}

impl EventStream {
    pub(crate) fn new(model: &str, decoder: EventDecoder, response: &TransportResponse, start: Instant) -> Self {
        Self {
            body: None,
            deadline: None,
            turn: Turn::default(),
            decoder,
            status: response.status,
            meta: Meta::new(model, &response.headers),
            headers: response.headers.clone(),
            start,
            first: None,
            read: Vec::new(),
            keeps_read: true,
            span: None,
            broken: None,
            exceeded: None,
            failed: false,
        }
    }

    /// Sets the body that events are read from.
    pub(crate) fn read_from(&mut self, body: BoxStream<'static, Result<Bytes, TransportError>>, ai: &WorkersAi) {
        self.body = Some(body);
        self.deadline = Some(Deadline::new(Arc::clone(&ai.transport), ai.limits));
    }

    /// Decodes a complete response in place of a stream.
    pub(crate) fn decode_complete(&mut self, body: &[u8]) -> Result<(), EventDecodeError> {
        self.decoder.take_complete(body)
    }

    /// Waits for the first event, and keeps it.
    pub(crate) async fn peek(&mut self) -> Result<(), Error> {
        self.first = self.next().await.transpose()?;
        Ok(())
    }

    /// Hands the stream to the caller.
    pub(crate) fn begin(mut self, start: Instant, attempts: u32, span: CallSpan) -> Self {
        self.start = start;
        self.meta.attempts = attempts;
        self.meta.duration = start.elapsed();
        span.record_meta(&self.meta);
        self.span = Some(span);
        self
    }

    /// Returns the next event. `None`: the output is complete.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Returns the metadata of the call so far.
    ///
    /// The usage is `None` until it arrives, near the end. The duration is the time to the first event; once the stream has ended,
    /// the time to its end.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Records what an event says of the call.
    fn note(&mut self, event: &Event) {
        // A ping is unknown, too.
        if let Some(deadline) = &mut self.deadline
            && !matches!(event, Event::Unknown(_))
        {
            deadline.event();
        }
        match event {
            Event::Usage(usage) => {
                self.meta.usage = Some(*usage);
                if let Some(span) = &self.span {
                    span.record_usage(usage);
                }
            }
            Event::Finish(reason) => {
                self.meta.finish_reason = Some(reason.clone());
                if let Some(span) = &self.span {
                    span.record_finish_reason(reason);
                }
            }
            _ => {}
        }
    }

    /// Reads another chunk, or the end of the body. A body that takes too long ends, too.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let chunk = match &mut self.body {
            Some(body) if !self.turn.is_over() => body.as_mut().poll_next(cx),
            Some(_) => Turn::later(cx),
            None => Poll::Ready(None),
        };
        if let (Poll::Pending, Some(deadline)) = (&chunk, &mut self.deadline)
            && let Poll::Ready(exceeded) = deadline.poll(cx)
        {
            self.exceeded = Some(exceeded);
            self.decoder.finish();
            return Poll::Ready(None);
        }
        let chunk = ready!(chunk);
        match chunk {
            Some(Ok(bytes)) => {
                self.decoder.push(&bytes);
                Poll::Ready(Some(bytes))
            }
            // A connection that breaks after the last event changes nothing.
            end => {
                self.broken = end.and_then(Result::err);
                self.decoder.finish();
                Poll::Ready(None)
            }
        }
    }

    /// Closes the connection and ends the stream.
    fn close(&mut self) {
        self.body = None;
        // The span ends with the stream, not with whoever still holds it.
        if let Some(span) = self.span.take() {
            self.meta.duration = self.start.elapsed();
            span.record_text(self.decoder.text(), self.meta.finish_reason.as_ref());
        }
    }

    /// Closes the connection because of an error.
    fn fail(&mut self, error: EventDecodeError) -> Error {
        self.failed = true;
        self.meta.duration = self.start.elapsed();
        let mut error = self.error(error);
        error.set_call(&self.meta.model, self.meta.attempts);
        if let Some(span) = &self.span {
            span.record_error(&error);
        }
        self.close();
        error
    }

    fn error(&mut self, error: EventDecodeError) -> Error {
        if let (EventDecodeError::Stream(_), Some(exceeded)) = (&error, self.exceeded.take()) {
            let cause = TransportError::new(TransportErrorKind::Timeout, format!("{exceeded:?}"));
            return self.stream_error(exceeded, Some(cause));
        }
        match (error, self.broken.take()) {
            (EventDecodeError::Service(body), _) => {
                let error = api_error(&self.meta.model, self.status, &self.headers, body.into());
                match error.api_error() {
                    // What came before is not lost.
                    Some(response) if !self.decoder.is_silent() => {
                        self.stream_error(StreamErrorKind::Service(Box::new(response.clone())), None)
                    }
                    _ => error,
                }
            }
            (EventDecodeError::Stream(_), Some(broken)) if self.decoder.is_untouched() => broken.interrupted().into(),
            (EventDecodeError::Stream(_), _) if self.decoder.is_not_events() => {
                let (status, headers) = (self.status, self.headers.clone());
                let raw = RawReply { status, headers, body: self.read.concat().into() };
                undecodable(self.meta.clone(), &"it is neither a stream of events nor JSON", &raw)
            }
            (EventDecodeError::Stream(kind), broken) => self.stream_error(kind, broken),
        }
    }

    /// Returns the error of the stream, with everything that arrived before it.
    fn stream_error(&self, kind: StreamErrorKind, broken: Option<TransportError>) -> Error {
        StreamError {
            model: self.meta.model.clone(),
            kind,
            text: self.decoder.text().to_owned(),
            reasoning: self.decoder.reasoning().to_owned(),
            tool_calls: self.decoder.tool_calls(),
            usage: self.meta.usage,
            meta: self.meta.clone(),
            cause: broken.map(|error| Arc::new(error.interrupted())),
        }
        .into()
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(event) = this.first.take() {
            // From here on its bytes cannot be forwarded any more.
            this.keeps_read = false;
            this.read = Vec::new();
            return Poll::Ready(Some(Ok(event)));
        }
        loop {
            if this.failed {
                return Poll::Ready(None);
            }
            match this.decoder.next_event() {
                Some(Ok(event)) => {
                    this.note(&event);
                    return Poll::Ready(Some(Ok(event)));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(this.fail(error)))),
                None if this.decoder.is_over() => {
                    this.close();
                    return Poll::Ready(None);
                }
                None => {}
            }
            if let Some(bytes) = ready!(this.poll_read(cx))
                && this.keeps_read
            {
                this.read.push(bytes);
            }
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("meta", &self.meta).finish_non_exhaustive()
    }
}
