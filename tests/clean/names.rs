//! Structs with the names that generated code uses for its own parameters and types.
#![deny(warnings, missing_docs, unreachable_pub)]

use workers_ai::prelude::*;

/// Named like a required field.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Prompt;

/// Named like a required field.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct NumSteps;

/// Named like a required field.
#[workers_ai_model("@cf/deepgram/aura-1")]
pub struct Text;

/// Named like a required field.
#[workers_ai_model("@cf/openai/whisper-large-v3-turbo")]
pub struct Audio;

/// Named like the parameter for the alternative.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Alternative;

/// Named like the parameter for the pooling.
#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Pooled;

/// Named like the state that follows.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Next;

/// Named like parameters of methods.
pub mod letters {
    use workers_ai::prelude::*;

    /// Named like the parameter of a setter.
    #[workers_ai_model("@cf/zai-org/glm-5.3-flash")]
    pub struct E;

    /// Named like the parameter of a deserializer.
    #[workers_ai_model("@cf/baai/bge-m3")]
    pub struct D;

    /// Named like the parameter of a serializer.
    #[workers_ai_model("@cf/zai-org/glm-5.3-flash")]
    pub struct S;

    /// Named like the parameter of a setter.
    #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    pub struct Method;

    /// Named like the parameter of a reader, and of a conversion.
    #[workers_ai_model("@cf/deepgram/nova-3")]
    pub struct R;

    /// Named like the parameter of a check.
    #[workers_ai_model("@cf/deepgram/nova-3")]
    pub struct T;
}

/// Names that differ in their case alone.
pub mod cases {
    use workers_ai::prelude::*;

    /// One.
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct Flux;

    /// Two.
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct FLUX;

    /// Three.
    #[allow(non_camel_case_types)]
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct flux;

    /// Four.
    #[allow(non_camel_case_types)]
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct _flux;

    /// Two words.
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct FluxModel;

    /// Two words in snake case.
    #[allow(non_camel_case_types)]
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct flux_model;
}

/// A user's own type named like what checks a field.
pub struct FieldPrompt;

impl workers_ai::checked::WireType for FieldPrompt {
    type Kind = <String as workers_ai::checked::WireType>::Kind;
    type Inner = <String as workers_ai::checked::WireType>::Kind;
}

impl serde::Serialize for FieldPrompt {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str("a lighthouse")
    }
}

/// A struct that is checked.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Poster {
    /// The prompt.
    pub prompt: FieldPrompt,
    /// The steps.
    pub num_steps: u8,
}

fn request<M: Model, R: Request<M>>(_: M, request: R) -> M::Input {
    request.into_input()
}

/// Builders of all of them.
pub fn all() {
    let _ = request(Prompt, Prompt::input().prompt("a").num_steps(1));
    let _ = request(NumSteps, NumSteps::input().prompt("a").num_steps(1));
    let _ = request(Text, Text::input().text("a"));
    let _ = request(Audio, Audio::input().audio(*b"a"));
    let _ = request(Alternative, Alternative::input().prompt("a"));
    let _ = request(Pooled, Pooled::input().text("a").pooling(workers_ai::embeddings::Cls));
    let _ = request(Next, Next::input().messages([user("a")]));
    let _ = request(letters::E, letters::E::input().messages([user("a")]).reasoning_effort(effort::High));
    let _ = request(letters::Method, letters::Method::input().text("a").pooling(workers_ai::embeddings::Cls));
}
