//! The vocabulary of chat models, whichever schema they have.

mod content;
mod format;
mod forms;
mod message;
mod reasoning;
mod reply;
mod tool;
mod usage;

pub use crate::model::{Chat, ChatRequest};
pub use content::{
    AcceptsAudio, AcceptsFiles, AcceptsImageUrls, AcceptsImages, AcceptsVideo, Content, IntoContent, MediaContent,
    MediaNoVideo, Part, Text, VisionContent, audio, file, image, image_url, part, text, video,
};
pub use format::{NativeFormat, OpenAiFormat, ResponseFormat};
#[doc(hidden)]
pub use forms::decode_chat;
pub use message::{IntoMessage, Message, Role, assistant, developer, message, system, tool_result, user, widen};
pub use reasoning::{Effort, ReasoningEffort, effort};
pub use reply::{
    AssistantMessage, ChatCompletion, ChatReply, Choice, FinishReason, HasChatReply, LegacyResponse, SafetyVerdict,
};
pub use tool::{DESCRIBED_TOOL_RULES, TOOL_RULES, Tool, ToolCall, ToolChoice};
#[doc(hidden)]
pub use usage::MaybeUsage;
pub use usage::Usage;
