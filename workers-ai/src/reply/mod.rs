//! An answer, with what is known of the call that brought it.

use std::{fmt, ops::Deref, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use workers_ai_types::{
    __private::{is_binary, is_json},
    FinishReason, Usage,
};

/// An answer. It derefs to the model's output.
///
/// ```
/// # fn f(reply: workers_ai::Reply<String>) {
/// println!("{} ({:?}, {} attempts)", *reply, reply.meta.request_id, reply.meta.attempts);
/// let output: String = reply.into_output();
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reply<T> {
    /// What the model answers.
    pub output: T,
    /// What is known of the call.
    pub meta: Meta,
}

impl<T> Reply<T> {
    /// The output alone.
    pub fn into_output(self) -> T {
        self.output
    }

    /// The same call with its output made into something else.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Reply<U> {
        Reply { output: make(self.output), meta: self.meta }
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.output
    }
}

impl<T: fmt::Display> fmt::Display for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.output.fmt(f)
    }
}

/// What is known of one call.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Meta {
    /// The model that was called.
    pub model: String,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// The gateway's id of its log, for feedback.
    pub log_id: Option<String>,
    /// Whether the gateway's cache answered.
    pub cache: Option<CacheStatus>,
    /// Which step of a fallback answered.
    pub step: Option<u32>,
    /// The model that answered, where the gateway says so.
    pub served_by: Option<String>,
    /// The tokens it took, where the answer says so.
    pub usage: Option<Usage>,
    /// Why a chat model's answer ended. Models that do not say so are taken to have been cut where they used all tokens that
    /// they were allowed: 256 unless the input says otherwise.
    pub finish_reason: Option<FinishReason>,
    /// How often it was tried.
    pub attempts: u32,
    /// How long it took, all attempts and pauses together.
    pub duration: Duration,
}

/// Whether a gateway's cache answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheStatus {
    /// It did.
    Hit,
    /// The model did.
    Miss,
    /// Something else, in the gateway's words.
    Other(String),
}

impl Meta {
    pub(crate) fn of(model: &str, headers: &HeaderMap) -> Self {
        let cache = header_text(headers, "cf-aig-cache-status").map(|status| match status.as_str() {
            "HIT" => CacheStatus::Hit,
            "MISS" => CacheStatus::Miss,
            _ => CacheStatus::Other(status),
        });
        Self {
            model: model.to_owned(),
            request_id: header_text(headers, "cf-ai-req-id").or_else(|| header_text(headers, "cf-ray")),
            log_id: header_text(headers, "cf-aig-log-id"),
            cache,
            step: header_text(headers, "cf-aig-step").and_then(|step| step.parse().ok()),
            served_by: header_text(headers, "cf-aig-model"),
            usage: None,
            finish_reason: None,
            attempts: 1,
            duration: Duration::ZERO,
        }
    }
}

/// A header's text.
pub(crate) fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// An answer as it came: nothing is taken off it and nothing is read into a type.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawReply {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl RawReply {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self { status, headers, body }
    }

    /// What the body is said to be.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(http::header::CONTENT_TYPE)?.to_str().ok()
    }
}

impl fmt::Debug for RawReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawReply")
            .field("status", &self.status.as_u16())
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// The envelope of the REST API.
#[derive(Deserialize)]
struct Envelope<'a> {
    /// Null is a result, too; it is told from none.
    #[serde(borrow, default, deserialize_with = "there")]
    result: Option<&'a RawValue>,
    #[serde(default)]
    success: Option<bool>,
}

fn there<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}

/// What is inside an envelope.
pub(crate) enum Peeled {
    /// The answer.
    Result(Bytes),
    /// The envelope says that it failed.
    Failed,
}

/// Takes off the envelope, where there is one.
pub(crate) fn strip_envelope(content_type: Option<&str>, body: &Bytes) -> Peeled {
    // A body that is no object has no envelope; neither has one that does not say whether it succeeded.
    if is_binary(content_type)
        || !body.trim_ascii_start().starts_with(b"{")
        || memchr::memmem::find(body, b"\"success\"").is_none()
    {
        return Peeled::Result(body.clone());
    }
    match serde_json::from_slice::<Envelope<'_>>(body) {
        Ok(Envelope { success: Some(false), .. }) => Peeled::Failed,
        Ok(Envelope { success: Some(true), result: Some(result) }) => {
            Peeled::Result(body.slice_ref(result.get().as_bytes()))
        }
        _ => Peeled::Result(body.clone()),
    }
}

/// What an answer says of itself.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) usage: Option<Usage>,
    pub(crate) finish: Option<FinishReason>,
}

/// What an answer says of itself: the tokens it took, and why it ended. `limit` is the most tokens that it was allowed.
pub(crate) fn extract_usage(content_type: Option<&str>, body: &[u8], limit: Option<u64>) -> Said {
    #[derive(Deserialize)]
    struct Named {
        usage: Option<Usage>,
        #[serde(default)]
        choices: Option<Vec<Ended>>,
    }
    #[derive(Deserialize)]
    struct Ended {
        #[serde(default)]
        finish_reason: Option<FinishReason>,
    }
    if !is_json(content_type, body) || memchr::memmem::find(body, b"\"usage\"").is_none() {
        return Said::default();
    }
    let Ok(Named { usage, choices }) = serde_json::from_slice::<Named>(body) else { return Said::default() };
    let told = choices.into_iter().flatten().next().and_then(|choice| choice.finish_reason);
    let finish = told.or_else(|| used_up(usage.as_ref(), limit).then_some(FinishReason::Length));
    Said { usage, finish }
}

/// Whether an answer used all the tokens that it was allowed.
pub(crate) fn used_up(usage: Option<&Usage>, limit: Option<u64>) -> bool {
    matches!((usage, limit), (Some(usage), Some(limit)) if usage.completion_tokens >= limit)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Peeled, strip_envelope};

    fn peeled(body: &'static str) -> Option<String> {
        match strip_envelope(Some("application/json; charset=utf-8"), &Bytes::from_static(body.as_bytes())) {
            Peeled::Result(result) => Some(String::from_utf8_lossy(&result).into_owned()),
            Peeled::Failed => None,
        }
    }

    #[test]
    fn the_envelope_is_taken_off_where_there_is_one() {
        assert_eq!(peeled(r#"{"result":{"a":1},"success":true,"errors":[]}"#).as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(peeled(r#"{"success":true,"result":[{"label":"x"}]}"#).as_deref(), Some(r#"[{"label":"x"}]"#));
        assert_eq!(peeled(r#"{"response":"x"}"#).as_deref(), Some(r#"{"response":"x"}"#));
        assert_eq!(peeled(r#"{"result":5}"#).as_deref(), Some(r#"{"result":5}"#));
        assert_eq!(
            peeled(r#"{"responses":[{"success":true}]}"#).as_deref(),
            Some(r#"{"responses":[{"success":true}]}"#)
        );
        assert_eq!(peeled(r#"{"result":null,"success":false}"#), None);
        assert_eq!(peeled(r#"{"result":null,"success":true}"#).as_deref(), Some("null"));
        // Without a result there is nothing that it could be the envelope of.
        assert_eq!(peeled(r#"{"success":true}"#).as_deref(), Some(r#"{"success":true}"#));
        assert_eq!(peeled(r#"{"success":tr"#).as_deref(), Some(r#"{"success":tr"#));
    }

    #[test]
    fn only_what_is_said_to_be_bytes_is_left_as_it_is() {
        let refused = Bytes::from_static(br#"{"success":false,"errors":[]}"#);
        for of in [None, Some("text/plain"), Some("text/json"), Some("application/problem+json"), Some("text/html")] {
            assert!(matches!(strip_envelope(of, &refused), Peeled::Failed), "{of:?}");
        }
        for of in ["image/png", "Audio/mpeg", "application/octet-stream"] {
            assert!(matches!(strip_envelope(Some(of), &refused), Peeled::Result(_)), "{of}");
        }
    }
}
