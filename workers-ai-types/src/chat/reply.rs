//! One way to read a chat model's answer, whichever schema it has.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{ToolCall, Usage};
use crate::{
    extra::Extra,
    read::{ReadObject, Reader, deserialize},
    ser::serialize,
    wire::{Members, Object, Wire},
};

/// A chat model's answer.
pub trait ChatReply {
    /// What was answered: text, or JSON in JSON mode.
    fn response(&self) -> Option<&LegacyResponse> {
        None
    }

    /// The alternatives, in answers of the newer schema.
    fn choices(&self) -> &[Choice] {
        &[]
    }

    /// The calls of tools beside `response`.
    fn calls(&self) -> &[ToolCall] {
        &[]
    }

    /// The tokens it took, where the model says so.
    fn usage(&self) -> Option<&Usage> {
        None
    }

    /// The text; JSON is written out.
    fn text(&self) -> Cow<'_, str> {
        match (self.response(), self.choices().first()) {
            (Some(response), _) => response.text(),
            (None, Some(choice)) => {
                Cow::Borrowed(choice.message.content.as_deref().or(choice.text.as_deref()).unwrap_or_default())
            }
            (None, None) => Cow::Borrowed(""),
        }
    }

    /// What the model thought before it answered, where it says so.
    fn reasoning(&self) -> Option<&str> {
        self.choices().first().and_then(|choice| choice.message.reasoning.as_deref())
    }

    /// The tools that the model wants called.
    fn tool_calls(&self) -> &[ToolCall] {
        match self.choices().first() {
            Some(choice) => &choice.message.tool_calls,
            None => self.calls(),
        }
    }

    /// Why the answer ended, where the model says so.
    fn finish_reason(&self) -> Option<&FinishReason> {
        self.choices().first().and_then(|choice| choice.finish_reason.as_ref())
    }
}

/// What a model of the older schema answers: text, or any JSON in JSON mode.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LegacyResponse(Value);

impl LegacyResponse {
    /// The text; JSON is written out, null is empty.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Value::String(text) => Cow::Borrowed(text),
            Value::Null => Cow::Borrowed(""),
            other => Cow::Owned(other.to_string()),
        }
    }

    /// The JSON as it came; text is a JSON string.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }
}

/// What a guard model thinks of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafetyVerdict {
    /// Whether nothing in it is objected to.
    pub safe: bool,
    /// The hazard categories that it falls into: `S1`, `S10`.
    pub categories: Vec<String>,
}

impl LegacyResponse {
    /// The answer of a guard model, however it came: as an object, or as `unsafe` with the categories on the next line.
    /// `None` where it is no such answer.
    ///
    /// ```
    /// let response: workers_ai_types::LegacyResponse = serde_json::from_str(r#""unsafe\nS1,S10""#).unwrap();
    /// assert_eq!(response.verdict().unwrap().categories, ["S1", "S10"]);
    /// ```
    #[must_use]
    pub fn verdict(&self) -> Option<SafetyVerdict> {
        if let Some(safe) = self.0.get("safe").and_then(Value::as_bool) {
            let categories = self.0.get("categories").and_then(Value::as_array).into_iter().flatten();
            let categories = categories.filter_map(Value::as_str).map(str::to_owned).collect();
            return Some(SafetyVerdict { safe, categories });
        }
        let mut words = self.0.as_str()?.split([' ', ',', '\n']).filter(|word| !word.is_empty());
        let safe = match words.next()? {
            "safe" => true,
            "unsafe" => false,
            _ => return None,
        };
        Some(SafetyVerdict { safe, categories: words.map(str::to_owned).collect() })
    }
}

impl<'de> Deserialize<'de> for LegacyResponse {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(Self)
    }
}

impl Serialize for LegacyResponse {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl Wire for LegacyResponse {}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FinishReason {
    /// The model was done.
    Stop,
    /// The limit of tokens was reached: the answer is cut.
    ///
    /// Where an input sets no limit, the service's own holds, which is 256 tokens for most models: set `max_tokens` for longer
    /// answers.
    Length,
    /// The model wants tools called.
    ToolCalls,
    /// The model wants a function called, in the older way.
    FunctionCall,
    /// A filter cut it.
    ContentFilter,
    /// Another reason.
    Other(String),
}

impl From<&str> for FinishReason {
    fn from(text: &str) -> Self {
        match text {
            "stop" => Self::Stop,
            "length" => Self::Length,
            "tool_calls" => Self::ToolCalls,
            "function_call" => Self::FunctionCall,
            "content_filter" => Self::ContentFilter,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl FinishReason {
    /// Every value that is known.
    pub const ALL: [Self; 5] = [Self::Stop, Self::Length, Self::ToolCalls, Self::FunctionCall, Self::ContentFilter];

    /// The value on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::FunctionCall => "function_call",
            Self::ContentFilter => "content_filter",
            Self::Other(other) => other,
        }
    }
}

impl<'de> Deserialize<'de> for FinishReason {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self::from(text.as_str()))
    }
}

impl std::str::FromStr for FinishReason {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text))
    }
}

impl Serialize for FinishReason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl Wire for FinishReason {}

macro_rules! object {
    (@read $object:ident.$field:ident, $from:ident) => {
        if let Some(value) = $from.value()? { $object.$field = value; }
    };
    (@read $object:ident.$field:ident, $from:ident $reader:ident) => {
        $object.$field = $from.$reader()?
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $of:ty = $first:literal $(| $also:literal)* $(via $reader:ident)?,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $of,)*
            /// Members that are not known yet.
            pub extra: Extra,
        }

        impl<'de> ReadObject<'de> for $name {
            const MEMBERS: &'static [&'static str] = &[$($first, $($also,)*)*];

            fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error> {
                let mut object = Self::default();
                while let Some(member) = from.next(Self::MEMBERS)? {
                    match Self::MEMBERS.get(member).copied() {
                        $(Some($first $(| $also)*) => object!(@read object.$field, from $($reader)?),)*
                        _ => from.keep(&mut object.extra)?,
                    }
                }
                Ok(object)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                deserialize(from)
            }
        }

        impl Object for $name {
            fn members<W: Members>(&self, to: &mut W) -> Result<(), W::Error> {
                to.extra(&self.extra)?;
                $(to.member($first, &self.$field)?;)*
                Ok(())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                serialize(self, to)
            }
        }

        impl Wire for $name {}
    };
}

object! {
    /// One alternative of an answer.
    Choice {
        /// Its number.
        index: Option<i64> = "index" via integer,
        /// What the model says.
        message: AssistantMessage = "message",
        /// The text, in answers to a bare prompt.
        text: Option<String> = "text",
        /// Why it ended.
        finish_reason: Option<FinishReason> = "finish_reason",
    }
}

object! {
    /// What a model says.
    AssistantMessage {
        /// Who says it.
        role: Option<String> = "role",
        /// The text.
        content: Option<String> = "content",
        /// What it thought before.
        reasoning: Option<String> = "reasoning_content" | "reasoning",
        /// The tools that it wants called.
        tool_calls: Vec<ToolCall> = "tool_calls",
        /// Why it refuses.
        refusal: Option<String> = "refusal",
    }
}

object! {
    /// An answer of the newer chat schema.
    ChatCompletion {
        /// Its id.
        id: Option<String> = "id",
        /// The model that answered.
        model: Option<String> = "model",
        /// The alternatives; mostly one.
        choices: Vec<Choice> = "choices",
        /// What was answered in the older schema, which some models fall back to.
        response: Option<LegacyResponse> = "response",
        /// The items of an answer in the Responses form.
        output: Vec<Value> = "output",
        /// The tokens it took.
        usage: Option<Usage> = "usage",
    }
}

impl ChatCompletion {
    /// Returns the tool calls, whichever schema the response follows: beside `response`, or in the first choice.
    #[must_use]
    pub fn tool_calls(&self) -> Cow<'_, [ToolCall]> {
        let beside = self.extra.get("tool_calls").and_then(|calls| Vec::<ToolCall>::deserialize(calls).ok());
        match beside.filter(|calls| !calls.is_empty()) {
            Some(calls) => Cow::Owned(calls),
            None => Cow::Borrowed(ChatReply::tool_calls(self)),
        }
    }

    /// The texts of that type in the items of the Responses form.
    fn texts_of(&self, item: &str, part: &str) -> impl Iterator<Item = &str> {
        let is = |value: &Value, wanted: &str| value.get("type").and_then(Value::as_str) == Some(wanted);
        let items = self.output.iter().filter(move |value| is(value, item));
        let parts = items.filter_map(|item| item.get("content")?.as_array()).flatten();
        parts.filter(move |value| is(value, part)).filter_map(|part| part.get("text")?.as_str())
    }
}

impl crate::Decode for ChatCompletion {
    fn decode(content_type: Option<&str>, body: &[u8]) -> Result<Self, crate::DecodeError> {
        crate::read::decode_json(content_type, body)
    }
}

impl ChatReply for ChatCompletion {
    fn response(&self) -> Option<&LegacyResponse> {
        self.response.as_ref()
    }
    fn choices(&self) -> &[Choice] {
        &self.choices
    }
    fn usage(&self) -> Option<&Usage> {
        self.usage.as_ref()
    }
    fn text(&self) -> Cow<'_, str> {
        match (self.choices.first(), &self.response) {
            (Some(choice), _) => Cow::Borrowed(choice.spoken()),
            (None, Some(response)) => response.text(),
            (None, None) => Cow::Owned(self.texts_of("message", "output_text").collect()),
        }
    }
    fn reasoning(&self) -> Option<&str> {
        match self.choices.first() {
            Some(choice) => choice.message.reasoning.as_deref(),
            None => self.texts_of("reasoning", "reasoning_text").next(),
        }
    }
}

impl Choice {
    fn spoken(&self) -> &str {
        self.message.content.as_deref().or(self.text.as_deref()).unwrap_or_default()
    }
}

/// An answer that holds one, and is read as that one.
pub trait HasChatReply {
    /// What it holds.
    type Reply: ChatReply;
    /// The reply in it.
    fn reply(&self) -> &Self::Reply;
}

impl<T: HasChatReply> ChatReply for T {
    fn response(&self) -> Option<&LegacyResponse> {
        self.reply().response()
    }
    fn choices(&self) -> &[Choice] {
        self.reply().choices()
    }
    fn calls(&self) -> &[ToolCall] {
        self.reply().calls()
    }
    fn usage(&self) -> Option<&Usage> {
        self.reply().usage()
    }
    fn text(&self) -> Cow<'_, str> {
        self.reply().text()
    }
    fn reasoning(&self) -> Option<&str> {
        self.reply().reasoning()
    }
}
