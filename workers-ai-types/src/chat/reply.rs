//! One way to read the responses of chat models, whichever schema they follow.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{ToolCall, Usage};
use crate::{
    extra::Extra,
    json::to_text,
    open_enum::open_enum,
    read::{ReadObject, Reader, deserialize},
    ser::serialize,
    wire::{Members, Object, Wire},
};

/// The output of a chat model.
pub trait ChatReply {
    /// Returns the response in the legacy schema: text, or JSON in JSON mode.
    fn response(&self) -> Option<&LegacyResponse> {
        None
    }

    /// Returns the choices, in OpenAI's schema.
    fn choices(&self) -> &[Choice] {
        &[]
    }

    /// Returns the tool calls beside `response`, in the legacy schema.
    fn calls(&self) -> &[ToolCall] {
        &[]
    }

    /// Returns the tokens used, if the response says so.
    fn usage(&self) -> Option<&Usage> {
        None
    }

    /// Returns the text; JSON is serialized. It is the reasoning if the model stopped and sent nothing else.
    fn text(&self) -> Cow<'_, str> {
        match (self.response(), self.choices().first()) {
            (Some(response), _) => response.text(),
            (None, Some(choice)) => Cow::Borrowed(choice.spoken()),
            (None, None) => Cow::Borrowed(""),
        }
    }

    /// Returns the model's reasoning, if the response contains it.
    fn reasoning(&self) -> Option<&str> {
        self.choices().first().and_then(|choice| choice.message.reasoning.as_deref())
    }

    /// Returns the tool calls that the model requests.
    fn tool_calls(&self) -> &[ToolCall] {
        match self.choices().first() {
            Some(choice) if self.calls().is_empty() => &choice.message.tool_calls,
            _ => self.calls(),
        }
    }

    /// Returns the reason for which the model stopped, if the response says so.
    fn finish_reason(&self) -> Option<&FinishReason> {
        self.choices().first().and_then(|choice| choice.finish_reason.as_ref())
    }
}

/// The response of a model with the legacy schema: text, or any JSON in JSON mode.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LegacyResponse(Value);

impl LegacyResponse {
    /// Returns the text; JSON is serialized, null is an empty string.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Value::String(text) => Cow::Borrowed(text),
            Value::Null => Cow::Borrowed(""),
            other => Cow::Owned(to_text(other)),
        }
    }

    /// Returns the JSON as received; text is a JSON string.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.0
    }
}

/// The verdict of a guard model on a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafetyVerdict {
    /// Whether the conversation is safe.
    pub safe: bool,
    /// The hazard categories of an unsafe conversation: `S1`, `S10`.
    pub categories: Vec<String>,
}

impl LegacyResponse {
    /// Returns the verdict of a guard model, in either form: an object, or `unsafe` with the categories on the next line.
    /// `None`: it is not a verdict.
    ///
    /// ```
    /// # use workers_ai_types as workers_ai;
    /// let response: workers_ai::chat::LegacyResponse = serde_json::from_str(r#""unsafe\nS1,S10""#).unwrap();
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

open_enum! {
    /// Why a model stopped.
    FinishReason {
        /// The output is complete.
        Stop = "stop",
        /// The output reached the token limit.
        Length = "length",
        /// The model requests tool calls.
        ToolCalls = "tool_calls",
        /// The model requests a function call, in the older form.
        FunctionCall = "function_call",
        /// A content filter cut the output.
        ContentFilter = "content_filter",
    }
}

macro_rules! object {
    (@read $object:ident.$field:ident, $from:ident) => {
        {
            let mut value = None;
            $from.value(&mut value)?;
            if let Some(value) = value { $object.$field = value; }
        }
    };
    (@read $object:ident.$field:ident, $from:ident $reader:ident) => {
        $from.$reader(&mut $object.$field)?
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $of:ty = $first:literal $(| $also:literal)* $(via $reader:ident)?,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $of,)*
            /// Members that this version does not know.
            pub extra: Extra,
        }

        impl<'de> ReadObject<'de> for $name {
            const MEMBERS: &'static [&'static str] = &[$($first, $($also,)*)*];

            fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error> {
                #[allow(non_camel_case_types, reason = "they are called as the fields are")]
                enum Of { $($field),* }
                /// The field of each name.
                const OF: &[Of] = &[$(Of::$field, $({ let _ = $also; Of::$field },)*)*];

                let mut object = Self::default();
                while let Some(member) = from.next(Self::MEMBERS)? {
                    match OF.get(member) {
                        $(Some(Of::$field) => object!(@read object.$field, from $($reader)?),)*
                        None => from.keep(&mut object.extra)?,
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
            fn members<W: Members>(&self, to: &mut W) {
                to.extra(&self.extra)$(.member($first, &self.$field))*;
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
    /// One choice of a response.
    Choice {
        /// Its index.
        index: Option<i64> = "index" via integer,
        /// The model's message.
        message: AssistantMessage = "message",
        /// The text, in responses to a bare prompt.
        text: Option<String> = "text",
        /// Why the model stopped.
        finish_reason: Option<FinishReason> = "finish_reason",
    }
}

object! {
    /// A message of a model.
    AssistantMessage {
        /// The author.
        role: Option<String> = "role",
        /// The text.
        content: Option<String> = "content",
        /// The reasoning.
        reasoning: Option<String> = "reasoning_content" | "reasoning",
        /// The tool calls that the model requests.
        tool_calls: Vec<ToolCall> = "tool_calls",
        /// The reason for a refusal.
        refusal: Option<String> = "refusal",
    }
}

object! {
    /// A response in OpenAI's chat schema. It also reads the legacy and the Responses schema.
    ChatCompletion {
        /// Its ID.
        id: Option<String> = "id",
        /// The model that responded.
        model: Option<String> = "model",
        /// The choices; usually one.
        choices: Vec<Choice> = "choices",
        /// The response in the legacy schema, which some models fall back to.
        response: Option<LegacyResponse> = "response",
        /// The tool calls beside `response`, in the legacy schema.
        calls: Vec<ToolCall> = "tool_calls",
        /// The output items, in the Responses schema.
        output: Vec<Value> = "output",
        /// The tokens used.
        usage: Option<Usage> = "usage" via usage,
    }
}

impl ChatCompletion {
    /// Returns the texts of this type in the items of the Responses schema.
    fn texts_of(&self, item: &str, part: &str) -> impl Iterator<Item = &str> {
        let is = |value: &Value, wanted: &str| value.get("type").and_then(Value::as_str) == Some(wanted);
        let items = self.output.iter().filter(move |value| is(value, item));
        let parts = items.filter_map(|item| item.get("content")?.as_array()).flatten();
        parts.filter(move |value| is(value, part)).filter_map(|part| part.get("text")?.as_str())
    }
}

impl crate::decode::Decode for ChatCompletion {
    fn decode(content_type: Option<&str>, body: &[u8]) -> Result<Self, crate::decode::DecodeError> {
        crate::decode::decode_json(content_type, body)
    }
}

impl ChatReply for ChatCompletion {
    fn response(&self) -> Option<&LegacyResponse> {
        self.response.as_ref()
    }
    fn choices(&self) -> &[Choice] {
        &self.choices
    }
    fn calls(&self) -> &[ToolCall] {
        &self.calls
    }
    fn usage(&self) -> Option<&Usage> {
        self.usage.as_ref()
    }
    fn text(&self) -> Cow<'_, str> {
        match (self.choices.first(), &self.response) {
            (Some(choice), response) => match (choice.spoken(), response) {
                ("", Some(response)) => response.text(),
                (spoken, _) => Cow::Borrowed(spoken),
            },
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
        let AssistantMessage { content, reasoning, tool_calls, .. } = &self.message;
        let text = content.as_deref().filter(|text| !text.is_empty()).or(self.text.as_deref());
        // Some models put a whole answer where others put their reasoning.
        let ended = self.finish_reason == Some(FinishReason::Stop) && tool_calls.is_empty();
        let text = text.filter(|text| !text.is_empty());
        text.or(reasoning.as_deref().filter(|_| ended)).unwrap_or_default()
    }
}

/// An output that contains the output of a chat model, and is read as that.
pub trait HasChatReply {
    /// The output that it contains.
    type Reply: ChatReply;
    /// Returns the output that it contains.
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
