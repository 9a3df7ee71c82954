//! Everything that a program needs to call models.
//!
//! ```
//! use workers_ai::prelude::*;
//! ```

pub use workers_ai_macros::{inputs, workers_ai_model};
pub use workers_ai_types::{
    Batch, Chat, GatewayCompatible, JsonMode, Lora, Model, ModelSet, Realtime, Reasoning, Request, Run, SingleModel,
    Streaming, TextEmbedding, Tools, Vision,
    catalog::Capability,
    chat::{ChatReply, Message, assistant, developer, effort, image, system, text, tool_result, user},
    embeddings::Vectors,
    media::{HasAudio, HasImage, Transcript},
    shapes::Labels,
};

#[cfg(feature = "client")]
pub use crate::{Event, WorkersAi};
