//! The options of a call, in the form of the binding.

use std::time::Duration;

use worker::{
    js_sys::{Array, JSON, Object},
    wasm_bindgen::JsValue,
};

use super::super::js::set;
use crate::{
    duration::millis,
    gateway::Gateway,
    transport::{CallOptions, Headers},
};

/// Returns the third argument of `run`.
pub(super) fn of_run(options: &CallOptions, headers: &Headers, gateway: Option<&Gateway>, signal: JsValue) -> Object {
    let all = Object::new();
    set(&all, "returnRawResponse", true);
    set(&all, "signal", signal);
    if options.queue {
        set(&all, "queueRequest", true);
    }
    if options.reject_if_busy {
        set(&all, "rejectIfBusy", true);
    }
    if !options.tags.is_empty() {
        set(&all, "tags", options.tags.iter().map(|tag| JsValue::from_str(tag)).collect::<Array>());
    }
    let mut headers = headers.clone();
    if let Some(session) = &options.session_affinity
        && !headers.contains("x-session-affinity")
    {
        headers.insert("x-session-affinity", session.as_str());
    }
    if let Some(gateway) = gateway {
        set(&all, "gateway", of_gateway(gateway));
        // Some of them are read from the headers only.
        gateway.write(&mut headers);
    }
    set(&all, "extraHeaders", of_headers(&headers));
    all
}

/// Returns headers as a plain object.
pub(super) fn of_headers(headers: &Headers) -> Object {
    let all = Object::new();
    for (name, value) in headers.iter() {
        set(&all, name, String::from_utf8_lossy(value).as_ref());
    }
    all
}

fn of_gateway(gateway: &Gateway) -> Object {
    let all = Object::new();
    set(&all, "id", gateway.id.as_str());
    if gateway.skip_cache {
        set(&all, "skipCache", true);
    }
    if let Some(ttl) = gateway.cache_ttl {
        set(&all, "cacheTtl", seconds(ttl));
    }
    if let Some(key) = &gateway.cache_key {
        set(&all, "cacheKey", key.as_str());
    }
    if let Some(metadata) = gateway.metadata_json().and_then(|json| JSON::parse(&json).ok()) {
        set(&all, "metadata", metadata);
    }
    if let Some(collect) = gateway.collect_log {
        set(&all, "collectLog", collect);
    }
    if let Some(id) = &gateway.event_id {
        set(&all, "eventId", id.as_str());
    }
    if let Some(timeout) = gateway.request_timeout {
        set(&all, "requestTimeoutMs", number(millis(timeout)));
    }
    let retries = Object::new();
    if let Some(attempts) = gateway.max_attempts {
        set(&retries, "maxAttempts", attempts);
    }
    if let Some(delay) = gateway.retry_delay {
        set(&retries, "retryDelayMs", number(millis(delay)));
    }
    if let Some(backoff) = gateway.backoff {
        set(&retries, "backoff", backoff.as_str());
    }
    if Object::keys(&retries).length() > 0 {
        set(&all, "retries", retries);
    }
    all
}

fn seconds(duration: Duration) -> f64 {
    number(duration.as_secs())
}

#[allow(clippy::cast_precision_loss, reason = "these numbers are far below 2^53")]
fn number(number: u64) -> f64 {
    number as f64
}
