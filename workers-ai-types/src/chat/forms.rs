//! Reads a chat response in the form that the model's schema does not have: some models switch between the two.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ChatCompletion, ChatReply, ToolCall};
use crate::{
    decode::{DecodeError, decode_json},
    json::{RawMembers, from_text, to_text},
};

/// Decodes the output of a chat model: `response` and `tool_calls`, or `choices`.
///
/// # Errors
/// Fails if the body is neither.
pub fn decode_chat<T: DeserializeOwned + ChatReply>(content_type: Option<&str>, body: &[u8]) -> Result<T, DecodeError> {
    let read = decode_json::<T>(content_type, body);
    if read.as_ref().is_ok_and(says_something) {
        return read;
    }
    let Some(members) = RawMembers::of(body) else { return read };
    let other = other_forms(&members, body).into_iter().find_map(|json| {
        let reply = from_text::<T>(&json).ok()?;
        says_something(&reply).then_some(reply)
    });
    if let Some(reply) = other {
        return Ok(reply);
    }
    if read.is_ok() && !["response", "choices", "tool_calls", "output"].iter().any(|name| members.get(name).is_some()) {
        return Err(DecodeError::new("there is neither `response` nor `choices`", content_type, body));
    }
    read
}

fn says_something<T: ChatReply>(reply: &T) -> bool {
    !reply.text().is_empty() || !reply.tool_calls().is_empty()
}

/// Returns the response in either form, with all that it says in both. It is JSON as the response is: reading it as anything else would
/// be compiled for every model, too.
fn other_forms(members: &RawMembers<'_>, body: &[u8]) -> Vec<String> {
    let Ok(completion) = serde_json::from_slice::<ChatCompletion>(body) else { return Vec::new() };
    let (text, calls) = (completion.text(), completion.tool_calls().iter().map(ToolCall::json).collect::<Value>());
    let (text, calls) = (to_text(&text.into()), to_text(&calls));
    let message = format!(r#"{{"role":"assistant","content":{text},"tool_calls":{calls}}}"#);
    let openai = [("choices", format!(r#"[{{"index":0,"message":{message}}}]"#))];
    let legacy = [("response", text), ("tool_calls", calls)];
    vec![
        replaced(members, &["response", "tool_calls"], &legacy),
        replaced(members, &["choices", "tool_calls"], &openai),
    ]
}

/// Returns an object without some of its members and with others.
fn replaced(members: &RawMembers<'_>, without: &[&str], with: &[(&str, String)]) -> String {
    let kept = members.0.iter().map(|(name, value)| (name.as_str(), value.get()));
    let kept = kept.filter(|(name, _)| !without.contains(name));
    let mut json = String::new();
    for (name, value) in kept.chain(with.iter().map(|(name, value)| (*name, value.as_str()))) {
        json.push(if json.is_empty() { '{' } else { ',' });
        json.extend([&to_text(&name.into()), ":", value]);
    }
    json + "}"
}
