//! Decodes the bytes of a stream into events, without I/O: the same for every transport.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;
use workers_ai_types::{
    __private::from_text,
    chat::{ChatCompletion, ChatReply, FinishReason, ToolCall, Usage},
};

use super::{
    chunk::{Chunk, ChunkChoice, Delta, is_bare_failure},
    event::{Event, ToolCallDelta},
    sse::{Frame, Frames},
};
use crate::{
    error::StreamErrorKind,
    reply::{reached_limit, readable_usage},
};

/// Decodes the stream of a chat model. Bytes go in with [`push`](EventDecoder::push), events come out of
/// [`next_event`](EventDecoder::next_event). It does no I/O.
///
/// ```
/// use workers_ai::stream::{Event, EventDecoder};
///
/// let mut decoder = EventDecoder::new();
/// decoder.push(b"data: {\"response\":\"Hel");
/// assert!(decoder.next_event().is_none());
/// decoder.push(b"lo\"}\n\ndata: [DONE]\n\n");
/// assert_eq!(decoder.next_event(), Some(Ok(Event::Text("Hello".to_owned()))));
/// ```
#[derive(Debug, Default)]
pub struct EventDecoder {
    frames: Frames,
    ready: VecDeque<Result<Event, EventDecodeError>>,
    calls: BTreeMap<usize, PartialCall>,
    /// The calls by their IDs.
    indexes: BTreeMap<String, usize>,
    /// The position of the call that an index of the stream stands for.
    positions: BTreeMap<u64, usize>,
    /// The calls that are complete.
    complete_calls: Vec<ToolCall>,
    usage: Option<Usage>,
    finish: Option<FinishReason>,
    text: String,
    reasoning: String,
    /// There has been an event, of whatever kind.
    framed: bool,
    limit: Option<u64>,
    over: bool,
}

/// Why a stream cannot be decoded further.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventDecodeError {
    /// The stream is invalid.
    Stream(StreamErrorKind),
    /// The service reports a failure in the middle of the stream, with this JSON.
    Service(Vec<u8>),
}

#[derive(Debug, Default)]
struct PartialCall {
    id: Option<String>,
    name: String,
    arguments: String,
}

impl PartialCall {
    /// Returns `true` if nothing is missing: the JSON of an object is never the beginning of another's.
    fn is_complete(&self) -> bool {
        // Most unfinished arguments are recognized by their ends, without reading them each time.
        let arguments = self.arguments.trim();
        !self.name.is_empty() && arguments.starts_with('{') && arguments.ends_with('}') && is_json(arguments.as_bytes())
    }

    /// Returns `true` if a piece with this ID and name is not a part of the call. An ID is not enough to begin another: some models send
    /// a new one with each piece, but no name. Nor is the same name, if it brings nothing: some repeat it at the end.
    fn is_followed_by(&self, id: Option<&str>, name: Option<&str>, brings: bool) -> bool {
        let another_id = id.is_some_and(|id| self.id.as_deref().is_some_and(|own| own != id));
        match name {
            Some(name) => !self.name.is_empty() && (another_id || self.name != name || (brings && self.is_complete())),
            None => another_id && self.is_complete(),
        }
    }

    fn call(&self) -> ToolCall {
        let arguments = match self.arguments.trim() {
            "" => Value::Object(serde_json::Map::new()),
            text => from_text(text).unwrap_or_else(|_| Value::String(self.arguments.clone())),
        };
        ToolCall { id: self.id.clone(), name: self.name.clone(), arguments }
    }
}

impl EventDecoder {
    /// Creates a decoder for the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the token limit: output that has that many tokens and does not say why it ended was cut.
    #[must_use]
    pub fn with_token_limit(mut self, tokens: u64) -> Self {
        self.limit = Some(tokens);
        self
    }

    /// Decodes more of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.over {
            return;
        }
        self.frames.push(bytes);
        while let Some(frame) = self.frames.next() {
            self.frame(frame);
            if self.over {
                return;
            }
        }
    }

    /// Ends the stream.
    pub fn finish(&mut self) {
        if self.over {
            return;
        }
        match self.frames.rest() {
            // An event that the end cut in two does not count.
            Some(Frame::Data(data)) if !is_json(&data) && lines(&data).is_none() => self.framed = true,
            Some(frame) => self.frame(frame),
            None => {}
        }
        if self.over {
            return;
        }
        if self.finish.is_some() {
            self.close();
        } else {
            self.ready.extend(self.usage.take().map(|usage| Ok(Event::Usage(usage))));
            self.fail(StreamErrorKind::Truncated);
        }
    }

    /// Decodes a complete JSON response, without its envelope, in place of a stream: some models return one.
    pub fn complete(&mut self, body: &[u8]) {
        if let Err(error) = self.take_complete(body) {
            self.over = true;
            self.ready.push_back(Err(error));
        }
    }

    /// Decodes a complete response. Nothing changes if it is not the response of a chat model.
    pub(super) fn take_complete(&mut self, body: &[u8]) -> Result<(), EventDecodeError> {
        let Ok(answer) = serde_json::from_slice::<ChatCompletion>(body) else { return Err(complete_error(body)) };
        let calls = answer.tool_calls();
        let has_content = !answer.choices.is_empty() || answer.response.is_some() || !answer.output.is_empty();
        if !has_content && calls.is_empty() {
            let error = complete_error(body);
            if answer.usage.is_none() || matches!(error, EventDecodeError::Service(_)) {
                return Err(error);
            }
        }
        if let Some(reasoning) = answer.reasoning() {
            self.emit(Event::Reasoning(reasoning.to_owned()));
        }
        self.emit(Event::Text(answer.text().into_owned()));
        for call in calls {
            self.emit(Event::ToolCall(call.clone()));
        }
        self.usage = answer.usage;
        self.finish = answer.finish_reason().cloned();
        self.close();
        Ok(())
    }

    /// Returns the next event. `None`: more of the stream is needed, or it is over.
    pub fn next_event(&mut self) -> Option<Result<Event, EventDecodeError>> {
        self.ready.pop_front()
    }

    /// Returns `true` after the last event.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over && self.ready.is_empty()
    }

    /// Returns `true` if no output has arrived.
    pub(super) fn is_silent(&self) -> bool {
        self.text.is_empty() && self.reasoning.is_empty() && self.calls.is_empty() && self.complete_calls.is_empty()
    }

    /// Returns the text of all events so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the reasoning of all events so far.
    #[must_use]
    pub fn reasoning(&self) -> &str {
        &self.reasoning
    }

    /// Returns the tool calls that are complete, including those whose event would arrive at the end of the stream.
    #[must_use]
    pub fn tool_calls(&self) -> Vec<ToolCall> {
        let collected = self.calls.values().filter(|call| call.is_complete()).map(PartialCall::call);
        self.complete_calls.iter().cloned().chain(collected).collect()
    }

    /// Returns `true` if nothing has arrived.
    pub(super) fn is_untouched(&self) -> bool {
        !self.framed && !self.frames.is_odd()
    }

    /// Returns `true` if something has arrived that is not an event stream.
    pub(super) fn is_not_events(&self) -> bool {
        !self.framed && self.frames.is_odd()
    }

    /// Drops empty events, and remembers the others.
    fn emit(&mut self, event: Event) {
        match &event {
            Event::Text(text) | Event::Reasoning(text) if text.is_empty() => return,
            Event::Text(text) => self.text.push_str(text),
            Event::Reasoning(text) => self.reasoning.push_str(text),
            Event::ToolCall(call) => self.complete_calls.push(call.clone()),
            _ => {}
        }
        self.ready.push_back(Ok(event));
    }

    fn fail(&mut self, kind: StreamErrorKind) {
        self.over = true;
        self.ready.push_back(Err(EventDecodeError::Stream(kind)));
    }

    fn fail_with(&mut self, body: Vec<u8>) {
        self.over = true;
        self.ready.push_back(Err(EventDecodeError::Service(body)));
    }

    fn frame(&mut self, frame: Frame) {
        self.framed = true;
        let data = match frame {
            Frame::Done => return self.close(),
            Frame::TooLarge => return self.fail(StreamErrorKind::TooLarge),
            Frame::Error(data) => return self.fail_with(data),
            Frame::Data(data) => data,
        };
        if data.trim_ascii().is_empty() {
            return;
        }
        if let Ok(chunk) = serde_json::from_slice::<Chunk<'_>>(&data) {
            return self.chunk(chunk, &data);
        }
        if let Ok(other) = serde_json::from_slice::<Value>(&data) {
            return match other {
                Value::Object(_) => self.chunk(Chunk::from_json(&other), &data),
                other => self.emit(Event::Unknown(other)),
            };
        }
        match lines(&data) {
            Some(frames) => {
                for frame in frames {
                    self.frame(frame);
                    if self.over {
                        return;
                    }
                }
            }
            None => self.fail(StreamErrorKind::InvalidJson(String::from_utf8_lossy(&data).into_owned())),
        }
    }

    fn chunk(&mut self, chunk: Chunk<'_>, data: &[u8]) {
        if chunk.is_failure() {
            return self.fail_with(data.to_vec());
        }
        if let Some(kind) = chunk.kind.as_deref().filter(|kind| kind.starts_with("response.")) {
            let kind = kind.to_owned();
            return self.responses(&kind, chunk, data);
        }
        let mut known = chunk.usage.is_some();
        if let Some(usage) = chunk.usage {
            self.usage = Some(usage);
        }
        // An event in both forms says everything twice.
        let (text, calls) = chunk.choices.iter().flatten().next().map_or((false, false), ChunkChoice::says);
        if let Some(response) = chunk.response {
            known = true;
            if !text {
                self.emit(Event::Text(response.into_text()));
            }
        }
        for call in chunk.tool_calls.into_iter().flatten().filter(|_| !calls) {
            known = true;
            self.complete_or_partial(&call);
        }
        if let Some(choices) = chunk.choices {
            known = true;
            // Only one choice is requested.
            if let Some(choice) = choices.into_iter().next() {
                self.choice(choice);
            }
        }
        if !known && !is_legacy(data) {
            match serde_json::from_slice(data) {
                Ok(value) if is_bare_failure(&value) => self.fail_with(data.to_vec()),
                Ok(Value::Object(mut members)) if members.get("success") == Some(&Value::Bool(true)) => {
                    match members.remove("result") {
                        Some(result @ Value::Object(_)) => {
                            self.chunk(Chunk::from_json(&result), result.to_string().as_bytes());
                        }
                        _ => self.emit(Event::Unknown(members.into())),
                    }
                }
                Ok(value) => self.emit(Event::Unknown(value)),
                Err(_) => self.fail(StreamErrorKind::InvalidJson(String::from_utf8_lossy(data).into_owned())),
            }
        }
    }

    fn choice(&mut self, choice: ChunkChoice<'_>) {
        let Delta { content, reasoning_content, reasoning, tool_calls } =
            choice.delta.or(choice.message).unwrap_or_default();
        if let Some(reasoning) = reasoning_content.or(reasoning) {
            self.emit(Event::Reasoning(reasoning.into_owned()));
        }
        if let Some(content) = content {
            self.emit(Event::Text(content.into_text()));
        } else if let Some(text) = choice.text {
            self.emit(Event::Text(text.into_owned()));
        }
        for call in tool_calls.into_iter().flatten() {
            self.partial(&call);
        }
        if let Some(reason) = choice.finish_reason {
            self.finish = Some(reason);
        }
    }

    /// Decodes an event of OpenAI's Responses form.
    fn responses(&mut self, kind: &str, chunk: Chunk<'_>, data: &[u8]) {
        match kind {
            "response.output_text.delta" => {
                self.emit(Event::Text(chunk.delta.map(super::chunk::Loose::into_text).unwrap_or_default()));
            }
            "response.reasoning_text.delta" | "response.reasoning_summary_text.delta" => {
                self.emit(Event::Reasoning(chunk.delta.map(super::chunk::Loose::into_text).unwrap_or_default()));
            }
            "response.output_item.done" => {
                let value: Value = serde_json::from_slice(data).unwrap_or_default();
                let item = &value["item"];
                if item["type"] != "function_call" {
                    return self.emit(Event::Unknown(value));
                }
                if let Ok(mut call) = serde_json::from_value::<ToolCall>(item.clone()) {
                    call.id = item["call_id"].as_str().map(str::to_owned).or(call.id);
                    self.emit(Event::ToolCall(call));
                }
            }
            "response.completed" | "response.incomplete" => {
                let value: Value = serde_json::from_slice(data).unwrap_or_default();
                if let Some(usage) = value.pointer("/response/usage") {
                    self.usage = readable_usage(usage);
                }
                self.finish = Some(match () {
                    () if kind.ends_with("incomplete") => FinishReason::Length,
                    () if !self.complete_calls.is_empty() => FinishReason::ToolCalls,
                    () => FinishReason::Stop,
                });
            }
            "response.failed" => self.fail_with(data.to_vec()),
            _ => {
                if let Ok(value) = serde_json::from_slice(data) {
                    self.emit(Event::Unknown(value));
                }
            }
        }
    }

    /// Decodes a call beside `response`: complete, except for models that send it in pieces as OpenAI does.
    fn complete_or_partial(&mut self, call: &Value) {
        if call.get("index").is_some() {
            return self.partial(call);
        }
        if let Ok(call) = serde_json::from_value::<ToolCall>(call.clone())
            && !call.name.is_empty()
        {
            self.emit(Event::ToolCall(call));
        }
    }

    fn partial(&mut self, piece: &Value) {
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let function = piece.get("function").unwrap_or(piece);
        let arguments = match function.get("arguments") {
            Some(Value::String(text)) => text.clone(),
            None | Some(Value::Null) => String::new(),
            Some(other) => other.to_string(),
        };
        let index = piece.get("index").and_then(Value::as_u64);
        // Some models continue a call under the ID "null".
        let id = text(piece.get("id")).filter(|id| id != "null");
        let name = text(function.get("name"));
        let index = self.position(index, id.as_deref(), name.as_deref(), !arguments.is_empty());
        let delta = ToolCallDelta { index, id, name, arguments };
        // A closing piece may contain nothing but nulls.
        if delta.id.is_none() && delta.name.is_none() && delta.arguments.is_empty() {
            return;
        }
        let call = self.calls.entry(index).or_default();
        if let Some(id) = &delta.id {
            call.id.get_or_insert_with(|| id.clone());
            self.indexes.insert(id.clone(), index);
        }
        if let Some(name) = delta.name.as_ref().filter(|_| call.name.is_empty()) {
            call.name.clone_from(name);
        }
        call.arguments.push_str(&delta.arguments);
        self.emit(Event::ToolCallDelta(delta));
    }

    /// Returns the position of the call that a piece belongs to: the call of its ID, else that of its index or the last one, unless a new
    /// one begins. Some gateways send several calls under one index.
    fn position(&mut self, index: Option<u64>, id: Option<&str>, name: Option<&str>, brings: bool) -> usize {
        let last = self.calls.last_key_value().map(|(last, _)| *last);
        let known = match index {
            Some(index) => self.positions.get(&index).copied(),
            None => last,
        };
        let continued = known.filter(|known| {
            self.calls.get(known).is_some_and(|call| !call.is_followed_by(id, name, brings || index.is_none()))
        });
        let of_id = id.and_then(|id| self.indexes.get(id)).copied();
        let position = of_id.or(continued).unwrap_or_else(|| last.map_or(0, |last| last.saturating_add(1)));
        if let Some(index) = index {
            self.positions.insert(index, position);
        }
        position
    }

    /// Emits what was collected, at the end of the stream.
    fn close(&mut self) {
        self.over = true;
        for (_, call) in std::mem::take(&mut self.calls) {
            // Without a name, nothing can be called.
            let event =
                if call.name.is_empty() { Event::Unknown(call.arguments.into()) } else { Event::ToolCall(call.call()) };
            self.emit(event);
        }
        let default = match () {
            () if !self.complete_calls.is_empty() => FinishReason::ToolCalls,
            () if reached_limit(self.usage.as_ref(), self.limit) => FinishReason::Length,
            () => FinishReason::Stop,
        };
        let reason = self.finish.take().unwrap_or(default);
        // Some models put a whole answer where others put their reasoning.
        if reason == FinishReason::Stop
            && self.text.is_empty()
            && self.complete_calls.is_empty()
            && !self.reasoning.is_empty()
        {
            self.emit(Event::Text(self.reasoning.clone()));
        }
        if let Some(usage) = self.usage.take() {
            self.emit(Event::Usage(usage));
        }
        self.emit(Event::Finish(reason));
    }
}

/// Returns the error for a complete response that cannot be decoded.
fn complete_error(body: &[u8]) -> EventDecodeError {
    match serde_json::from_slice::<Value>(body) {
        Ok(json) if Chunk::from_json(&json).is_failure() || is_bare_failure(&json) => {
            EventDecodeError::Service(body.to_vec())
        }
        _ => EventDecodeError::Stream(StreamErrorKind::InvalidJson(String::from_utf8_lossy(body).into_owned())),
    }
}

fn is_json(data: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(data).is_ok()
}

/// Splits several events that no empty line separates.
fn lines(data: &[u8]) -> Option<Vec<Frame>> {
    let frame = |line: &[u8]| match line.trim_ascii() {
        b"[DONE]" => Some(Frame::Done),
        _ if is_json(line) => Some(Frame::Data(line.to_vec())),
        _ => None,
    };
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    if lines.len() < 2 { None } else { lines.into_iter().map(frame).collect() }
}

/// Returns `true` if an event of the legacy form contains nothing: `{"response":null,"p":"…"}`.
fn is_legacy(data: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return false };
    ["response", "choices", "usage"].iter().any(|name| value.get(name).is_some_and(Value::is_null))
}
