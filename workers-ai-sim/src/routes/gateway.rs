//! What AI Gateway does with a call: it looks into its cache, tries as often as it is told to, and logs.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};

use super::call::Call;
use crate::{
    asked::Asked,
    envelope::Refusal,
    gateway::{Kept, Logged},
    server::Shared,
};

/// A call through a gateway, as a step of it.
pub(super) async fn through(shared: &Shared, gateway: &str, step: usize, call: &Call) -> Response {
    let asked = match admit(shared, gateway, &call.headers) {
        Ok(asked) => asked,
        Err(refusal) => return call.refuse(&refusal),
    };
    let key = asked.key(gateway, &format!("{:?} {:?}", call.target, call.query), &call.body);
    let cached = asked.keeps().and_then(|_| shared.gateways.cached(&key));
    let hit = cached.is_some();
    let mut response = match cached {
        Some(kept) => kept.into_response(),
        None => {
            let response = attempts(shared, call, &asked).await;
            keep(shared, &asked, key, response).await.unwrap_or_else(|refusal| call.refuse(&refusal))
        }
    };
    let status = response.status().as_u16();
    let logged = Logged { gateway, step, model: &call.model(), cached: hit, status };
    let id = shared.gateways.log(&logged, &asked);
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
    if let Some(event) = &asked.event_id {
        set("cf-aig-event-id", event);
    }
    response
}

/// Whether the gateway takes the call, and what the call asks of it.
pub(super) fn admit(shared: &Shared, gateway: &str, headers: &HeaderMap) -> Result<Asked, Refusal> {
    if let Some(wanted) = &shared.gateway_token {
        let given = headers.get("cf-aig-authorization").and_then(|value| value.to_str().ok());
        if given.and_then(|given| given.strip_prefix("Bearer ")) != Some(wanted) {
            return Err(Refusal::new(2009, "Unauthorized"));
        }
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if gateway.is_empty() || !gateway.bytes().all(plain) {
        return Err(Refusal::new(7003, format!("Could not route: `{gateway}` is no name of a gateway")));
    }
    let content_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if content_type.starts_with(b"multipart/form-data") {
        return Err(Refusal::new(7000, "AI Gateway takes no forms"));
    }
    Asked::of(headers).map_err(|detail| Refusal::new(5004, detail))
}

/// As many attempts as are needed and allowed; whatever is no success is tried again.
async fn attempts(shared: &Shared, call: &Call, asked: &Asked) -> Response {
    let mut number = 1;
    loop {
        let response = attempt(shared, call, asked.timeout).await;
        if response.status().is_success() || number >= asked.attempts {
            return response;
        }
        tokio::time::sleep(asked.pause(number)).await;
        number += 1;
    }
}

async fn attempt(shared: &Shared, call: &Call, timeout: Option<Duration>) -> Response {
    let Some(timeout) = timeout else { return call.attempt(shared).await };
    let begun = async { begin(call.attempt(shared).await).await };
    // A gateway's own timeout is answered as a model's is, with 3007 and 408; the text tells them apart.
    tokio::time::timeout(timeout, begun).await.unwrap_or_else(|_| {
        let detail = format!("AI Gateway: request timeout: no first byte within {} ms", timeout.as_millis());
        call.refuse(&Refusal::new(3007, detail))
    })
}

/// The response once its first piece is there.
async fn begin(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let mut pieces = body.into_data_stream();
    let first = pieces.next().await;
    Response::from_parts(parts, Body::from_stream(stream::iter(first).chain(pieces)))
}

/// Keeps an answer, where it may be kept: a good one that is no stream.
async fn keep(shared: &Shared, asked: &Asked, key: String, response: Response) -> Result<Response, Refusal> {
    let content_type = response.headers().get(header::CONTENT_TYPE).cloned();
    let streamed = content_type.as_ref().is_some_and(|of| of.as_bytes().starts_with(b"text/event-stream"));
    let Some(ttl) = asked.keeps().filter(|_| response.status() == StatusCode::OK && !streamed) else {
        return Ok(response);
    };
    let (parts, body) = response.into_parts();
    let broken = |_| Refusal::new(7009, "AI Gateway: the answer broke off");
    let body = to_bytes(body, usize::MAX).await.map_err(broken)?;
    shared.gateways.keep(key, Kept { content_type, body: body.clone() }, ttl);
    Ok(Response::from_parts(parts, body.into()))
}

impl IntoResponse for Kept {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        if let Some(content_type) = self.content_type {
            response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        }
        response
    }
}
