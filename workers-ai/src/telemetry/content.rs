//! Prompts and responses in OpenTelemetry's form for messages: `[{"role":"user","parts":[{"type":"text","content":"…"}]}]`.

use serde_json::{Value, json};
use workers_ai_types::chat::{ChatCompletion, ChatReply, FinishReason};

/// Members of inputs that contain a text, or a list of texts.
const TEXTS: [&str; 5] = ["prompt", "text", "input", "query", "input_text"];

/// Returns the messages of an input. Images and other files are named, not recorded.
pub(super) fn input_messages(json: &[u8]) -> Option<String> {
    let input: Value = serde_json::from_slice(json).ok()?;
    // The steps of a fallback ask the same: the first speaks for all.
    let input = input.pointer("/0/query").unwrap_or(&input);
    messages(input).map(|messages| Value::Array(messages).to_string())
}

fn messages(input: &Value) -> Option<Vec<Value>> {
    Some(match input.get("messages").or_else(|| input.get("input")) {
        Some(Value::Array(messages)) => messages.iter().map(message).collect(),
        // A model of another company: the input stands beside the ID.
        Some(named @ Value::Object(_)) => messages(named)?,
        _ => {
            let text = TEXTS.iter().find_map(|name| input.get(*name))?;
            vec![json!({ "role": "user", "parts": parts(text) })]
        }
    })
}

fn message(message: &Value) -> Value {
    let Some(content) = message.get("content") else { return json!({ "role": "user", "parts": parts(message) }) };
    let role = message.get("role").and_then(Value::as_str).unwrap_or("user");
    if role == "tool" {
        let id = message.get("tool_call_id");
        return json!({ "role": role, "parts": [{ "type": "tool_call_response", "id": id, "response": content }] });
    }
    let mut parts = parts(content);
    let calls = message.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    parts.extend(calls.filter_map(|call| {
        let function = call.get("function")?;
        Some(json!({
            "type": "tool_call", "id": call.get("id"), "name": function.get("name"), "arguments": function.get("arguments"),
        }))
    }));
    json!({ "role": role, "parts": parts })
}

fn parts(content: &Value) -> Vec<Value> {
    match content {
        Value::String(text) => vec![json!({ "type": "text", "content": text })],
        Value::Array(items) => items.iter().flat_map(parts).collect(),
        Value::Object(members) => match members.get("text").and_then(Value::as_str) {
            Some(text) => vec![json!({ "type": "text", "content": text })],
            None => vec![json!({ "type": members.get("type") })],
        },
        _ => Vec::new(),
    }
}

/// Returns the message in a response of a chat model.
pub(super) fn output_messages(json: &[u8], finish: Option<&FinishReason>) -> Option<String> {
    let answer: ChatCompletion = serde_json::from_slice(json).ok()?;
    let mut parts = Vec::new();
    if let Some(reasoning) = answer.reasoning() {
        parts.push(json!({ "type": "reasoning", "content": reasoning }));
    }
    let text = answer.text();
    if !text.is_empty() {
        parts.push(json!({ "type": "text", "content": text }));
    }
    for call in answer.tool_calls() {
        parts.push(json!({ "type": "tool_call", "id": call.id, "name": call.name, "arguments": call.arguments }));
    }
    if parts.is_empty() { None } else { Some(assistant_message(&parts, finish)) }
}

/// Returns the message of a streamed response.
pub(super) fn text_message(text: &str, finish: Option<&FinishReason>) -> String {
    assistant_message(&[json!({ "type": "text", "content": text })], finish)
}

fn assistant_message(parts: &[Value], finish: Option<&FinishReason>) -> String {
    let finish = finish.map(FinishReason::as_str);
    json!([{ "role": "assistant", "parts": parts, "finish_reason": finish }]).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use workers_ai_types::chat::FinishReason;

    fn input(json: &Value) -> Value {
        let text = super::input_messages(json.to_string().as_bytes()).expect("messages");
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn inputs_are_messages_without_their_images() {
        let text = |text: &str| json!({ "type": "text", "content": text });
        assert_eq!(input(&json!({ "prompt": "hi" })), json!([{ "role": "user", "parts": [text("hi")] }]));
        let two = json!([{ "role": "user", "parts": [text("a"), text("b")] }]);
        assert_eq!(input(&json!({ "text": ["a", "b"], "pooling": "cls" })), two);
        let chat = json!({ "messages": [
            { "role": "system", "content": "be short" },
            { "role": "user", "content": [
                { "type": "text", "text": "what is it?" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" } },
            ] },
            { "role": "assistant", "content": "", "tool_calls": [{ "id": "c", "function": { "name": "look", "arguments": "{}" } }] },
            { "role": "tool", "tool_call_id": "c", "content": "a cat" },
        ] });
        let expected = json!([
            { "role": "system", "parts": [text("be short")] },
            { "role": "user", "parts": [text("what is it?"), { "type": "image_url" }] },
            { "role": "assistant", "parts": [text(""), { "type": "tool_call", "id": "c", "name": "look", "arguments": "{}" }] },
            { "role": "tool", "parts": [{ "type": "tool_call_response", "id": "c", "response": "a cat" }] },
        ]);
        assert_eq!(input(&chat), expected);
        assert_eq!(input(&json!({ "model": "a/b", "input": chat })), expected);
        assert_eq!(super::input_messages(b"{\"audio\":[1,2]}"), None);
        assert_eq!(super::input_messages(b"no JSON"), None);
    }

    #[test]
    fn answers_of_both_schemas_are_messages() {
        let expected = json!([
            { "role": "assistant", "parts": [{ "type": "text", "content": "blue" }], "finish_reason": "length" },
        ]);
        for answer in [
            json!({ "response": "blue" }),
            json!({ "choices": [{ "message": { "role": "assistant", "content": "blue" }, "finish_reason": "length" }] }),
        ] {
            let text =
                super::output_messages(answer.to_string().as_bytes(), Some(&FinishReason::Length)).expect("a message");
            assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), expected);
        }
        assert_eq!(super::output_messages(b"{\"data\":[[1.0]]}", None), None);
    }
}
