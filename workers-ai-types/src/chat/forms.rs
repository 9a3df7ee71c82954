//! Reads a chat response in the form that the model's schema does not have: some models switch between the two.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{ChatCompletion, ChatReply};
use crate::decode::{DecodeError, decode_json};

/// Decodes the output of a chat model: `response` and `tool_calls`, or `choices`.
///
/// # Errors
/// Fails if the body is neither.
pub fn decode_chat<T: DeserializeOwned + ChatReply>(content_type: Option<&str>, body: &[u8]) -> Result<T, DecodeError> {
    let read = decode_json::<T>(content_type, body);
    if read.as_ref().is_ok_and(says_something) {
        return read;
    }
    let other = other_form(body).and_then(|json| serde_json::from_value::<T>(json).ok()).filter(says_something);
    other.map_or(read, Ok)
}

fn says_something<T: ChatReply>(reply: &T) -> bool {
    let has_response = reply.response().is_some_and(|response| !response.json().is_null());
    has_response || !reply.calls().is_empty() || !reply.choices().is_empty()
}

/// Returns the response in the other form.
fn other_form(body: &[u8]) -> Option<Value> {
    let mut json: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let completion: ChatCompletion = serde_json::from_slice(body).ok()?;
    let (text, calls) = (completion.text(), serde_json::to_value(completion.tool_calls()).ok()?);
    if completion.choices.is_empty() {
        let response = json.remove("response")?;
        let content = if response.is_null() { Value::Null } else { text.into() };
        let message = json!({ "role": "assistant", "content": content, "tool_calls": calls });
        json.insert("choices".to_owned(), json!([{ "index": 0, "message": message }]));
    } else {
        json.insert("response".to_owned(), text.into());
        json.insert("tool_calls".to_owned(), calls);
    }
    Some(Value::Object(json))
}
