//! What the catalog says of a model, as constants.

/// What the catalog says of a model.
///
/// ```
/// use workers_ai_types::{Capability, ModelInfo};
///
/// const INFO: ModelInfo = ModelInfo { task: "Translation", ..ModelInfo::UNKNOWN };
/// assert!(!INFO.supports(Capability::Streaming));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelInfo {
    /// The task's name, as the catalog has it.
    pub task: &'static str,
    /// Tokens of input and output together.
    pub context_window: Option<u32>,
    /// Tokens of input.
    pub max_input_tokens: Option<u32>,
    /// The length of a vector.
    pub output_dimensions: Option<u32>,
    /// Width and height of an image, where an input does not say them. `None`: the schema has no defaults.
    pub image_size: Option<(u32, u32)>,
    /// Prices. Empty: none recorded.
    pub prices: &'static [Price],
    /// Requests a minute and account. `None`: none recorded.
    pub requests_per_minute: Option<u32>,
    /// What the model can do.
    pub capabilities: &'static [Capability],
    /// When it will go.
    pub deprecation: Option<Deprecation>,
    /// The day it appeared, `YYYY-MM-DD`.
    pub created: Option<&'static str>,
    /// Where its terms stand.
    pub terms: Option<&'static str>,
    /// Whether it is in beta.
    pub beta: bool,
    /// Whether a partner runs it.
    pub partner: bool,
    /// Whether it needs the paid plan.
    pub paid_plan_only: bool,
    /// The languages it speaks, as the catalog names them. Empty: none recorded.
    pub languages: &'static [&'static str],
}

impl ModelInfo {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        task: "",
        context_window: None,
        max_input_tokens: None,
        output_dimensions: None,
        image_size: None,
        prices: &[],
        requests_per_minute: None,
        capabilities: &[],
        deprecation: None,
        created: None,
        terms: None,
        beta: false,
        partner: false,
        paid_plan_only: false,
        languages: &[],
    };

    /// Whether the model can do that.
    #[must_use]
    pub fn supports(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }
}

/// What a model can do. Each is a trait of the same name as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// It answers a call.
    Run,
    /// Its answer can be streamed.
    Streaming,
    /// It takes a queue of inputs.
    Batch,
    /// It can be offered tools.
    Tools,
    /// It takes images beside text.
    Vision,
    /// It takes `LoRA` adapters.
    Lora,
    /// It can be reached over a realtime connection.
    Realtime,
    /// It makes vectors.
    TextEmbedding,
    /// It reasons before it answers.
    Reasoning,
    /// It can be held to a JSON schema.
    JsonMode,
    /// AI Gateway passes its calls on.
    GatewayCompatible,
}

/// A price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// An exact decimal.
    pub amount: &'static str,
    /// Mostly `USD`.
    pub currency: &'static str,
    /// What one pays for.
    pub unit: PriceUnit,
}

/// What one pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PriceUnit {
    /// A million tokens of input.
    MillionInputTokens,
    /// A million tokens of output.
    MillionOutputTokens,
    /// A million tokens of input that were cached.
    MillionCachedInputTokens,
    /// A diffusion step.
    Step,
    /// A tile of 512 by 512 pixels.
    Tile512,
    /// A minute of audio.
    AudioMinute,
    /// A minute of audio over a realtime connection.
    AudioMinuteWebsocket,
    /// A thousand characters.
    ThousandCharacters,
    /// A request.
    Request,
    /// Another unit, in the catalog's words.
    Other(&'static str),
}

/// When a model will go, and what replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// `YYYY-MM-DD`.
    pub date: &'static str,
    /// The id of the model to use instead. `None`: none recorded.
    pub successor: Option<&'static str>,
}
