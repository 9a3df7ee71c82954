//! Checks whether an input fits its model's context.

use std::sync::Arc;

use serde_json::Value;
use workers_ai_types::{
    catalog::{ModelInfo, PriceUnit},
    codec::Body,
};

use super::tokens::{DEFAULT_OUTPUT_TOKENS, TokenCounter};
use crate::{Error, WorkersAi, call::request::PreparedRequest, telemetry, transport::Endpoint};

/// The tokens of an input, and whether they fit the model.
pub(crate) struct Measured {
    pub(crate) input_tokens: u64,
    pub(crate) max_output_tokens: u64,
    /// Whether they fit the model's context. `None`: its limit is not known.
    pub(crate) fit: Option<Result<(), Excess>>,
    /// The excess over a limit that was reported, and that the catalog does not have.
    pub(crate) doubt: Option<Excess>,
}

/// More tokens than a model's context holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Excess {
    limit: u64,
    input_tokens: u64,
    output_tokens: u64,
}

impl Measured {
    pub(crate) fn new(info: &ModelInfo, json: &Value, counter: &(impl TokenCounter + ?Sized)) -> Self {
        let counts = || texts(json).map(|text| counter.count(text));
        let input_tokens = counts().sum();
        let limit = ["max_completion_tokens", "max_tokens", "max_output_tokens"];
        let limit = limit.iter().find_map(|name| json.get(*name)?.as_u64());
        let chat = info.task == "Text Generation";
        let answers_in_tokens = chat || info.prices.iter().any(|price| price.unit == PriceUnit::MillionOutputTokens);
        let max_output_tokens = if answers_in_tokens { limit.unwrap_or(DEFAULT_OUTPUT_TOKENS) } else { 0 };
        // Other models read each text of a list separately.
        let longest = if chat { input_tokens } else { counts().max().unwrap_or_default() };
        let fits = |limit: u32, output_tokens: u64| {
            let limit = u64::from(limit);
            let fits = longest.saturating_add(output_tokens) <= limit;
            if fits { Ok(()) } else { Err(Excess { limit, input_tokens: longest, output_tokens }) }
        };
        let fit = match (info.max_input_tokens, info.context_window) {
            (Some(most), _) => Some(fits(most, 0)),
            (None, Some(most)) => Some(fits(most, max_output_tokens)),
            (None, None) => None,
        };
        let reported = info.reported_context_window.and_then(|most| fits(most, max_output_tokens).err());
        let doubt = reported.filter(|_| !matches!(fit, Some(Err(_))));
        Self { input_tokens, max_output_tokens, fit, doubt }
    }
}

impl WorkersAi {
    /// Returns a client that counts the tokens of every JSON input before it is sent, those of batches too. An input that does not fit
    /// its model together with the output that it allows fails with [`Error::ContextExceeded`], and nothing is sent.
    ///
    /// Where the service was reported to enforce less than the catalog says
    /// ([`reported_context_window`](ModelInfo::reported_context_window)), an input between the two is warned of (feature `tracing`) and
    /// sent.
    ///
    /// If an input sets no limit, 256 output tokens are assumed, which is the service's default. Models whose limit the catalog does
    /// not know are not checked.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// let careful = ai.with_context_check(workers_ai::billing::ApproximateCounter);
    /// # }
    /// ```
    #[must_use]
    pub fn with_context_check(&self, counter: impl TokenCounter + 'static) -> Self {
        Self { context_check: Some(Arc::new(Counting(counter))), ..self.clone() }
    }

    /// Fails if an input is known not to fit. The steps of a fallback are checked one by one, not together.
    pub(crate) fn check_context(&self, request: &PreparedRequest) -> Result<(), Error> {
        if matches!(request.endpoint, Endpoint::Universal { .. }) {
            return Ok(());
        }
        let Ok(Body::Json(json)) = &request.body else { return Ok(()) };
        self.check_tokens(&request.model, &request.info, json)
    }

    /// Fails if a JSON input is known not to fit.
    pub(crate) fn check_tokens(&self, model: &str, info: &ModelInfo, json: &[u8]) -> Result<(), Error> {
        self.context_check.as_ref().map_or(Ok(()), |check| check.check(model, info, json))
    }
}

/// Checks inputs before they are sent. An object, so that a Worker without this check has none of its code.
pub(crate) trait ContextCheck: Send + Sync {
    fn check(&self, model: &str, info: &ModelInfo, json: &[u8]) -> Result<(), Error>;
}

struct Counting<C>(C);

impl<C: TokenCounter> ContextCheck for Counting<C> {
    fn check(&self, model: &str, info: &ModelInfo, json: &[u8]) -> Result<(), Error> {
        let Ok(json) = serde_json::from_slice(json) else { return Ok(()) };
        let measured = Measured::new(info, &json, &self.0);
        if let Some(doubt) = measured.doubt {
            telemetry::record_doubtful_context(
                model,
                doubt.limit,
                doubt.input_tokens.saturating_add(doubt.output_tokens),
            );
        }
        let Some(Err(excess)) = measured.fit else { return Ok(()) };
        let Excess { limit, input_tokens, output_tokens } = excess;
        Err(Error::ContextExceeded { model: model.to_owned(), limit, input_tokens, output_tokens })
    }
}

/// Returns the texts of an input that a model reads.
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
    use workers_ai_types::catalog::ModelInfo;

    use super::{Excess, Measured, texts};
    use crate::billing::tokens::ApproximateCounter;

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
    fn a_limit_that_sources_disagree_about_is_a_doubt_and_no_refusal() {
        const CHAT: ModelInfo = ModelInfo {
            task: "Text Generation",
            context_window: Some(300),
            reported_context_window: Some(200),
            ..ModelInfo::UNKNOWN
        };
        let measured = |max_tokens: u64| {
            let input = serde_json::json!({ "prompt": "a", "max_tokens": max_tokens });
            Measured::new(&CHAT, &input, &ApproximateCounter)
        };
        for (tokens, fits, doubted) in [(100, true, false), (250, true, true), (400, false, false)] {
            let measured = measured(tokens);
            assert_eq!(measured.fit.map(|fit| fit.is_ok()), Some(fits), "{tokens}");
            assert_eq!(measured.doubt.is_some(), doubted, "{tokens}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_limit() {
        const VECTORS: ModelInfo =
            ModelInfo { task: "Text Embeddings", max_input_tokens: Some(2), ..ModelInfo::UNKNOWN };
        const CHAT: ModelInfo = ModelInfo { task: "Text Generation", context_window: Some(300), ..ModelInfo::UNKNOWN };
        let fit = |info, input| Measured::new(info, &input, &ApproximateCounter).fit;
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
}
