//! What a model is, and what it can do.

use crate::{
    ChatReply, Content, Decode, DecodeError, Encode, Message, ModelInfo, ResponseFormat, Rule,
    wire::{Members, Object},
};

/// A Workers AI model as a type. `#[workers_ai_model("@cf/…")]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Workers AI model",
    note = "a model is passed first and by value: `ai.run(Llama, Llama::input()…)`",
    note = "an ID or a `DynModel` is called with JSON: `ai.model(\"@cf/…\").run(json)`",
    note = "to make a struct a model, put `#[workers_ai_model(\"@cf/…\")]` on it"
)]
pub trait Model: Sized + 'static {
    /// The model itself. Bounds on it hold only where there is a model, so a mistaken one is a single error.
    #[doc(hidden)]
    type This;
    /// The id that the service knows it by.
    const ID: &'static str;
    /// What the catalog says of it.
    const INFO: ModelInfo;
    /// What is checked before an input is sent, as data.
    const RULES: &'static [Rule];
    /// What it takes.
    type Input: Encode;
    /// What it answers.
    type Output: Decode;

    /// Returns the model's ID.
    fn id(&self) -> &'static str {
        Self::ID
    }

    /// Returns the catalog's facts about the model.
    fn info(&self) -> &'static ModelInfo {
        const { &Self::INFO }
    }

    /// Returns the rules that inputs of the model are checked against.
    fn rules(&self) -> &'static [Rule] {
        Self::RULES
    }
}

/// Something that can be sent to a model: its input, or a builder with nothing missing.
#[diagnostic::on_unimplemented(
    message = "this is no input of `{M}`",
    label = "`{Self}`",
    note = "an input of `{M}` is started with `{M}::input()`"
)]
pub trait Request<M: Model> {
    /// What the model answers to this request.
    type Output: Decode;
    /// The finished input.
    fn into_input(self) -> M::Input;
}

/// The output that answers an input built in that state, for models whose alternatives have different outputs.
#[doc(hidden)]
pub trait AnswerTo<State>: Model {
    /// What the model answers.
    type Output: Decode;
}

/// Stands for the model where none was given, so that only that is reported and not also the request to it.
#[doc(hidden)]
#[derive(Debug)]
pub struct NoModel;

impl Model for NoModel {
    type This = Self;
    const ID: &'static str = "";
    const INFO: ModelInfo = ModelInfo::UNKNOWN;
    const RULES: &'static [Rule] = &[];
    type Input = Self;
    type Output = Self;
}

impl Object for NoModel {
    fn members<W: Members>(&self, _: &mut W) -> Result<(), W::Error> {
        Ok(())
    }
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
    ($($(#[$doc:meta])* $name:ident, $message:literal;)*) => {
        $(
            $(#[$doc])*
            #[diagnostic::on_unimplemented(message = $message, note = "`{Self}::INFO.capabilities` lists what it can do")]
            pub trait $name: Model<This = Self> {}
        )*
    };
}

capabilities! {
    /// A model that answers a call: all but those that are reached over a realtime connection only.
    Run, "`{Self}` cannot be run: it is reached only over a realtime connection";
    /// A model whose answer can be streamed.
    Streaming, "`{Self}` does not support streaming";
    /// A model that can be offered tools.
    Tools, "`{Self}` does not support tools";
    /// A model that takes images beside text.
    Vision, "`{Self}` does not support images";
    /// A model that takes `LoRA` adapters.
    Lora, "`{Self}` does not support LoRA";
    /// A model that can be reached over a realtime connection.
    Realtime, "`{Self}` does not support realtime connections";
    /// A model that makes vectors.
    TextEmbedding, "`{Self}` does not make embeddings";
    /// A model that reasons before it answers.
    Reasoning, "`{Self}` does not reason";
}

/// A model that answers with bytes: an image or a recording as it is, not inside JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not answer with bytes",
    note = "its answer is JSON: leave `bytes` out, and take the image or the recording from the reply"
)]
pub trait BinaryOutput {}

/// A struct of one's own that can be sent: `#[workers_ai_model("@cf/…")]` on a struct with fields implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no struct that was checked against a model",
    note = "put `#[workers_ai_model(\"@cf/…\")]` on it; `run` takes what `input()` makes"
)]
pub trait CheckedStruct: Model<Input = Self> + Run + Encode {
    /// What the model answers.
    type Answer: Decode;
}

/// A model whose calls AI Gateway passes on: all but those whose input is a form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called through a gateway: its input is a form",
    note = "leave the gateway out"
)]
pub trait GatewayCompatible {}

/// A model whose vectors have `N` numbers, as the catalog says. A model has one `N`, so the compiler finds it.
///
/// ```
/// use workers_ai_types::{Dimensions, Embeddings};
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
    message = "the catalog does not say that the vectors of `{Self}` have {N} numbers",
    note = "`{Self}::INFO.output_dimensions` is how many they have, where the catalog knows it; `get` gives vectors of any length"
)]
pub trait Dimensions<const N: usize>: TextEmbedding {}

/// A model that can be held to a JSON schema.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support JSON mode",
    note = "`{Self}::INFO.capabilities` lists what it can do"
)]
pub trait JsonMode: Model<This = Self> {
    /// How the schema is put: as it is, or in an envelope.
    type Format: From<ResponseFormat> + serde::Serialize;
}

/// A model that takes a queue of inputs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support batches",
    note = "`{Self}::INFO.capabilities` lists what it can do"
)]
pub trait Batch: Model<This = Self> {
    /// One input of a batch.
    type Item: Encode;
}

/// A model that takes messages.
///
/// ```
/// use workers_ai_types::{Chat, ChatRequest, Content, user};
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
    /// What a message may hold.
    type Content: Content;

    /// The model's own input for a request that any chat model understands.
    fn from_chat(request: ChatRequest<Self>) -> Self::Input;

    /// Starts a request that any chat model understands.
    fn chat(messages: impl IntoIterator<Item = Message<Self::Content>>) -> ChatRequest<Self> {
        ChatRequest { messages: messages.into_iter().collect(), max_tokens: None, temperature: None, seed: None }
    }
}

/// A request that any chat model understands.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a request does nothing until it is run"]
pub struct ChatRequest<M: Chat> {
    /// The conversation so far.
    pub messages: Vec<Message<M::Content>>,
    /// The most tokens to answer with.
    pub max_tokens: Option<u32>,
    /// How much chance there is in the answer.
    pub temperature: Option<f64>,
    /// Makes answers repeatable.
    pub seed: Option<u64>,
}

impl<M: Chat> ChatRequest<M> {
    /// The most tokens to answer with.
    pub fn max_tokens(mut self, max_tokens: u32) -> Self {
        self.max_tokens = Some(max_tokens);
        self
    }

    /// How much chance there is in the answer.
    pub fn temperature(mut self, temperature: impl Into<f64>) -> Self {
        self.temperature = Some(temperature.into());
        self
    }

    /// Makes answers repeatable.
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
