//! The traits and shared types that generated Workers AI models are written against. No I/O: what sends them is `workers-ai`.
//!
//! Everything here is re-exported by `workers-ai`; depend on that.
#![forbid(unsafe_code)]

mod chat;
mod choice;
mod code;
mod decode;
mod embeddings;
mod encode;
mod info;
mod invalid;
mod kind;
mod media;
mod model;
mod object;
mod read;
mod replies;
mod rows;
mod rules;
// Generated, and compared to the letter.
#[rustfmt::skip]
mod shapes;
mod state;
mod validate;

pub use chat::{
    AcceptsAudio, AcceptsFiles, AcceptsImageUrls, AcceptsImages, AcceptsVideo, AssistantMessage, ChatCompletion,
    ChatReply, Choice, Content, Effort, FinishReason, HasChatReply, IntoContent, LegacyResponse, MediaContent,
    MediaNoVideo, Message, NativeFormat, OpenAiFormat, Part, ReasoningEffort, ResponseFormat, Role, SafetyVerdict,
    Text, Tool, ToolCall, ToolChoice, Usage, VisionContent, assistant, audio, developer, effort, file, image,
    image_url, system, text, tool_result, user, video,
};
pub use choice::{OneOrMany, UnknownVariant};
pub use code::{ErrorCode, RetryClass};
pub use decode::{Decode, DecodeError};
pub use embeddings::{Cls, Contexts, Dyn, Embeddings, Fixed, Mean, Pooling, PoolingMethod};
pub use encode::{Body, Encode, EncodeError, FormPart, FormValue, Route};
pub use info::{Capability, Deprecation, ModelInfo, Price, PriceUnit};
pub use invalid::{InvalidInput, Violation};
pub use kind::{WireType, kinds};
pub use media::{Audio, Base64Data, ByteArray, DataUri, File, FormFile, Image, Media, MediaError, RawBody};
pub use model::{
    Batch, BinaryOutput, Chat, ChatRequest, CheckedStruct, Dimensions, GatewayCompatible, JsonMode, Lora, Model,
    Realtime, Reasoning, Request, Run, Streaming, TextEmbedding, Tools, Vision,
};
pub use object::Extra;
pub use replies::{HasAudio, HasFile, HasImage, Transcript, Vectors};
pub use rules::{Check, Rule};
pub use shapes::*;

/// What generated code calls. Not for people: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use std::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};

    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value;

    pub use crate::{
        chat::{
            AssistantMessage, ChatCompletion, ChatReply, Choice, DESCRIBED_TOOL_RULES, Effort, HasChatReply,
            LegacyResponse, MediaContent, MediaNoVideo, Message, NativeFormat, OpenAiFormat, ReasoningEffort,
            ResponseFormat, TOOL_RULES, Text, Tool, ToolCall, ToolChoice, Usage, VisionContent, effort, user,
        },
        choice::{OneOrMany, UnknownVariant},
        decode::{Decode, DecodeError},
        embeddings::{Cls, Contexts, Dyn, Embeddings, Fixed, Mean, Pooling, PoolingMethod},
        info::{Capability, Deprecation, ModelInfo, Price, PriceUnit},
        invalid::InvalidInput,
        kind::{Fits, WireType, kinds as kind},
        media::{Audio, Base64Data, ByteArray, DataUri, File, FormFile, Image, Media, RawBody},
        model::{
            AnswerTo, Batch, BinaryOutput, Chat, ChatRequest, CheckedStruct, Dimensions, GatewayCompatible, JsonMode,
            Lora, Realtime, Reasoning, Request, Run, Streaming, TextEmbedding, Tools, Vision,
        },
        object::{
            BodyKind, Extra, Members, Num, Object, Wire, collect, list, map, maybe, maybe_same, number, serialize, set,
        },
        read::{Buffered, ReadObject, Reader, custom, decode_json, deserialize, is_json, says_bytes, says_text},
        replies::{HasAudio, HasFile, HasImage, Transcript, Vectors},
        rules::{Check, Rule, Rules},
        shapes::*,
        state::{Chosen, Open, Set, Unset},
        validate::{validate, validate_members},
    };
}
