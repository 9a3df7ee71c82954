//! The messages of a conversation.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Map, Value};

use super::{
    ToolCall,
    content::{Content, IntoContent, MediaContent, MediaNoVideo, Part, PartKind, Text, VisionContent},
};
use crate::{extra::Extra, open_enum::open_enum};

open_enum! {
    /// The author of a message.
    Role {
        /// The operator of the program.
        System = "system",
        /// The developer, for models that distinguish the two.
        Developer = "developer",
        /// The user.
        User = "user",
        /// The model.
        Assistant = "assistant",
        /// A tool that the model called.
        Tool = "tool",
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
    extra: Extra,
}

impl<C> Message<C> {
    fn new(role: Role, content: impl IntoContent<C>) -> Self {
        Self { role, content: content.into_parts(), tool_calls: Vec::new(), tool_call_id: None, extra: Extra::new() }
    }

    /// Returns the author.
    #[must_use]
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// Returns the text, with its parts joined by line breaks.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|part| match &part.kind {
            PartKind::Text(text) => Some(text.as_str()),
            PartKind::Other(..) => None,
        });
        let mut all = String::new();
        for (at, text) in texts.enumerate() {
            all.push_str(if at > 0 { "\n" } else { "" });
            all.push_str(text);
        }
        all
    }

    /// Adds the tool calls that the model made with this message. Those without an ID get one: the name of the tool, with a number
    /// from the second call on.
    #[must_use]
    pub fn with_tool_calls(mut self, calls: impl IntoIterator<Item = ToolCall>) -> Self {
        for mut call in calls {
            if call.id.is_none() {
                let taken = |id: &str| self.tool_calls.iter().any(|known| known.id.as_deref() == Some(id));
                let numbered = (2_u32..).map(|number| format!("{}_{number}", call.name));
                call.id = std::iter::once(call.name.clone()).chain(numbered).find(|id| !taken(id));
            }
            self.tool_calls.push(call);
        }
        self
    }

    /// Adds the reasoning that came with this message. Some models want it back beside their tool calls.
    #[must_use]
    pub fn with_reasoning(self, reasoning: impl Into<String>) -> Self {
        self.extra("reasoning_content", reasoning.into())
    }

    /// Sets a member that this version does not know.
    ///
    /// ```
    /// # use workers_ai_types as workers_ai;
    /// use workers_ai::chat::{Message, user};
    ///
    /// let message: Message = user("Hello!").extra("name", "ada");
    /// assert_eq!(serde_json::to_value(&message).unwrap()["name"], "ada");
    /// ```
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.set(name, value);
        self
    }
}

impl<C> Message<C> {
    fn widened<D>(self) -> Message<D> {
        let content = self.content.into_iter().map(Part::widened).collect();
        let Self { role, tool_calls, tool_call_id, extra, .. } = self;
        Message { role, content, tool_calls, tool_call_id, extra }
    }
}

macro_rules! widens {
    ($($from:ident => $($to:ident)*;)*) => { $($(
        impl From<Message<$from>> for Message<$to> {
            fn from(message: Message<$from>) -> Self {
                message.widened()
            }
        }
    )*)* };
}

widens! {
    Text => VisionContent MediaNoVideo MediaContent;
    VisionContent => MediaNoVideo MediaContent;
    MediaNoVideo => MediaContent;
}

/// Returns a stored conversation as one for a model whose messages may have more kinds of content.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::chat::{Message, Text, VisionContent, user, widen};
///
/// let history: Vec<Message<Text>> = vec![user("Hello!")];
/// let richer: Vec<Message<VisionContent>> = widen(&history);
/// assert_eq!(richer[0].text(), "Hello!");
/// ```
pub fn widen<C: Clone, D>(messages: &[Message<C>]) -> Vec<Message<D>>
where
    Message<C>: Into<Message<D>>,
{
    messages.iter().cloned().map(Into::into).collect()
}

/// A message, or a reference to a stored one: what lists of messages are made of.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::chat::{IntoMessage, Message, user};
///
/// let stored: Message = user("Hello!");
/// assert_eq!(IntoMessage::into_message(&stored), stored);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message that this model accepts",
    label = "not a message",
    note = "write messages as `system(\"…\")` and `user(\"…\")`",
    note = "a stored conversation with less content widens: `chat::widen(&history)`"
)]
pub trait IntoMessage<C> {
    /// Returns the message.
    fn into_message(self) -> Message<C>;
}

impl<C> IntoMessage<C> for Message<C> {
    fn into_message(self) -> Message<C> {
        self
    }
}

impl<C: Clone> IntoMessage<C> for &Message<C> {
    fn into_message(self) -> Message<C> {
        self.clone()
    }
}

/// Creates a message with any role, for roles that this version does not know.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::chat::{Message, Role, message};
///
/// let critic: Message = message("critic", "That joke is old.");
/// assert_eq!(critic.role(), &Role::Other("critic".to_owned()));
/// ```
pub fn message<'r, C: Content>(role: impl Into<&'r str>, content: impl IntoContent<C>) -> Message<C> {
    Message::new(Role::from(role.into()), content)
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

impl<C> Message<C> {
    fn json(&self) -> Value {
        // Many models refuse arrays, so text is sent as a string wherever it can be; none accepts null.
        let only_text = self.content.iter().all(|part| part.only_text().is_some());
        let content = if only_text { self.text().into() } else { self.content.iter().map(Part::json).collect() };
        let mut message = Map::new();
        message.insert("role".to_owned(), self.role.as_str().into());
        message.insert("content".to_owned(), content);
        if let Some(id) = &self.tool_call_id {
            message.insert("tool_call_id".to_owned(), id.as_str().into());
        }
        if !self.tool_calls.is_empty() {
            message.insert("tool_calls".to_owned(), self.tool_calls.iter().map(ToolCall::json).collect());
        }
        self.extra.add_to(&mut message);
        Value::Object(message)
    }
}

impl<C> Serialize for Message<C> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(to)
    }
}

impl<'de, C> Deserialize<'de> for Message<C> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut message = Map::deserialize(from)?;
        let mut member = |name: &str| message.remove(name).filter(|value| !value.is_null());
        let role = member("role").and_then(|role| role.as_str().map(Role::from));
        let role = role.ok_or_else(|| D::Error::custom("`role` is missing"))?;
        let content = match member("content") {
            None => Vec::new(),
            Some(Value::String(text)) => vec![Part::text(text)],
            Some(parts) => Vec::deserialize(parts).map_err(D::Error::custom)?,
        };
        let tool_calls = member("tool_calls").map(Vec::deserialize).transpose().map_err(D::Error::custom)?;
        let tool_call_id = member("tool_call_id").and_then(|id| id.as_str().map(str::to_owned));
        let extra = message.into_iter().collect();
        Ok(Self { role, content, tool_calls: tool_calls.unwrap_or_default(), tool_call_id, extra })
    }
}

impl<C> crate::wire::Wire for Message<C> {
    fn to_json(&self) -> Result<Value, serde_json::Error> {
        Ok(self.json())
    }
}
