//! Calls through AI Gateway: its cache, its retries, its logs.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};

use super::{attempt::attempt, call::Call};
use crate::{
    error::ApiError,
    gateway::{CachedResponse, GatewayOptions, LogEntry},
    state::SimState,
};

/// Responds to a call through a gateway, as one step of its request.
pub(super) async fn respond(state: &SimState, gateway: &str, step: usize, call: &Call) -> Response {
    let options = match admit(state, gateway, &call.headers) {
        Ok(options) => options,
        Err(error) => return call.error(&error),
    };
    let key = options.key(gateway, &format!("{:?} {:?} {}", call.endpoint, call.query, call.enveloped), &call.body);
    let cached = options.cache_ttl().and_then(|_| state.gateways.cached(&key));
    let hit = cached.is_some();
    let mut response = match cached {
        Some(cached) => cached.into_response(),
        None => {
            let response = attempts(state, call, &options).await;
            cache(state, &options, key, response).await.unwrap_or_else(|error| call.error(&error))
        }
    };
    let status = response.status().as_u16();
    let entry = LogEntry { gateway, step, model: &call.model(), cached: hit, status };
    let id = state.gateways.log(&entry, &options);
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    };
    set("cf-aig-cache-status", if hit { "HIT" } else { "MISS" });
    set("cf-aig-step", &step.to_string());
    if let Some(id) = &id {
        set("cf-aig-log-id", id);
    }
    if let Some(event) = &options.event_id {
        set("cf-aig-event-id", event);
    }
    response
}

/// Checks that the gateway accepts the call, and returns the options of the call.
pub(super) fn admit(state: &SimState, gateway: &str, headers: &HeaderMap) -> Result<GatewayOptions, ApiError> {
    if let Some(token) = &state.gateway_token {
        let given = headers.get("cf-aig-authorization").and_then(|value| value.to_str().ok());
        if given.and_then(|given| given.strip_prefix("Bearer ")) != Some(token) {
            return Err(ApiError::new(2009, "Unauthorized"));
        }
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if gateway.is_empty() || !gateway.bytes().all(allowed) {
        return Err(ApiError::new(7003, format!("Could not route: invalid gateway name `{gateway}`")));
    }
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if content_type.starts_with(b"multipart/form-data") {
        return Err(ApiError::new(7000, "AI Gateway does not accept forms"));
    }
    GatewayOptions::from_headers(headers).map_err(|detail| ApiError::new(5004, detail))
}

/// Makes attempts until one succeeds or the allowed number is used up.
async fn attempts(state: &SimState, call: &Call, options: &GatewayOptions) -> Response {
    let mut number = 1;
    loop {
        let response = within(state, call, options.timeout).await;
        if response.status().is_success() || number >= options.attempts {
            return response;
        }
        tokio::time::sleep(options.pause(number)).await;
        number += 1;
    }
}

/// Makes one attempt within the gateway's timeout.
async fn within(state: &SimState, call: &Call, timeout: Option<Duration>) -> Response {
    let Some(timeout) = timeout else { return attempt(state, call).await };
    let response = async { first_byte(attempt(state, call).await).await };
    // A timeout of the gateway has the status and the code of a model's; only the message differs.
    tokio::time::timeout(timeout, response).await.unwrap_or_else(|_| {
        let detail = format!("AI Gateway: request timeout: no first byte within {} ms", timeout.as_millis());
        call.error(&ApiError::new(3007, detail))
    })
}

/// Waits for the first piece of a response.
async fn first_byte(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let mut pieces = body.into_data_stream();
    let first = pieces.next().await;
    Response::from_parts(parts, Body::from_stream(stream::iter(first).chain(pieces)))
}

/// Caches a response if it is successful and not a stream.
async fn cache(
    state: &SimState,
    options: &GatewayOptions,
    key: String,
    response: Response,
) -> Result<Response, ApiError> {
    let content_type = response.headers().get(header::CONTENT_TYPE).cloned();
    let streamed = content_type.as_ref().is_some_and(|of| of.as_bytes().starts_with(b"text/event-stream"));
    let Some(ttl) = options.cache_ttl().filter(|_| response.status() == StatusCode::OK && !streamed) else {
        return Ok(response);
    };
    let (parts, body) = response.into_parts();
    let broken = |_| ApiError::new(7009, "AI Gateway: the response was interrupted");
    let body = to_bytes(body, usize::MAX).await.map_err(broken)?;
    state.gateways.cache(key, CachedResponse { content_type, body: body.clone() }, ttl);
    Ok(Response::from_parts(parts, body.into()))
}

impl IntoResponse for CachedResponse {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        if let Some(content_type) = self.content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        response
    }
}
