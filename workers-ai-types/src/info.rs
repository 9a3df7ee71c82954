//! The catalog's facts about a model, as constants.

/// The catalog's facts about a model.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::catalog::{Capability, ModelInfo};
///
/// const INFO: ModelInfo = ModelInfo { task: "Translation", ..ModelInfo::UNKNOWN };
/// assert!(!INFO.supports(Capability::Streaming));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelInfo {
    /// The name of the task, as the catalog spells it.
    pub task: &'static str,
    /// The maximum number of input and output tokens together.
    pub context_window: Option<u32>,
    /// A smaller limit that the service was reported to enforce, where nobody knows which of the two holds.
    pub reported_context_window: Option<u32>,
    /// The maximum number of input tokens.
    pub max_input_tokens: Option<u32>,
    /// The length of an embedding.
    pub output_dimensions: Option<u32>,
    /// The default width and height of an image in pixels. `None`: the schema has no defaults.
    pub image_size: Option<(u32, u32)>,
    /// The prices. Empty: none are recorded.
    pub prices: &'static [Price],
    /// The rate limit in requests per minute and account. `None`: none is recorded.
    pub requests_per_minute: Option<u32>,
    /// The capabilities.
    pub capabilities: &'static [Capability],
    /// The planned deprecation. `None`: none is recorded.
    pub deprecation: Option<Deprecation>,
    /// The date of publication, `YYYY-MM-DD`.
    pub created: Option<&'static str>,
    /// The URL of the terms of use.
    pub terms: Option<&'static str>,
    /// The model is in beta.
    pub beta: bool,
    /// A partner runs the model.
    pub partner: bool,
    /// The model requires the Workers Paid plan.
    pub paid_plan_only: bool,
    /// The supported languages, as the catalog names them. Empty: none are recorded.
    pub languages: &'static [&'static str],
}

impl ModelInfo {
    /// No facts: nothing is known about the model.
    pub const UNKNOWN: Self = Self {
        task: "",
        context_window: None,
        reported_context_window: None,
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

    /// Returns `true` if the model has this capability.
    #[must_use]
    pub fn supports(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Returns `true` if the catalog says that the model's context, or the limit of its input, holds so many tokens.
    #[must_use]
    pub fn holds(&self, tokens: u64) -> bool {
        let limit = self.max_input_tokens.or(self.reported_context_window).or(self.context_window);
        limit.is_some_and(|limit| tokens <= u64::from(limit))
    }
}

/// A capability of a model. There is a trait of the same name for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// It can be called.
    Run,
    /// Its output can be streamed.
    Streaming,
    /// It accepts batches of inputs.
    Batch,
    /// It can call tools.
    Tools,
    /// It accepts images beside text.
    Vision,
    /// It accepts LoRA adapters.
    Lora,
    /// It can be used over a realtime connection.
    Realtime,
    /// It returns embeddings.
    TextEmbedding,
    /// It reasons before it responds.
    Reasoning,
    /// Its output can be restricted to a JSON Schema.
    JsonMode,
    /// It can be called through AI Gateway.
    GatewayCompatible,
}

/// A price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// The amount per unit, as an exact decimal number.
    pub amount: &'static str,
    /// The currency, usually `USD`.
    pub currency: &'static str,
    /// The unit.
    pub unit: PriceUnit,
    /// The catalog's name of the price, if it has one: `@480p video input (per second)`.
    pub label: Option<&'static str>,
    /// The requests that it is for, by their number of input tokens: more than the first, and at most the second. `None`: all.
    pub tokens: Option<(u64, Option<u64>)>,
}

impl Price {
    /// Returns a price of all requests.
    #[must_use]
    pub const fn new(amount: &'static str, currency: &'static str, unit: PriceUnit) -> Self {
        Self { amount, currency, unit, label: None, tokens: None }
    }

    /// Returns whether it is for requests with this number of input tokens.
    #[must_use]
    pub const fn is_for(&self, input_tokens: u64) -> bool {
        match self.tokens {
            Some((above, Some(up_to))) => input_tokens > above && input_tokens <= up_to,
            Some((above, None)) => input_tokens > above,
            None => true,
        }
    }
}

/// The unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PriceUnit {
    /// A million input tokens.
    MillionInputTokens,
    /// A million output tokens.
    MillionOutputTokens,
    /// A million cached input tokens.
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
    /// Another unit, as the catalog spells it.
    Other(&'static str),
}

impl PriceUnit {
    /// Returns the unit that the catalog names so.
    #[must_use]
    pub fn named(name: &'static str) -> Self {
        match name {
            "per M input tokens" => Self::MillionInputTokens,
            "per M output tokens" => Self::MillionOutputTokens,
            "per M cached input tokens" => Self::MillionCachedInputTokens,
            "per step" => Self::Step,
            "per 512 by 512 tile" => Self::Tile512,
            "per audio minute" => Self::AudioMinute,
            "per audio minute (websocket)" => Self::AudioMinuteWebsocket,
            "per 1k characters" => Self::ThousandCharacters,
            "per inference request" => Self::Request,
            other => Self::Other(other),
        }
    }
}

/// The planned deprecation of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// The date, `YYYY-MM-DD`.
    pub date: &'static str,
    /// The ID of the replacement. `None`: none is recorded.
    pub successor: Option<&'static str>,
}
