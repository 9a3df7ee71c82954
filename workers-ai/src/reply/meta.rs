//! The metadata of a call.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use workers_ai_types::{
    __private::{MaybeUsage, RawMembers, from_text, is_json},
    chat::{FinishReason, Usage},
};

use crate::{
    telemetry::record_unreadable_usage,
    transport::{Headers, json::mentions},
};

/// The metadata of a call: IDs, usage, attempts, finish reason.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Meta {
    /// The model that was called.
    pub model: String,
    /// The service's ID of the request.
    pub request_id: Option<String>,
    /// The ID of the gateway's log, for feedback.
    pub log_id: Option<String>,
    /// Whether the response came from the gateway's cache.
    pub cache: Option<CacheStatus>,
    /// The step of a fallback that responded, from 0.
    pub step: Option<u32>,
    /// The model that responded, if the gateway says so.
    pub served_by: Option<String>,
    /// The tokens used, if the response says so.
    pub usage: Option<Usage>,
    /// Why a chat model stopped. A model that does not say so is taken to have reached the token limit if it used all
    /// the tokens it was allowed: 256 unless the input sets a limit.
    pub finish_reason: Option<FinishReason>,
    /// The number of attempts made.
    pub attempts: u32,
    /// The time that the call took, all attempts and pauses included.
    pub duration: Duration,
}

/// Whether a response came from a gateway's cache.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheStatus {
    /// It came from the cache.
    Hit,
    /// It came from the model.
    Miss,
    /// Another status, as the gateway spells it.
    Other(String),
}

impl Meta {
    pub(crate) fn new(model: &str, headers: &Headers) -> Self {
        let text = |name: &str| headers.get(name).map(str::to_owned);
        let cache = headers.get("cf-aig-cache-status").map(|status| match status {
            "HIT" => CacheStatus::Hit,
            "MISS" => CacheStatus::Miss,
            other => CacheStatus::Other(other.to_owned()),
        });
        Self {
            model: model.to_owned(),
            request_id: request_id(headers),
            log_id: log_id(headers),
            cache,
            step: headers.get("cf-aig-step").and_then(|step| step.parse().ok()),
            served_by: text("cf-aig-model"),
            usage: None,
            finish_reason: None,
            attempts: 1,
            duration: Duration::ZERO,
        }
    }

    /// Returns `true` if the response came from a gateway's cache: it costs nothing.
    pub(crate) fn is_cached(&self) -> bool {
        self.cache == Some(CacheStatus::Hit)
    }
}

/// Returns the service's ID of a request.
pub(crate) fn request_id(headers: &Headers) -> Option<String> {
    headers.get("cf-ai-req-id").or_else(|| headers.get("cf-ray")).map(str::to_owned)
}

/// Returns the ID of the gateway's log.
pub(crate) fn log_id(headers: &Headers) -> Option<String> {
    headers.get("cf-aig-log-id").map(str::to_owned)
}

/// Reads usage that is absent if it cannot be read: it must not cost a good answer, and is never taken for zero.
pub(crate) fn if_readable<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Usage>, D::Error> {
    Value::deserialize(from).map(|usage| readable_usage(&usage))
}

/// Returns usage, if it can be read.
pub(crate) fn readable_usage(json: &Value) -> Option<Usage> {
    let MaybeUsage(usage) = MaybeUsage::from(json);
    if usage.is_none() && !json.is_null() {
        record_unreadable_usage();
    }
    usage
}

/// Returns the usage and the finish reason in a body. `limit` is the number of tokens that the model was allowed.
pub(crate) fn extract_usage(
    content_type: Option<&str>,
    body: &[u8],
    limit: Option<u64>,
) -> (Option<Usage>, Option<FinishReason>) {
    let has = |name| mentions(body, name);
    if !is_json(content_type, body) || !(has("usage") || has("finish_reason")) {
        return (None, None);
    }
    let Some(members) = RawMembers::of(body) else { return (None, None) };
    let usage = members.get("usage").and_then(|usage| readable_usage(&from_text(usage).ok()?));
    let named = members.get("choices").and_then(first_finish_reason);
    let reason = named.or_else(|| reached_limit(usage.as_ref(), limit).then_some(FinishReason::Length));
    (usage, reason)
}

/// Returns the finish reason of the first choice.
fn first_finish_reason(choices: &str) -> Option<FinishReason> {
    let choices: Value = from_text(choices).ok()?;
    choices.get(0)?.get("finish_reason")?.as_str().map(FinishReason::from)
}

/// Returns `true` if all the tokens were used that the model was allowed.
pub(crate) fn reached_limit(usage: Option<&Usage>, limit: Option<u64>) -> bool {
    matches!((usage, limit), (Some(usage), Some(limit)) if usage.completion_tokens >= limit)
}
