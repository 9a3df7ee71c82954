//! The JSON of one event, in all forms that models use.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use workers_ai_types::chat::{FinishReason, Usage};

use crate::reply::{if_readable, readable_usage};

/// The JSON of one event: the legacy form, OpenAI's chat and Responses forms, and errors.
#[derive(Deserialize)]
pub(super) struct Chunk<'a> {
    /// A null is distinguished from a missing member: it occurs in the legacy form.
    #[serde(borrow, default)]
    pub response: Option<Loose<'a>>,
    #[serde(default)]
    pub tool_calls: Option<Vec<Value>>,
    #[serde(borrow, default)]
    pub choices: Option<Vec<ChunkChoice<'a>>>,
    #[serde(default, deserialize_with = "if_readable")]
    pub usage: Option<Usage>,
    #[serde(borrow, default, rename = "type")]
    pub kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub delta: Option<Loose<'a>>,
    #[serde(default)]
    pub error: Option<Value>,
    #[serde(default)]
    pub errors: Option<Value>,
    /// The code of an error, as the binding spells it.
    #[serde(default, rename = "internalCode")]
    pub internal_code: Option<Value>,
    #[serde(default)]
    pub success: Option<Value>,
}

impl<'a> Chunk<'a> {
    /// Reads an event some of whose members have an unexpected type. Those members are left out.
    pub(super) fn from_json(json: &'a Value) -> Self {
        Self {
            response: json.get("response").and_then(read),
            tool_calls: member(json, "tool_calls"),
            choices: json
                .get("choices")
                .and_then(Value::as_array)
                .map(|all| all.iter().map(ChunkChoice::from_json).collect()),
            usage: json.get("usage").and_then(readable_usage),
            kind: member(json, "type"),
            delta: member(json, "delta"),
            error: member(json, "error"),
            errors: member(json, "errors"),
            internal_code: member(json, "internalCode"),
            success: member(json, "success"),
        }
    }

    /// Returns `true` if the event reports a failure of the service.
    pub(super) fn is_failure(&self) -> bool {
        has_error(self.error.as_ref())
            || has_error(self.errors.as_ref())
            || has_error(self.internal_code.as_ref())
            || self.success == Some(Value::Bool(false))
            || self.kind.as_deref() == Some("error")
    }
}

/// Reads a member, unless it has an unexpected type.
fn member<'a, T: Deserialize<'a>>(json: &'a Value, name: &str) -> Option<T> {
    json.get(name).filter(|value| !value.is_null()).and_then(read)
}

fn read<'a, T: Deserialize<'a>>(json: &'a Value) -> Option<T> {
    T::deserialize(json).ok()
}

/// Returns `true` if a member for errors contains one.
fn has_error(error: Option<&Value>) -> bool {
    match error {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(errors)) => !errors.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Number(code)) => code.as_u64() != Some(0),
        Some(Value::Bool(true)) => true,
    }
}

/// Returns `true` if an event that is nothing else is an error: `{"code":3040,"message":"…"}`.
pub(super) fn is_bare_failure(json: &Value) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| json.get(name).is_some_and(Value::is_string));
    json.get("code").is_some_and(Value::is_number) && has(&["message", "description"])
}

#[derive(Deserialize)]
pub(super) struct ChunkChoice<'a> {
    #[serde(borrow, default)]
    pub delta: Option<Delta<'a>>,
    /// A whole message in place of a part.
    #[serde(borrow, default)]
    pub message: Option<Delta<'a>>,
    /// The output for a bare prompt.
    #[serde(borrow, default)]
    pub text: Option<Cow<'a, str>>,
    #[serde(default)]
    pub finish_reason: Option<FinishReason>,
}

impl<'a> ChunkChoice<'a> {
    fn from_json(json: &'a Value) -> Self {
        Self {
            delta: json.get("delta").map(Delta::from_json),
            message: json.get("message").map(Delta::from_json),
            text: member(json, "text"),
            finish_reason: member(json, "finish_reason"),
        }
    }
}

impl ChunkChoice<'_> {
    /// Returns whether it has text, and whether it has tool calls.
    pub(super) fn says(&self) -> (bool, bool) {
        let parts = || [&self.delta, &self.message].into_iter().flatten();
        let text = self.text.is_some() || parts().any(|part| part.content.is_some());
        (text, parts().any(|part| part.tool_calls.as_ref().is_some_and(|calls| !calls.is_empty())))
    }
}

#[derive(Deserialize, Default)]
pub(super) struct Delta<'a> {
    #[serde(borrow, default)]
    pub content: Option<Loose<'a>>,
    #[serde(borrow, default)]
    pub reasoning_content: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub reasoning: Option<Cow<'a, str>>,
    #[serde(default)]
    pub tool_calls: Option<Vec<Value>>,
}

impl<'a> Delta<'a> {
    fn from_json(json: &'a Value) -> Self {
        Self {
            content: member(json, "content"),
            reasoning_content: member(json, "reasoning_content"),
            reasoning: member(json, "reasoning"),
            tool_calls: member(json, "tool_calls"),
        }
    }
}

/// Text, usually; numbers, objects and lists have been seen.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Loose<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Other(Value),
}

impl Loose<'_> {
    /// Returns the text; other JSON is serialized.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Other(Value::String(text)) => text,
            Self::Other(Value::Null) => String::new(),
            Self::Other(Value::Array(parts)) if parts.iter().all(|part| part.get("text").is_some()) => {
                parts.iter().filter_map(|part| part.get("text")?.as_str()).collect()
            }
            Self::Other(other) => other.to_string(),
        }
    }
}
