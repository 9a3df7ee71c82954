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
    let Ok(members) = serde_json::from_slice::<Map<String, Value>>(body) else { return read };
    let other = other_forms(&members, body).into_iter().find_map(|json| {
        let reply = serde_json::from_value::<T>(Value::Object(json)).ok()?;
        says_something(&reply).then_some(reply)
    });
    if let Some(reply) = other {
        return Ok(reply);
    }
    if read.is_ok() && !["response", "choices", "tool_calls", "output"].iter().any(|name| members.contains_key(*name)) {
        return Err(DecodeError::new("there is neither `response` nor `choices`", content_type, body));
    }
    read
}

fn says_something<T: ChatReply>(reply: &T) -> bool {
    !reply.text().is_empty() || !reply.tool_calls().is_empty()
}

/// Returns the response in either form, with all that it says in both.
fn other_forms(members: &Map<String, Value>, body: &[u8]) -> Vec<Map<String, Value>> {
    let Ok(completion) = serde_json::from_slice::<ChatCompletion>(body) else { return Vec::new() };
    let (text, calls) = (completion.text(), json!(completion.tool_calls()));
    let mut legacy = members.clone();
    legacy.insert("response".to_owned(), json!(text));
    legacy.insert("tool_calls".to_owned(), calls.clone());
    let mut openai = members.clone();
    openai.remove("tool_calls");
    let message = json!({ "role": "assistant", "content": text, "tool_calls": calls });
    openai.insert("choices".to_owned(), json!([{ "index": 0, "message": message }]));
    vec![legacy, openai]
}
