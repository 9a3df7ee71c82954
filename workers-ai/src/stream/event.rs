//! What a streamed answer is made of.

use serde_json::Value;
use workers_ai_types::{FinishReason, ToolCall, Usage};

/// A piece of a streamed answer.
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
    /// A piece of the text.
    Text(String),
    /// A piece of what the model thinks before it answers.
    Reasoning(String),
    /// A piece of a call of a tool. The whole call follows as [`Event::ToolCall`].
    ToolCallDelta(ToolCallDelta),
    /// A whole call of a tool.
    ToolCall(ToolCall),
    /// The tokens it took. It comes once, near the end.
    Usage(Usage),
    /// Why the answer ended. It comes once.
    Finish(FinishReason),
    /// What the service sends and this version does not know.
    Unknown(Value),
}

impl Event {
    /// The text in it; empty for everything else.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}

/// A piece of a call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolCallDelta {
    /// Which of the calls it belongs to.
    pub index: usize,
    /// The call's id, mostly in its first piece.
    pub id: Option<String>,
    /// The tool's name, mostly in the first piece.
    pub name: Option<String>,
    /// A piece of the arguments' JSON.
    pub arguments: String,
}
