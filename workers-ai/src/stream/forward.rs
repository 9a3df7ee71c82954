//! A streamed answer handed on as it comes.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use serde_json::{Value, json};

use super::{Event, EventStream};
use crate::Error;

/// A streamed answer as `text/event-stream`. [`EventStream::forward`] returns it.
///
/// An error ends it; what came before was handed on.
pub struct Forward<F> {
    stream: EventStream,
    see: F,
    ready: VecDeque<Bytes>,
    failed: Option<Error>,
    /// The bytes are not there to be handed on: the events are written here.
    written: bool,
    /// How many calls of tools were written.
    calls: usize,
    over: bool,
}

impl<F: FnMut(&Event)> Forward<F> {
    pub(super) fn new(mut stream: EventStream, see: F) -> Self {
        let ready: VecDeque<Bytes> = std::mem::take(&mut stream.read).into();
        // Plain JSON in place of a stream, or a stream whose first events were taken before.
        let written = ready.is_empty();
        stream.keeps_read = false;
        let over = stream.failed;
        Self { stream, see, ready, failed: None, written, calls: 0, over }
    }

    /// Looks at every event that the bytes so far hold.
    fn look(&mut self) {
        let first = |stream: &mut EventStream| stream.first.take().map(Ok);
        while let Some(event) = first(&mut self.stream).or_else(|| self.stream.decoder.next_event()) {
            match event {
                Ok(event) => {
                    self.stream.note(&event);
                    (self.see)(&event);
                    if self.written {
                        self.ready.extend(written(&event, self.calls));
                        self.calls += usize::from(matches!(event, Event::ToolCall(_)));
                    }
                }
                Err(fault) => self.failed = Some(self.stream.fail(fault)),
            }
        }
    }
}

impl<F: FnMut(&Event) + Unpin> Stream for Forward<F> {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            this.look();
            if let Some(bytes) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(bytes)));
            }
            if let Some(error) = this.failed.take() {
                this.over = true;
                return Poll::Ready(Some(Err(error)));
            }
            if this.over {
                return Poll::Ready(None);
            }
            if this.stream.decoder.is_over() {
                this.over = true;
                this.stream.close();
                if this.written {
                    this.ready.push_back(Bytes::from_static(b"data: [DONE]\n\n"));
                }
                continue;
            }
            if let Some(bytes) = ready!(this.stream.poll_read(cx))
                && !this.written
            {
                this.ready.push_back(bytes);
            }
        }
    }
}

/// An event in the newer form; `calls` were written before it.
fn written(event: &Event, calls: usize) -> Option<Bytes> {
    let chunk = |delta: Value, finish: Option<&str>| json!({ "object": "chat.completion.chunk", "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] });
    let json = match event {
        Event::Text(text) => chunk(json!({ "content": text }), None),
        Event::Reasoning(text) => chunk(json!({ "reasoning_content": text }), None),
        Event::ToolCall(call) => {
            let mut call = serde_json::to_value(call).unwrap_or_default();
            if let Some(members) = call.as_object_mut() {
                members.insert("index".to_owned(), json!(calls));
            }
            chunk(json!({ "tool_calls": [call] }), None)
        }
        Event::Usage(usage) => json!({ "object": "chat.completion.chunk", "choices": [], "usage": usage }),
        Event::Finish(reason) => chunk(json!({}), Some(reason.as_str())),
        Event::Unknown(value) => value.clone(),
        // The whole call follows.
        Event::ToolCallDelta(_) => return None,
    };
    Some(format!("data: {json}\n\n").into())
}

impl<F> fmt::Debug for Forward<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward").field("stream", &self.stream).finish_non_exhaustive()
    }
}
