//! The events of a stream.

use serde_json::Value;
use workers_ai_types::chat::{FinishReason, ToolCall, Usage};

/// An event of a stream.
///
/// ```
/// use workers_ai::Event;
///
/// assert_eq!(Event::Text("blue".to_owned()).text(), "blue");
/// assert_eq!(Event::Reasoning("hm".to_owned()).text(), "");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A piece of text.
    Text(String),
    /// A piece of the model's reasoning.
    Reasoning(String),
    /// A piece of a tool call. The complete call follows as [`Event::ToolCall`].
    ToolCallDelta(ToolCallDelta),
    /// A complete tool call.
    ToolCall(ToolCall),
    /// The tokens used. It arrives once, near the end.
    Usage(Usage),
    /// Why the model stopped. It arrives once.
    Finish(FinishReason),
    /// JSON that this version does not know.
    Unknown(Value),
}

impl Event {
    /// Returns the text of a text event, and an empty string for other events.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}

/// A piece of a tool call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolCallDelta {
    /// The index of the call that it belongs to.
    pub index: usize,
    /// The ID of the call, usually in its first piece.
    pub id: Option<String>,
    /// The name of the tool, usually in the first piece.
    pub name: Option<String>,
    /// A piece of the arguments, as JSON text.
    pub arguments: String,
}
