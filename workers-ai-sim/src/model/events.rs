//! The events of streamed completions.

use serde_json::{Value, json};

use super::{
    chat::{Completion, Style, pieces},
    similarity::hash,
};

/// Returns the JSON of each event before `[DONE]`.
pub(crate) fn from_completion(completion: &Completion, with_usage: bool) -> Vec<Value> {
    match completion.style {
        Style::Native => native(completion),
        Style::OpenAi => openai(completion, with_usage),
        Style::Responses => responses(completion),
    }
}

fn native(completion: &Completion) -> Vec<Value> {
    // The service pads events so that their length does not reveal the text.
    let padding = |text: &str| {
        "abcdefghijklmnopqrstuvwxyz0123456789"[..usize::try_from(hash("p", text) % 36).unwrap_or(0)].to_owned()
    };
    let mut events: Vec<Value> =
        pieces(&completion.text).into_iter().map(|piece| json!({ "response": piece, "p": padding(piece) })).collect();
    if !completion.tool_calls.is_empty() {
        let calls: Vec<Value> = completion
            .tool_calls
            .iter()
            .map(|(name, arguments)| json!({ "name": name, "arguments": arguments }))
            .collect();
        events.push(json!({ "response": null, "tool_calls": calls, "p": "ab" }));
    }
    events.push(json!({ "response": "", "usage": completion.usage() }));
    events
}

fn openai(completion: &Completion, with_usage: bool) -> Vec<Value> {
    let chunk = |delta: &Value, finish_reason: Option<&str>| {
        json!({
            "id": "chatcmpl-local", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": completion.model,
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish_reason }],
        })
    };
    let mut events = vec![chunk(&json!({ "role": "assistant", "content": "" }), None)];
    if let Some(reasoning) = &completion.reasoning {
        let pieces = pieces(reasoning).into_iter();
        events.extend(pieces.map(|piece| chunk(&json!({ "reasoning_content": piece }), None)));
    }
    let pieces = pieces(&completion.text).into_iter();
    events.extend(pieces.map(|piece| chunk(&json!({ "content": piece }), None)));
    for (index, call) in completion.openai_tool_calls().iter().enumerate() {
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
    events.push(chunk(&json!({}), Some(completion.finish_reason())));
    if with_usage {
        events.push(json!({
            "id": "chatcmpl-local", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": completion.model,
            "choices": [], "usage": completion.usage(),
        }));
    }
    events
}

fn responses(completion: &Completion) -> Vec<Value> {
    let mut events =
        vec![json!({ "type": "response.created", "response": { "id": "resp_local", "status": "in_progress" } })];
    if let Some(reasoning) = &completion.reasoning {
        let pieces = pieces(reasoning).into_iter();
        events.extend(
            pieces.map(|piece| json!({ "type": "response.reasoning_text.delta", "item_id": "rs_0", "delta": piece })),
        );
    }
    let pieces = pieces(&completion.text).into_iter();
    events.extend(
        pieces.map(|piece| json!({ "type": "response.output_text.delta", "item_id": "msg_0", "delta": piece })),
    );
    events.push(json!({ "type": "response.completed", "response": completion.to_json() }));
    events
}
