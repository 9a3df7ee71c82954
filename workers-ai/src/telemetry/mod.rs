//! What a call tells `tracing`: a span with the names that OpenTelemetry has for generative models. Prompts and answers are in it
//! only where a client is told to put them there.

#[cfg(feature = "tracing")]
mod content;

use std::future::Future;

#[cfg(feature = "tracing")]
use tracing::{Instrument, Span, field::Empty};
use workers_ai_types::{FinishReason, ModelInfo, Usage};

use crate::{Error, RawReply, WorkersAi, reply::Meta};

#[cfg(feature = "tracing")]
impl WorkersAi {
    /// The same way out, with prompts and answers in its spans: `gen_ai.input.messages` and `gen_ai.output.messages`, as JSON.
    ///
    /// Whoever reads the traces reads what users said. Images, audio and files are named, not written.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// let talkative = ai.with_content_in_spans();
    /// # }
    /// ```
    #[must_use]
    pub fn with_content_in_spans(&self) -> Self {
        Self { content_in_spans: true, ..self.clone() }
    }
}

/// The span of a call; nothing without the feature `tracing`.
#[derive(Debug, Clone)]
pub(crate) struct CallSpan {
    #[cfg(feature = "tracing")]
    span: Span,
    #[cfg(feature = "tracing")]
    content: bool,
    info: ModelInfo,
}

#[cfg_attr(
    not(feature = "tracing"),
    allow(clippy::unused_self, reason = "without the feature there is nobody to tell")
)]
impl CallSpan {
    pub(crate) fn new(ai: &WorkersAi, model: &str, info: ModelInfo, stream: bool) -> Self {
        let _ = (ai, model, stream);
        Self {
            #[cfg(feature = "tracing")]
            content: ai.content_in_spans,
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
                    gen_ai.response.finish_reasons = Empty,
                    gen_ai.input.messages = Empty,
                    gen_ai.output.messages = Empty,
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
        let mut watch = self.clone();
        watch.info = info;
        watch
    }

    /// Makes a call inside the span.
    pub(crate) async fn around<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        #[cfg(feature = "tracing")]
        let call = call.instrument(self.span.clone());
        self.told(call.await)
    }

    /// Tells of a failure; hands the result on.
    pub(crate) fn told<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.failed(error);
        }
        result
    }

    /// Tells that the call failed.
    pub(crate) fn failed(&self, error: &Error) {
        let _ = error;
        #[cfg(feature = "tracing")]
        {
            let kind = match error.code() {
                Some(code) => code.as_u32().to_string(),
                None => error.kind().to_owned(),
            };
            self.span.record("error.type", kind);
            let _entered = self.span.enter();
            tracing::warn!(%error, "the call failed");
        }
    }

    /// Tells what is sent, where that is wanted.
    pub(crate) fn sent(&self, json: &[u8]) {
        let _ = json;
        #[cfg(feature = "tracing")]
        if self.content
            && let Some(messages) = content::of_input(json)
        {
            self.span.record("gen_ai.input.messages", messages);
        }
    }

    /// Tells what came back, and what is known of the call.
    pub(crate) fn answered(&self, raw: &RawReply, meta: &Meta) {
        let _ = raw;
        self.known(meta);
        if let Some(reason) = &meta.finish_reason {
            self.finished(reason);
        }
        #[cfg(feature = "tracing")]
        if self.content
            && let Some(messages) = content::of_answer(&raw.body, meta.finish_reason.as_ref())
        {
            self.span.record("gen_ai.output.messages", messages);
        }
    }

    /// Tells what a stream said until its end, whichever end that was.
    pub(crate) fn streamed(&self, text: &str, finish: Option<&FinishReason>) {
        let _ = (text, finish);
        #[cfg(feature = "tracing")]
        if self.content {
            self.span.record("gen_ai.output.messages", content::of_text(text, finish));
        }
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

    /// Tells why the answer ended. One that was cut is worth a warning: most programs want whole answers.
    pub(crate) fn finished(&self, reason: &FinishReason) {
        let _ = reason;
        #[cfg(feature = "tracing")]
        {
            self.span.record("gen_ai.response.finish_reasons", tracing::field::debug([reason.as_str()]));
            if *reason == FinishReason::Length {
                let _entered = self.span.enter();
                tracing::warn!("the answer was cut at the limit of tokens: raise `max_tokens`");
            }
        }
    }

    /// Tells the tokens that a call took, and what they cost.
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
