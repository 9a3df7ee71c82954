//! The traits and shared types that generated Workers AI models are written against. No I/O: `workers-ai` sends the requests.
//!
//! `workers-ai` re-exports everything here; depend on that crate.
#![forbid(unsafe_code)]

pub mod chat;
mod code;
mod decode;
pub mod embeddings;
mod encode;
mod extra;
mod facts;
mod fast_vectors;
mod fields;
mod info;
mod invalid;
mod json;
mod kind;
mod labels;
pub mod media;
mod mime;
mod model;
mod one_or_many;
mod open_enum;
mod part;
mod read;
mod replies;
mod rules;
mod ser;
mod set;
mod setters;
// Generated, and compared to the letter.
#[rustfmt::skip]
mod generated;
mod state;
mod validate;
mod whole;
mod wire;

pub use code::{ErrorClass, ErrorCode, RetryClass};
pub use invalid::{InvalidInput, Violation};
pub use model::{
    Batch, BinaryOutput, Chat, GatewayCompatible, JsonMode, Lora, Model, Realtime, Reasoning, Request, Run,
    SingleModel, Streaming, TextEmbedding, Tools, Vision,
};
pub use set::{ModelSet, UnknownModel};

/// The catalog's facts about models, as constants.
pub mod catalog {
    pub use crate::{
        facts::ModelFacts,
        generated::CATALOG_DATE,
        info::{Capability, Deprecation, ModelInfo, Price, PriceUnit},
        rules::{Check, Rule},
    };
}

/// Checking your own structs against a model.
pub mod checked {
    pub use crate::{
        kind::{Fits, WireType, kinds},
        model::CheckedStruct,
    };
}

/// How inputs become request bodies, and response bodies outputs.
pub mod codec {
    pub use crate::{
        decode::{Decode, DecodeError},
        encode::{Body, Encode, EncodeError, FormPart, FormValue},
    };
}

/// Types that several models share, generated from the catalog.
pub mod shapes {
    pub use crate::{
        extra::{Extra, ExtraIter},
        generated::*,
        labels::Labels,
        one_or_many::{OneOrMany, UnknownVariant},
    };
}

/// The states of builders, for functions that take or return an unfinished one: `LlamaInputBuilder<Chosen<0>>`.
///
/// A builder's parameters are its required fields in the order of the schema, each [`Set`](typestate::Set) or
/// [`Unset`](typestate::Unset), and the alternative that its input takes.
pub mod typestate {
    pub use crate::state::{Chosen, Open, Set, Unset};
}

/// For generated code only: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use std::{
        boxed::Box,
        clone::Clone,
        cmp::{Eq, PartialEq},
        collections::BTreeMap,
        convert::{From, Into},
        default::Default,
        fmt::{self, Debug},
        hash::Hash,
        iter::IntoIterator,
        marker::{Copy, PhantomData},
        option::Option::{self, None, Some},
        primitive::*,
        result::Result::{self, Err, Ok},
        str::FromStr,
        string::String,
        vec::Vec,
    };

    pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
    pub use serde_json::Value;

    pub use crate::{
        chat::decode_chat,
        chat::{
            AssistantMessage, ChatCompletion, ChatReply, Choice, DESCRIBED_TOOL_RULES, Effort, HasChatReply,
            IntoMessage, LegacyResponse, MaybeUsage, MediaContent, MediaNoVideo, Message, NativeFormat, OpenAiFormat,
            ReasoningEffort, ResponseFormat, TOOL_RULES, Text, Tool, ToolCall, ToolChoice, Usage, VisionContent,
            effort, user,
        },
        decode::{Decode, DecodeError, decode_json},
        embeddings::{Cls, Contexts, Dyn, Embeddings, Fixed, Mean, Pooling, PoolingMethod},
        extra::Extra,
        facts::{ModelFacts, Variation},
        fields::{Fields, FileJson},
        generated::*,
        info::{Capability, Deprecation, ModelInfo, Price, PriceUnit},
        invalid::InvalidInput,
        json::{RawMembers, from_text, to_text},
        kind::{Fits, WireType, kinds as kind},
        media::{Audio, Base64Data, ByteArray, DataUri, File, FormFile, Image, Media, RawBody},
        mime::{is_binary, is_json, is_text},
        model::{
            AnswerTo, Batch, BinaryOutput, Chat, ChatRequest, CheckedStruct, Dimensions, GatewayCompatible, JsonMode,
            Lora, Model, Realtime, Reasoning, Request, Run, SingleModel, Streaming, TextEmbedding, Tools, Vision,
        },
        one_or_many::{OneOrMany, UnknownVariant},
        part::Part,
        read::{Buffered, ReadObject, Reader, Way, custom, deserialize},
        replies::{HasAudio, HasFile, HasImage, Transcript, Vectors},
        rules::{Check, Rule, Rules},
        ser::serialize,
        set::{ModelSet, UnknownModel, find_model, read_model},
        setters::*,
        state::{Chosen, Gate, Open, Set, Unset},
        validate::{validate, validate_members},
        wire::{BodyKind, Kept, Members, Num, Object, Wire},
    };
}
