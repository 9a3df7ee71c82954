//! The messages of a conversation.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeMap};
use serde_json::Value;

use super::{
    ToolCall,
    content::{Content, IntoContent, Part, PartKind, Text},
};
use crate::one_or_many::UnknownVariant;

/// The author of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The operator of the program.
    System,
    /// The developer, for models that distinguish the two.
    Developer,
    /// The user.
    User,
    /// The model.
    Assistant,
    /// A tool that the model called.
    Tool,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::System, Self::Developer, Self::User, Self::Assistant, Self::Tool];

    /// Returns the name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownVariant;

    fn from_str(text: &str) -> Result<Self, UnknownVariant> {
        let known = Self::ALL.into_iter().find(|role| role.as_str() == text);
        known.ok_or_else(|| UnknownVariant::new("Role", text, &["system", "developer", "user", "assistant", "tool"]))
    }
}

/// A message of a conversation. `C` is the content that it may have; it is inferred from the model.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::chat::{Message, Text, assistant, system, user};
///
/// let messages: [Message<Text>; 3] = [system("Be brief."), user("Why is the sky blue?"), assistant("Scattering.")];
/// assert_eq!(serde_json::to_value(&messages[1]).unwrap(), serde_json::json!({ "role": "user", "content": "Why is the sky blue?" }));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Message<C = Text> {
    role: Role,
    content: Vec<Part<C>>,
    tool_calls: Vec<ToolCall>,
    tool_call_id: Option<String>,
}

impl<C> Message<C> {
    fn new(role: Role, content: impl IntoContent<C>) -> Self {
        Self { role, content: content.into_parts(), tool_calls: Vec::new(), tool_call_id: None }
    }

    /// Returns the author.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Returns the text, with its parts joined by line breaks.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|part| match &part.kind {
            PartKind::Text(text) => Some(text.as_str()),
            PartKind::Object(..) => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Adds the tool calls that the model made with this message.
    #[must_use]
    pub fn with_tool_calls(mut self, calls: impl IntoIterator<Item = ToolCall>) -> Self {
        self.tool_calls.extend(calls);
        self
    }
}

/// Creates a system message.
pub fn system<C: Content>(content: impl Into<String>) -> Message<C> {
    Message::new(Role::System, content.into())
}

/// Creates a developer message, for models that distinguish it from `system`.
pub fn developer<C: Content>(content: impl Into<String>) -> Message<C> {
    Message::new(Role::Developer, content.into())
}

/// Creates a user message from text or parts.
pub fn user<C: Content>(content: impl IntoContent<C>) -> Message<C> {
    Message::new(Role::User, content)
}

/// Creates a message of the model.
pub fn assistant<C: Content>(content: impl Into<String>) -> Message<C> {
    Message::new(Role::Assistant, content.into())
}

/// Creates a message with the result of the tool call with this ID.
pub fn tool_result<C: Content>(id: impl Into<String>, content: impl Into<String>) -> Message<C> {
    Message { tool_call_id: Some(id.into()), ..Message::new(Role::Tool, content.into()) }
}

impl<C> Serialize for Message<C> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("role", self.role.as_str())?;
        // Many models refuse arrays, so text is sent as a string wherever it can be; none accepts null.
        match self.content.as_slice() {
            [] => map.serialize_entry("content", "")?,
            [Part { kind: PartKind::Text(text), .. }] => map.serialize_entry("content", text)?,
            parts if parts.iter().all(|part| matches!(part.kind, PartKind::Text(_))) => {
                map.serialize_entry("content", &self.text())?;
            }
            parts => map.serialize_entry("content", parts)?,
        }
        if let Some(id) = &self.tool_call_id {
            map.serialize_entry("tool_call_id", id)?;
        }
        if !self.tool_calls.is_empty() {
            map.serialize_entry("tool_calls", &self.tool_calls)?;
        }
        map.end()
    }
}

impl<'de, C> Deserialize<'de> for Message<C> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let message = Value::deserialize(from)?;
        let member = |name: &str| message.get(name).filter(|value| !value.is_null());
        let role = member("role").and_then(Value::as_str).ok_or_else(|| D::Error::custom("`role` is missing"))?;
        let role: Role = role.parse().map_err(D::Error::custom)?;
        let content = match member("content") {
            None => Vec::new(),
            Some(Value::String(text)) => vec![Part::text(text.as_str())],
            Some(parts) => Vec::deserialize(parts).map_err(D::Error::custom)?,
        };
        let tool_calls = member("tool_calls").map(Vec::deserialize).transpose().map_err(D::Error::custom)?;
        let tool_call_id = member("tool_call_id").and_then(Value::as_str).map(str::to_owned);
        Ok(Self { role, content, tool_calls: tool_calls.unwrap_or_default(), tool_call_id })
    }
}

impl<C> crate::wire::Wire for Message<C> {}
