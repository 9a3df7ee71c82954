//! One way to read a chat model's answer, whichever schema it has.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{ToolCall, Usage};
use crate::{
    object::{Extra, Members, Object, Wire, serialize},
    read::{ReadObject, Reader, deserialize},
};

/// A chat model's answer.
pub trait ChatReply {
    /// What was answered: text, or JSON in JSON mode.
    fn response(&self) -> Option<&Response> {
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
pub struct Response(Value);

impl Response {
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

impl<'de> Deserialize<'de> for Response {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Value::deserialize(from).map(Self)
    }
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl Wire for Response {}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FinishReason {
    /// The model was done.
    Stop,
    /// The limit of tokens was reached: the answer is cut.
    Length,
    /// The model wants tools called.
    ToolCalls,
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
            "tool_calls" | "function_call" => Self::ToolCalls,
            "content_filter" => Self::ContentFilter,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl FinishReason {
    /// The value on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
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

impl Serialize for FinishReason {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl Wire for FinishReason {}

macro_rules! object {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $of:ty = $first:literal $(| $also:literal)*,)* }) => {
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
                        $(Some($first $(| $also)*) => if let Some(value) = from.value()? { object.$field = value; },)*
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
                $(to.member($first, &self.$field)?;)*
                to.extra(&self.extra)
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
        index: Option<f64> = "index",
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
    ChatAnswer {
        /// Its id.
        id: Option<String> = "id",
        /// The model that answered.
        model: Option<String> = "model",
        /// The alternatives; mostly one.
        choices: Vec<Choice> = "choices",
        /// The tokens it took.
        usage: Option<Usage> = "usage",
    }
}

impl ChatReply for ChatAnswer {
    fn choices(&self) -> &[Choice] {
        &self.choices
    }
    fn usage(&self) -> Option<&Usage> {
        self.usage.as_ref()
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
    fn response(&self) -> Option<&Response> {
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
}
