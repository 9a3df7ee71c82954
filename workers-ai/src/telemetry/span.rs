//! The span of a call.

use tracing::{Instrument, Span, field::Empty};
use workers_ai_types::{
    catalog::ModelInfo,
    chat::{FinishReason, Usage},
};

use super::content;
use crate::{
    Error, WorkersAi,
    call::request::Outbound,
    reply::{Meta, RawReply},
};

impl WorkersAi {
    /// Returns a client that records prompts and responses in its spans: `gen_ai.input.messages` and `gen_ai.output.messages`, as JSON.
    ///
    /// Whoever reads the traces reads what users wrote. Images, audio and files are named, not recorded.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// let verbose = ai.with_content_in_spans();
    /// # }
    /// ```
    #[must_use]
    pub fn with_content_in_spans(&self) -> Self {
        Self { content_in_spans: true, ..self.clone() }
    }
}

/// The span of a call.
#[derive(Debug, Clone)]
pub(crate) struct CallSpan {
    span: Span,
    content: bool,
    info: ModelInfo,
}

impl CallSpan {
    pub(crate) fn new(ai: &WorkersAi, outbound: &Outbound) -> Self {
        let Outbound { model, request, .. } = outbound;
        let Some(info) = outbound.info else {
            return Self { span: Span::none(), content: false, info: ModelInfo::UNKNOWN };
        };
        let operation = match info.task {
            "Text Embeddings" => "embeddings",
            "Text Generation" | "" => "chat",
            _ => "generate_content",
        };
        let span = tracing::info_span!(
            "workers_ai",
            otel.name = format!("{operation} {model}"),
            otel.kind = "client",
            gen_ai.operation.name = operation,
            gen_ai.provider.name = "cloudflare.workers_ai",
            gen_ai.request.model = model,
            gen_ai.request.stream = request.stream,
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
        );
        let content = ai.content_in_spans;
        if content && let Some(messages) = request.input.json().and_then(content::input_messages) {
            span.record("gen_ai.input.messages", messages);
        }
        Self { span, content, info }
    }

    /// Returns the same span, with the prices of another model.
    pub(crate) fn with_info(&self, info: ModelInfo) -> Self {
        Self { info, ..self.clone() }
    }

    /// Runs a call inside the span, and records its failure.
    pub(crate) async fn in_scope<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let call = call.instrument(self.span.clone());
        self.record_result(call.await)
    }

    /// Records a failure. Returns the result.
    pub(crate) fn record_result<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.record_error(error);
        }
        result
    }

    /// Records the failure of the call.
    pub(crate) fn record_error(&self, error: &Error) {
        if self.span.is_none() {
            return;
        }
        let kind = match error.code() {
            Some(code) => code.as_u32().to_string(),
            None => error.kind().to_owned(),
        };
        self.span.record("error.type", kind);
        let _entered = self.span.enter();
        tracing::warn!(error = %Chain(error), "the call failed");
    }

    /// Records a complete response and the metadata of its call.
    pub(crate) fn record_answer(&self, raw: &RawReply, meta: &Meta) {
        self.record_meta(meta);
        if let Some(reason) = &meta.finish_reason {
            self.record_finish_reason(reason);
        }
        if self.content
            && let Some(messages) = content::output_messages(&raw.body, meta.finish_reason.as_ref())
        {
            self.span.record("gen_ai.output.messages", messages);
        }
    }

    /// Records the text of a stream up to its end, whichever end that was.
    pub(crate) fn record_text(&self, text: &str, reason: Option<&FinishReason>) {
        if self.content {
            self.span.record("gen_ai.output.messages", content::text_message(text, reason));
        }
    }

    /// Records the metadata of a call.
    pub(crate) fn record_meta(&self, meta: &Meta) {
        self.span.record("workers_ai.attempts", meta.attempts);
        if let Some(id) = &meta.request_id {
            self.span.record("gen_ai.response.id", id);
        }
        if let Some(cache) = &meta.cache {
            self.span.record("workers_ai.cache", tracing::field::debug(cache));
        }
        if let Some(usage) = &meta.usage {
            self.record_usage(usage);
        }
    }

    /// Records why the model stopped. A response cut at the token limit is worth a warning: most programs want complete ones.
    pub(crate) fn record_finish_reason(&self, reason: &FinishReason) {
        self.span.record("gen_ai.response.finish_reasons", tracing::field::debug([reason.as_str()]));
        if *reason == FinishReason::Length {
            let _entered = self.span.enter();
            tracing::warn!("the response was cut at the token limit: raise `max_tokens`");
        }
    }

    /// Records the tokens that a call used, and their cost.
    pub(crate) fn record_usage(&self, usage: &Usage) {
        self.span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
        self.span.record("gen_ai.usage.output_tokens", usage.completion_tokens);
        if let Some(cost) = crate::billing::cost::cost(&self.info, usage) {
            self.span.record("workers_ai.cost_usd", cost.usd());
        }
    }
}

/// Records that an attempt is followed by another.
pub(crate) fn record_retry(error: &Error, delay: std::time::Duration) {
    tracing::info!(
        error = %Chain(error),
        delay_ms = crate::duration::millis(delay),
        "retrying the call"
    );
}

/// Records that an input exceeds a limit that the service was reported to enforce, and that the catalog does not have.
pub(crate) fn record_doubtful_context(model: &str, limit: u64, tokens: u64) {
    tracing::warn!(
        model,
        limit,
        tokens,
        "about {tokens} tokens of input and output exceed the {limit} that {model} was reported to take; the catalog says it takes more"
    );
}

/// Records that a response reports its usage in a form that cannot be read. It is absent then, and its cost unknown.
pub(crate) fn record_unreadable_usage() {
    tracing::warn!("the response's `usage` cannot be read; the usage and the cost of the call are not known");
}

/// An error with its causes on one line.
struct Chain<'a>(&'a Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::error::Error as _;

        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
