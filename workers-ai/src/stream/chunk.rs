//! The JSON of one event, in all the forms that models use.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use workers_ai_types::{FinishReason, Usage};

/// One event's JSON: the older form, the newer one, the Responses form, and errors.
#[derive(Deserialize)]
pub(super) struct Chunk<'a> {
    /// Told from a missing one, since a null says that the event is of the older form.
    #[serde(borrow, default)]
    pub response: Option<Loose<'a>>,
    #[serde(default)]
    pub tool_calls: Option<Vec<Value>>,
    #[serde(borrow, default)]
    pub choices: Option<Vec<ChunkChoice<'a>>>,
    #[serde(default)]
    pub usage: Option<Usage>,
    #[serde(borrow, default, rename = "type")]
    pub kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub delta: Option<Loose<'a>>,
    #[serde(default)]
    pub error: Option<Value>,
    #[serde(default)]
    pub errors: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct ChunkChoice<'a> {
    #[serde(borrow, default)]
    pub delta: Option<Delta<'a>>,
    /// Answers to a bare prompt.
    #[serde(borrow, default)]
    pub text: Option<Cow<'a, str>>,
    #[serde(default)]
    pub finish_reason: Option<FinishReason>,
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

/// Text mostly, but numbers, objects and lists have been seen.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Loose<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Other(Value),
}

impl Loose<'_> {
    /// The text; other JSON is written out.
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
