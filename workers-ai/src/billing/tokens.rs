//! Tokens: how many a text has, and whether an input fits its model.

use serde_json::Value;
use workers_ai_types::{Body, ModelInfo, PriceUnit};

use crate::{
    Error, WorkersAi,
    call::request::PreparedRequest,
    transport::maybe_send::{MaybeSend, MaybeSync},
};

/// Counts the tokens of a text.
///
/// ```
/// use workers_ai::{ApproximateCounter, TokenCounter};
///
/// /// Rather too many than too few.
/// struct Careful;
///
/// impl TokenCounter for Careful {
///     fn count(&self, text: &str) -> u64 {
///         ApproximateCounter.count(text) * 5 / 4
///     }
/// }
///
/// assert_eq!(Careful.count("Why is the sky blue?"), 6);
/// ```
pub trait TokenCounter: MaybeSend + MaybeSync {
    /// How many there are.
    fn count(&self, text: &str) -> u64;
}

/// A quarter of the characters, or one token for a character of scripts that are written without spaces. Good for a guess.
#[derive(Debug, Clone, Copy, Default)]
pub struct ApproximateCounter;

impl TokenCounter for ApproximateCounter {
    fn count(&self, text: &str) -> u64 {
        let (mut dense, mut light) = (0_u64, 0_u64);
        for letter in text.chars() {
            if matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{1f000}'..) {
                dense += 1;
            } else {
                light += 1;
            }
        }
        dense + light.div_ceil(4)
    }
}

/// The encodings of `OpenAI`'s models: exact for gpt-oss with [`O200kHarmony`](Tiktoken::O200kHarmony), a good guess for others.
///
/// ```
/// use workers_ai::{Tiktoken, TokenCounter};
///
/// assert_eq!(Tiktoken::O200kHarmony.count("Why is the sky blue?"), 6);
/// ```
#[cfg(feature = "tiktoken")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Tiktoken {
    /// Of gpt-oss.
    #[default]
    O200kHarmony,
    /// Of GPT-4o, GPT-5 and their relatives.
    O200k,
    /// Of GPT-4 and GPT-3.5.
    Cl100k,
}

#[cfg(feature = "tiktoken")]
impl TokenCounter for Tiktoken {
    fn count(&self, text: &str) -> u64 {
        let encoding = match self {
            Self::O200kHarmony => tiktoken_rs::o200k_harmony_singleton(),
            Self::O200k => tiktoken_rs::o200k_base_singleton(),
            Self::Cl100k => tiktoken_rs::cl100k_base_singleton(),
        };
        u64::try_from(encoding.count_ordinary(text)).unwrap_or(u64::MAX)
    }
}

/// The answer's length where an input does not say it, as the service has it.
pub(crate) const OUTPUT_TOKENS: u64 = 256;

/// The tokens of an input.
pub(crate) struct Measured {
    pub(crate) input_tokens: u64,
    pub(crate) max_output_tokens: u64,
    /// Whether they fit. `None`: the model's limit is not known.
    pub(crate) fit: Option<Result<(), Excess>>,
}

/// More tokens than a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Excess {
    limit: u64,
    input_tokens: u64,
    output_tokens: u64,
}

impl Measured {
    pub(crate) fn of(info: &ModelInfo, json: &Value, counter: &(impl TokenCounter + ?Sized)) -> Self {
        let counts = || texts(json).map(|text| counter.count(text));
        let input_tokens = counts().sum();
        let limit = ["max_completion_tokens", "max_tokens", "max_output_tokens"];
        let limit = limit.iter().find_map(|name| json.get(*name)?.as_u64());
        let chat = info.task == "Text Generation";
        let answers_in_tokens = chat || info.prices.iter().any(|price| price.unit == PriceUnit::MillionOutputTokens);
        let max_output_tokens = if answers_in_tokens { limit.unwrap_or(OUTPUT_TOKENS) } else { 0 };
        // Other models read each text of a list on its own.
        let concurrency = if chat { input_tokens } else { counts().max().unwrap_or_default() };
        let fits = |limit: u32, output_tokens: u64| {
            let limit = u64::from(limit);
            let fits = concurrency.saturating_add(output_tokens) <= limit;
            if fits { Ok(()) } else { Err(Excess { limit, input_tokens: concurrency, output_tokens }) }
        };
        let fit = match (info.max_input_tokens, info.context_window) {
            (Some(most), _) => Some(fits(most, 0)),
            (None, Some(most)) => Some(fits(most, max_output_tokens)),
            (None, None) => None,
        };
        Self { input_tokens, max_output_tokens, fit }
    }
}

impl WorkersAi {
    /// The same way out, counting the tokens of every typed JSON input before it is sent, each of a batch's too: one that does not
    /// fit its model with the answer that it allows fails with [`Error::ContextExceeded`], and nothing is sent.
    ///
    /// Where an input sets no limit of its own, 256 tokens are taken for the answer, as the service does. Models whose limit the
    /// catalog does not know are not checked.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// let careful = ai.with_context_check(workers_ai::ApproximateCounter);
    /// # }
    /// ```
    #[must_use]
    pub fn with_context_check(&self, counter: impl TokenCounter + 'static) -> Self {
        Self { counter: Some(std::sync::Arc::new(counter)), ..self.clone() }
    }

    /// Fails where an input is known not to fit.
    pub(crate) fn check_context(&self, encoded: &PreparedRequest) -> Result<(), Error> {
        let Ok(Body::Json(json)) = &encoded.body else { return Ok(()) };
        self.check_tokens(&encoded.model, &encoded.info, json)
    }

    /// Fails where an input of JSON is known not to fit.
    pub(crate) fn check_tokens(&self, model: &str, info: &ModelInfo, json: &[u8]) -> Result<(), Error> {
        let Some(counter) = &self.counter else { return Ok(()) };
        let Ok(json) = serde_json::from_slice(json) else { return Ok(()) };
        let Some(Err(excess)) = Measured::of(info, &json, &**counter).fit else { return Ok(()) };
        let Excess { limit, input_tokens, output_tokens } = excess;
        Err(Error::ContextExceeded { model: model.to_owned(), limit, input_tokens, output_tokens })
    }
}

/// The texts of an input that a model reads.
pub(crate) fn texts(json: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    const READ: [&str; 14] = [
        "prompt",
        "text",
        "messages",
        "content",
        "input",
        "instructions",
        "input_text",
        "query",
        "contexts",
        "queries",
        "documents",
        "instruction",
        "system",
        "requests",
    ];
    match json {
        Value::Object(members) => {
            let read = members.iter().filter(|(name, _)| READ.contains(&name.as_str()));
            Box::new(read.flat_map(|(_, value)| match value {
                Value::String(text) => Box::new(std::iter::once(text.as_str())),
                other => texts(other),
            }))
        }
        Value::Array(items) => Box::new(items.iter().flat_map(|item| match item {
            Value::String(text) => Box::new(std::iter::once(text.as_str())),
            other => texts(other),
        })),
        _ => Box::new(std::iter::empty()),
    }
}

#[cfg(test)]
mod tests {
    use workers_ai_types::ModelInfo;

    use super::{ApproximateCounter, Excess, Measured, TokenCounter, texts};

    #[test]
    fn a_rough_count_knows_dense_scripts() {
        assert_eq!(ApproximateCounter.count(""), 0);
        assert_eq!(ApproximateCounter.count("hello world"), 3);
        assert_eq!(ApproximateCounter.count("空は青い"), 4);
    }

    #[test]
    fn only_what_a_model_reads_is_counted() {
        let input = serde_json::json!({
            "messages": [
                { "role": "user", "content": "one" },
                { "role": "user", "content": [{ "type": "text", "text": "two" }, { "type": "image_url", "image_url": { "url": "data:…" } }] },
            ],
            "lora": "three",
            "text": ["four", "five"],
        });
        let mut found: Vec<&str> = texts(&input).collect();
        found.sort_unstable();
        assert_eq!(found, ["five", "four", "one", "two"]);
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_limit() {
        const VECTORS: ModelInfo =
            ModelInfo { task: "Text Embeddings", max_input_tokens: Some(2), ..ModelInfo::UNKNOWN };
        const CHAT: ModelInfo = ModelInfo { task: "Text Generation", context_window: Some(300), ..ModelInfo::UNKNOWN };
        let fit = |info, input| Measured::of(info, &input, &ApproximateCounter).fit;
        assert_eq!(fit(&CHAT, serde_json::json!({ "prompt": "x".repeat(4 * 44) })), Some(Ok(())));
        let excess = Excess { limit: 300, input_tokens: 45, output_tokens: 256 };
        assert_eq!(fit(&CHAT, serde_json::json!({ "prompt": "x".repeat(4 * 45) })), Some(Err(excess)));
        let short = serde_json::json!({ "prompt": "x".repeat(4 * 45), "max_tokens": 100 });
        assert_eq!(fit(&CHAT, short), Some(Ok(())));

        // Each text of a list is read on its own.

        assert_eq!(fit(&VECTORS, serde_json::json!({ "text": ["12345678", "12345678"] })), Some(Ok(())));
        let excess = Excess { limit: 2, input_tokens: 3, output_tokens: 0 };
        assert_eq!(fit(&VECTORS, serde_json::json!({ "text": ["1", "123456789"] })), Some(Err(excess)));
        assert_eq!(fit(&ModelInfo::UNKNOWN, serde_json::json!({ "prompt": "x" })), None);
    }

    #[cfg(feature = "tiktoken")]
    #[test]
    fn encodings_count_as_their_models_do() {
        use super::Tiktoken;

        assert_eq!(Tiktoken::O200kHarmony.count("hello world"), 2);
        assert_eq!(Tiktoken::O200k.count("hello world"), 2);
        assert_eq!(Tiktoken::Cl100k.count("antidisestablishmentarianism"), 6);
        // What looks like a control token is text here.
        assert!(Tiktoken::O200kHarmony.count("<|end|>") > 1);
    }
}
