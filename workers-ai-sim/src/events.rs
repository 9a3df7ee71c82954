//! Streamed answers: the events of both forms.

use serde_json::{Value, json};

use crate::{
    answer::chat::{Said, Style, pieces},
    embed::hash,
};

/// The JSON of each event; `[DONE]` follows.
pub(crate) fn of(said: &Said, with_usage: bool) -> Vec<Value> {
    match said.style {
        Style::Native => native(said),
        Style::OpenAi => openai(said, with_usage),
        Style::Responses => responses(said),
    }
}

fn native(said: &Said) -> Vec<Value> {
    // The service pads events so that their length does not give the text away.
    let padding = |text: &str| {
        "abcdefghijklmnopqrstuvwxyz0123456789"[..usize::try_from(hash("p", text) % 36).unwrap_or(0)].to_owned()
    };
    let mut events: Vec<Value> =
        pieces(&said.text).into_iter().map(|piece| json!({ "response": piece, "p": padding(piece) })).collect();
    if !said.calls.is_empty() {
        let calls: Vec<Value> =
            said.calls.iter().map(|(name, arguments)| json!({ "name": name, "arguments": arguments })).collect();
        events.push(json!({ "response": null, "tool_calls": calls, "p": "ab" }));
    }
    events.push(json!({ "response": "", "usage": said.usage() }));
    events
}

fn openai(said: &Said, with_usage: bool) -> Vec<Value> {
    let chunk = |delta: &Value, finish: Option<&str>| {
        json!({
            "id": "chatcmpl-local", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": said.model,
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }],
        })
    };
    let mut events = vec![chunk(&json!({ "role": "assistant", "content": "" }), None)];
    if let Some(reasoning) = &said.reasoning {
        let pieces = pieces(reasoning).into_iter();
        events.extend(pieces.map(|piece| chunk(&json!({ "reasoning_content": piece }), None)));
    }
    events.extend(
        pieces(&said.text)
            .into_iter()
            .filter(|_| said.calls.is_empty())
            .map(|piece| chunk(&json!({ "content": piece }), None)),
    );
    for (index, call) in said.openai_calls().iter().enumerate() {
        let name = call.pointer("/function/name");
        let first = json!({ "index": index, "id": call["id"], "type": "function", "function": { "name": name, "arguments": "" } });
        events.push(chunk(&json!({ "tool_calls": [first] }), None));
        let arguments = call.pointer("/function/arguments").and_then(Value::as_str).unwrap_or_default();
        let letters: Vec<char> = arguments.chars().collect();
        for part in letters.chunks(7) {
            let part: String = part.iter().collect();
            let more = json!({ "index": index, "function": { "arguments": part } });
            events.push(chunk(&json!({ "tool_calls": [more] }), None));
        }
    }
    events.push(chunk(&json!({}), Some(said.finish())));
    if with_usage {
        events.push(json!({
            "id": "chatcmpl-local", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": said.model,
            "choices": [], "usage": said.usage(),
        }));
    }
    events
}

fn responses(said: &Said) -> Vec<Value> {
    let mut events =
        vec![json!({ "type": "response.created", "response": { "id": "resp_local", "status": "in_progress" } })];
    if let Some(reasoning) = &said.reasoning {
        let pieces = pieces(reasoning).into_iter();
        events.extend(
            pieces.map(|piece| json!({ "type": "response.reasoning_text.delta", "item_id": "rs_0", "delta": piece })),
        );
    }
    let pieces = pieces(&said.text).into_iter();
    events.extend(
        pieces.map(|piece| json!({ "type": "response.output_text.delta", "item_id": "msg_0", "delta": piece })),
    );
    events.push(json!({ "type": "response.completed", "response": said.whole() }));
    events
}
