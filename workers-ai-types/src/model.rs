//! Models and their capabilities.

use crate::{
    chat::{ChatReply, Content, IntoMessage, Message, ReasoningEffort, ResponseFormat, Tool},
    decode::{Decode, DecodeError},
    encode::Encode,
    facts::ModelFacts,
    info::ModelInfo,
    rules::Rule,
    wire::{Members, Object},
};

/// A Workers AI model as a type. `#[workers_ai_model("@cf/…")]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Workers AI model",
    note = "a model is passed first and by value: `ai.run(Llama, Llama::input()…)`",
    note = "an ID is called with `ai.model(id).ask([user(\"…\")])`, or with JSON: `ai.model(id).run(json)`",
    note = "to make a struct a model, put `#[workers_ai_model(\"@cf/…\")]` on it; to choose among several, put `#[workers_ai_model]` on an enum"
)]
pub trait Model: Sized + 'static {
    /// The model itself. Bounds on it hold only where there is a model, so a mistaken one is a single error.
    #[doc(hidden)]
    type This;
    /// The models that a value of this type can be: one, or those of a [set](crate::ModelSet).
    const MODELS: &'static [ModelFacts];
    /// The model's input.
    type Input: Encode;
    /// The model's output.
    type Output: Decode;

    /// Returns all that a call needs to know about the model.
    fn facts(&self) -> ModelFacts {
        Self::MODELS[0]
    }

    /// Returns the model's ID.
    fn id(&self) -> &'static str {
        self.facts().id
    }

    /// Returns the catalog's facts about the model.
    fn info(&self) -> &'static ModelInfo {
        self.facts().info
    }

    /// Returns the rules that inputs of the model are checked against.
    fn rules(&self) -> &'static [Rule] {
        self.facts().rules
    }
}

/// A type that is one model, so that its ID and its facts are constants.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::SingleModel;
///
/// fn describe<M: SingleModel>() -> String {
///     format!("{} ({})", M::ID, M::INFO.task)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a single model",
    note = "a set of models has an ID for each value: `model.id()`, `model.info()`"
)]
pub trait SingleModel: Model {
    /// The model's ID.
    const ID: &'static str = Self::MODELS[0].id;
    /// The catalog's facts about the model.
    const INFO: ModelInfo = *Self::MODELS[0].info;
    /// The rules that inputs are checked against before they are sent.
    const RULES: &'static [Rule] = Self::MODELS[0].rules;
}

/// A value that can be sent to a model: its input, or a builder that lacks nothing.
#[diagnostic::on_unimplemented(
    message = "this is not an input of `{M}`",
    label = "`{Self}`",
    note = "build one with `{M}::input()`"
)]
pub trait Request<M: Model> {
    /// The model's output for this request.
    type Output: Decode;
    /// Returns the complete input.
    fn into_input(self) -> M::Input;
}

/// The output that answers an input built in that state, for models whose alternatives have different outputs.
#[doc(hidden)]
pub trait AnswerTo<State>: Model {
    /// The model's output.
    type Output: Decode;
}

/// Stands for the model where none was given, so that only that is reported and not also the request to it.
#[doc(hidden)]
#[derive(Debug)]
pub struct NoModel;

impl Model for NoModel {
    type This = Self;
    const MODELS: &'static [ModelFacts] = &[ModelFacts::new("", &ModelInfo::UNKNOWN, &[])];
    type Input = Self;
    type Output = Self;
}

impl Object for NoModel {
    fn members<W: Members>(&self, _: &mut W) {}
}

impl Decode for NoModel {
    fn decode(_: Option<&str>, _: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

macro_rules! requests_to_no_model {
    ($([$($generics:tt)*] $of:ty),*) => { $(
        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Request<NoModel> for $of {
            type Output = NoModel;
            fn into_input(self) -> NoModel {
                NoModel
            }
        }
    )* };
}
// What is passed by mistake where a model is missing: JSON, text, or the model in the request's place.
requests_to_no_model!([] serde_json::Value, [] &serde_json::Value, [] String, [] &str, [M: Model] M);

macro_rules! capabilities {
    ($($(#[$doc:meta])* $name:ident, $message:literal, $note:literal;)*) => {
        $(
            $(#[$doc])*
            #[diagnostic::on_unimplemented(message = $message, note = $note)]
            pub trait $name: Model<This = Self> {}
        )*
    };
}

capabilities! {
    /// A model that can be called: all except those that are reached over a realtime connection only.
    Run, "`{Self}` cannot be run", "a model without `Run` is reached over a realtime connection; a type parameter needs the bound `{Self}: Run` or `{Self}: Chat`";
    /// A model whose output can be streamed.
    Streaming, "`{Self}` does not support streaming", "`info().capabilities` lists the capabilities of a model";
    /// A model that can call tools.
    Tools, "`{Self}` does not support tools", "`info().capabilities` lists the capabilities of a model";
    /// A model that accepts images beside text.
    Vision, "`{Self}` does not support images", "`info().capabilities` lists the capabilities of a model";
    /// A model that accepts LoRA adapters.
    Lora, "`{Self}` does not support LoRA", "`info().capabilities` lists the capabilities of a model";
    /// A model that can be used over a realtime connection.
    Realtime, "`{Self}` does not support realtime connections", "`info().capabilities` lists the capabilities of a model";
    /// A model that returns embeddings.
    TextEmbedding, "`{Self}` does not return embeddings", "`info().capabilities` lists the capabilities of a model";
    /// A model that reasons before it responds.
    Reasoning, "`{Self}` does not reason", "`info().capabilities` lists the capabilities of a model";
}

/// A model whose output is bytes: an image or audio as it is, not inside JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not return bytes",
    note = "its output is JSON: leave `.bytes()` out, and take the image or the audio from the reply"
)]
pub trait BinaryOutput {}

/// A struct of your own that can be sent. `#[workers_ai_model("@cf/…")]` on a struct with fields implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a checked model input",
    note = "put `#[workers_ai_model(\"@cf/…\")]` on the struct; an input built with `input()` goes to `run`"
)]
pub trait CheckedStruct: Model<Input = Self> + Run + Encode {
    /// The model's output.
    type Answer: Decode;
}

/// A model that can be called through AI Gateway: all except those whose input is a form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called through a gateway: its input is a form",
    note = "leave the gateway out"
)]
pub trait GatewayCompatible {}

/// A model whose embeddings have `N` dimensions according to the catalog. A model has one `N`, so the compiler infers it.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::embeddings::{Dimensions, Embeddings};
///
/// fn store(vector: &[f32; 768]) {}
///
/// fn store_first<M: Dimensions<768>, P>(answer: &Embeddings<M, P>) {
///     if let Some(vector) = answer.array(0) {
///         store(vector);
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the catalog does not say that the embeddings of `{Self}` have {N} dimensions",
    note = "`info().output_dimensions` is their number, if the catalog knows it; `get` returns vectors of any length"
)]
pub trait Dimensions<const N: usize>: TextEmbedding {}

/// A model whose output can be restricted to a JSON Schema.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support JSON mode",
    note = "`info().capabilities` lists the capabilities of a model"
)]
pub trait JsonMode: Model<This = Self> {
    /// The form in which the schema is sent: as it is, or in an envelope.
    type Format: From<ResponseFormat> + serde::Serialize;
}

/// A model that accepts batches of inputs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support batches",
    note = "`info().capabilities` lists the capabilities of a model"
)]
pub trait Batch: Model<This = Self> {
    /// One input of a batch.
    type Item: Encode;
}

/// A model that accepts messages.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::chat::{Chat, ChatRequest, user};
///
/// fn ask<M: Chat>(question: &str) -> ChatRequest<M> {
///     M::chat([user(question)]).max_tokens(300)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chat model",
    note = "a chat model is one whose input has `messages`"
)]
pub trait Chat: Run + Copy + Model<Output: ChatReply> {
    /// The content that messages may have.
    type Content: Content;

    /// Converts a request that any chat model understands to the model's own input.
    fn from_chat(request: ChatRequest<Self>) -> Self::Input;

    /// Builds a request that any chat model understands.
    fn chat(messages: impl IntoIterator<Item = impl IntoMessage<Self::Content>>) -> ChatRequest<Self> {
        ChatRequest {
            messages: messages.into_iter().map(IntoMessage::into_message).collect(),
            max_tokens: None,
            temperature: None,
            top_p: None,
            frequency_penalty: None,
            presence_penalty: None,
            seed: None,
            stop: Vec::new(),
            tools: Vec::new(),
            response_format: None,
            reasoning_effort: None,
        }
    }
}

/// A request that any chat model understands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use = "a request does nothing until it is run"]
pub struct ChatRequest<M: Chat> {
    /// The conversation so far.
    pub messages: Vec<Message<M::Content>>,
    /// The maximum number of output tokens.
    pub max_tokens: Option<u32>,
    /// The sampling temperature. Higher is more random; 0 picks the most likely token.
    pub temperature: Option<f64>,
    /// Samples from the most likely tokens that have this probability together.
    pub top_p: Option<f64>,
    /// How much less likely tokens become that occurred often.
    pub frequency_penalty: Option<f64>,
    /// How much less likely tokens become that occurred at all.
    pub presence_penalty: Option<f64>,
    /// The seed for sampling, which makes outputs repeatable.
    pub seed: Option<u64>,
    /// Texts at which the output ends.
    pub stop: Vec<String>,
    /// The tools that the model may call.
    pub tools: Vec<Tool>,
    /// The format of the response.
    pub response_format: Option<ResponseFormat>,
    /// How much the model reasons before it responds.
    pub reasoning_effort: Option<ReasoningEffort>,
}

impl<M: Chat> ChatRequest<M> {
    /// Sets the maximum number of output tokens.
    pub fn max_tokens(mut self, max_tokens: u32) -> Self {
        self.max_tokens = Some(max_tokens);
        self
    }

    /// Sets the sampling temperature. Higher is more random; 0 picks the most likely token.
    pub fn temperature(mut self, temperature: impl Into<f64>) -> Self {
        self.temperature = Some(temperature.into());
        self
    }

    /// Samples from the most likely tokens that have this probability together, from 0 to 1.
    pub fn top_p(mut self, top_p: impl Into<f64>) -> Self {
        self.top_p = Some(top_p.into());
        self
    }

    /// Makes tokens less likely the more often they occurred.
    pub fn frequency_penalty(mut self, penalty: impl Into<f64>) -> Self {
        self.frequency_penalty = Some(penalty.into());
        self
    }

    /// Makes tokens less likely that occurred at all.
    pub fn presence_penalty(mut self, penalty: impl Into<f64>) -> Self {
        self.presence_penalty = Some(penalty.into());
        self
    }

    /// Ends the output before any of these texts.
    pub fn stop(mut self, texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.stop = texts.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how much the model reasons before it responds. An effort that the model does not have is refused before anything is sent, if
    /// its schema lists them.
    pub fn reasoning_effort(mut self, effort: ReasoningEffort) -> Self
    where
        M: Reasoning,
    {
        self.reasoning_effort = Some(effort);
        self
    }

    /// Sets the tools that the model may call.
    pub fn tools(mut self, tools: impl IntoIterator<Item = impl Into<Tool>>) -> Self
    where
        M: Tools,
    {
        self.tools = tools.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the format of the response.
    pub fn response_format(mut self, format: ResponseFormat) -> Self
    where
        M: JsonMode,
    {
        self.response_format = Some(format);
        self
    }

    /// Sets the seed for sampling, which makes outputs repeatable.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }
}

impl<M: Chat> Request<M> for ChatRequest<M> {
    type Output = M::Output;
    fn into_input(self) -> M::Input {
        M::from_chat(self)
    }
}
