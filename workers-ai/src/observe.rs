//! What a call tells `tracing`: a span with the names that OpenTelemetry has for generative models. Prompts and answers are not in it.

use std::future::Future;

#[cfg(feature = "tracing")]
use tracing::{Instrument, Span, field::Empty};
use workers_ai_types::{ModelInfo, Usage};

use crate::{Error, reply::Meta};

/// The span of a call; nothing without the feature `tracing`.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    #[cfg(feature = "tracing")]
    span: Span,
    info: ModelInfo,
}

impl Watch {
    pub(crate) fn new(model: &str, info: ModelInfo, stream: bool) -> Self {
        let _ = (model, stream);
        Self {
            #[cfg(feature = "tracing")]
            span: {
                let operation = match info.task {
                    "Text Embeddings" => "embeddings",
                    "Text Generation" | "" => "chat",
                    _ => "generate_content",
                };
                tracing::info_span!(
                    "workers_ai",
                    otel.name = format!("{operation} {model}"),
                    otel.kind = "client",
                    gen_ai.operation.name = operation,
                    gen_ai.provider.name = "cloudflare.workers_ai",
                    gen_ai.request.model = model,
                    gen_ai.request.stream = stream,
                    gen_ai.response.id = Empty,
                    gen_ai.usage.input_tokens = Empty,
                    gen_ai.usage.output_tokens = Empty,
                    workers_ai.cost_usd = Empty,
                    workers_ai.attempts = Empty,
                    workers_ai.cache = Empty,
                    error.r#type = Empty,
                )
            },
            info,
        }
    }

    /// The same span; costs are counted as another model's.
    pub(crate) fn of_model(&self, info: ModelInfo) -> Self {
        Self { info, ..self.clone() }
    }

    /// Makes a call inside the span.
    pub(crate) async fn around<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        #[cfg(feature = "tracing")]
        let call = call.instrument(self.span.clone());
        let result = call.await;
        if let Err(error) = &result {
            self.failed(error);
        }
        result
    }

    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self, reason = "without the feature there is nobody to tell")]
    fn failed(&self, _: &Error) {}

    #[cfg(feature = "tracing")]
    fn failed(&self, error: &Error) {
        let kind = match error.code() {
            Some(code) => code.number().to_string(),
            None => error.kind().to_owned(),
        };
        self.span.record("error.type", kind);
        let _entered = self.span.enter();
        tracing::warn!(%error, "the call failed");
    }

    /// Tells what is known of a call.
    pub(crate) fn known(&self, meta: &Meta) {
        #[cfg(feature = "tracing")]
        {
            self.span.record("workers_ai.attempts", meta.attempts);
            if let Some(id) = &meta.request_id {
                self.span.record("gen_ai.response.id", id);
            }
            if let Some(cache) = &meta.cache {
                self.span.record("workers_ai.cache", tracing::field::debug(cache));
            }
        }
        if let Some(usage) = &meta.usage {
            self.usage(usage);
        }
    }

    /// Tells the tokens that a call took, and what they cost.
    #[cfg_attr(not(feature = "tracing"), allow(clippy::unused_self, reason = "there is nobody to tell"))]
    pub(crate) fn usage(&self, usage: &Usage) {
        let cost = crate::cost(&self.info, usage);
        let _ = cost;
        #[cfg(feature = "tracing")]
        {
            self.span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
            self.span.record("gen_ai.usage.output_tokens", usage.completion_tokens);
            if let Some(cost) = cost {
                self.span.record("workers_ai.cost_usd", cost.usd());
            }
        }
    }
}

/// Tells that an attempt is followed by another.
pub(crate) fn retried(error: &Error, delay: std::time::Duration) {
    let _ = (error, delay);
    #[cfg(feature = "tracing")]
    tracing::info!(%error, delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), "trying again");
}
