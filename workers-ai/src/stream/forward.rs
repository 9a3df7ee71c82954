//! Forwards a stream as it arrives.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use serde_json::{Value, json};
use web_time::{SystemTime, UNIX_EPOCH};

use super::{Event, EventStream};
use crate::{Error, Meta};

/// A stream as `text/event-stream`. Returned by [`EventStream::forward`].
///
/// An error ends it; everything before it has been forwarded.
pub struct Forward<F> {
    stream: EventStream,
    inspect: F,
    ready: VecDeque<Bytes>,
    failed: Option<Error>,
    /// The bytes are not available: the events are written here.
    writes: bool,
    /// Events of other forms are left out.
    stable: bool,
    /// The number of tool calls written.
    calls: usize,
    over: bool,
}

impl<F: FnMut(&Event)> Forward<F> {
    pub(super) fn new(mut stream: EventStream, inspect: F) -> Self {
        let ready: VecDeque<Bytes> = std::mem::take(&mut stream.read).into();
        // A complete response in place of a stream, or a stream whose first events were taken before.
        let writes = ready.is_empty();
        stream.keeps_read = false;
        let over = stream.failed;
        Self { stream, inspect, ready, failed: None, writes, stable: false, calls: 0, over }
    }

    /// Writes every event in OpenAI's form.
    pub(super) fn as_openai(mut stream: EventStream, inspect: F) -> Self {
        stream.keeps_read = false;
        stream.read = Vec::new();
        let over = stream.failed;
        Self { stream, inspect, ready: VecDeque::new(), failed: None, writes: true, stable: true, calls: 0, over }
    }

    /// Inspects every event in the bytes so far.
    fn inspect_events(&mut self) {
        let first = |stream: &mut EventStream| stream.first.take().map(Ok);
        while let Some(event) = first(&mut self.stream).or_else(|| self.stream.decoder.next_event()) {
            match event {
                Ok(event) => {
                    self.stream.note(&event);
                    (self.inspect)(&event);
                    let has_place = !(self.stable && matches!(event, Event::Unknown(_)));
                    if self.writes && has_place {
                        self.ready.extend(write(&event, self.calls, &self.stream.meta));
                        self.calls += usize::from(matches!(event, Event::ToolCall(_)));
                    }
                }
                Err(error) => self.failed = Some(self.stream.fail(error)),
            }
        }
    }
}

impl<F: FnMut(&Event) + Unpin> Stream for Forward<F> {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            this.inspect_events();
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
                if this.writes {
                    this.ready.push_back(Bytes::from_static(b"data: [DONE]\n\n"));
                }
                continue;
            }
            if let Some(bytes) = ready!(this.stream.poll_read(cx))
                && !this.writes
            {
                this.ready.push_back(bytes);
            }
        }
    }
}

/// Writes an event in OpenAI's form; `calls` tool calls were written before it.
fn write(event: &Event, calls: usize, meta: &Meta) -> Option<Bytes> {
    let created = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let id = meta.request_id.as_deref().unwrap_or("chatcmpl");
    let with = |choices: Value| json!({ "id": id, "object": "chat.completion.chunk", "created": created, "model": meta.model, "choices": choices });
    let chunk =
        |delta: Value, finish: Option<&str>| with(json!([{ "index": 0, "delta": delta, "finish_reason": finish }]));
    let json = match event {
        Event::Text(text) => chunk(json!({ "content": text }), None),
        Event::Reasoning(text) => chunk(json!({ "reasoning_content": text }), None),
        Event::ToolCall(call) => {
            let id_is_missing = call.id.is_none();
            let mut call = serde_json::to_value(call).unwrap_or_default();
            if let Some(members) = call.as_object_mut() {
                members.insert("index".to_owned(), json!(calls));
                if id_is_missing {
                    members.insert("id".to_owned(), json!(format!("call_{calls}")));
                }
            }
            chunk(json!({ "tool_calls": [call] }), None)
        }
        Event::Usage(usage) => {
            let mut last = with(json!([]));
            last["usage"] = json!(usage);
            last
        }
        Event::Finish(reason) => chunk(json!({}), Some(reason.as_str())),
        Event::Unknown(value) => value.clone(),
        // The complete call follows.
        Event::ToolCallDelta(_) => return None,
    };
    Some(format!("data: {json}\n\n").into())
}

impl<F> fmt::Debug for Forward<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forward").field("stream", &self.stream).finish_non_exhaustive()
    }
}
