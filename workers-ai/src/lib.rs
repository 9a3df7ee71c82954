//! Cloudflare Workers AI for Rust: every model a type, an invalid call does not compile.
#![forbid(unsafe_code)]

pub use workers_ai_macros::{inputs, workers_ai_model};
#[doc(hidden)]
pub use workers_ai_types::__private;
pub use workers_ai_types::*;

/// What a program that calls models uses.
pub mod prelude {
    pub use workers_ai_macros::{inputs, workers_ai_model};
    pub use workers_ai_types::{
        Batch, Chat, ChatReply, Embeds, HasAudio, HasImage, JsonMode, Lora, Model, Realtime, Reasoning, Request, Run,
        Streaming, Tools, Transcript, Vectors, Vision, assistant, developer, effort, system, tool_result, user,
    };
}
