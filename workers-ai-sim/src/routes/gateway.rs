//! The host of AI Gateway and its logs.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::to_bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::{Value, json};

use super::run::{Pairs, respond};
use crate::{
    Fault,
    envelope::{self, Refusal},
    gateway::{Asked, Kept},
    server::Shared,
};

/// `POST /v1/{account}/{gateway}/workers-ai/…`.
pub(super) async fn run(
    State(shared): State<Arc<Shared>>,
    Path((_, gateway, model)): Path<(String, String, String)>,
    Extension(fault): Extension<Fault>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    through(&shared, &gateway, &model, &headers, query, body, &fault).await
}

/// A call through a gateway: from its cache, or to the model; it is logged.
pub(super) async fn through(
    shared: &Shared,
    gateway: &str,
    model: &str,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    body: Bytes,
    fault: &Fault,
) -> Response {
    if let Err(refusal) = authorize(shared, headers) {
        return refusal.into_response();
    }
    let asked = Asked::of(headers);
    if let Err(detail) = asked.check() {
        return Refusal::new(1000, detail).into_response();
    }
    let key = asked.key(gateway, model, &body);
    let cached = shared.gateways.cached(&asked, &key);
    let hit = cached.is_some();
    let mut response = match cached {
        Some(kept) => kept.into_response(),
        None => {
            let response = respond(shared, model, headers, query, body, fault).await;
            keep(shared, &asked, key, response).await
        }
    };
    let id = shared.gateways.log(gateway, model, &asked, hit, response.status().as_u16());
    let set = |response: &mut Response, name, value: &str| {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    };
    set(&mut response, "cf-aig-log-id", &id);
    set(&mut response, "cf-aig-cache-status", if hit { "HIT" } else { "MISS" });
    set(&mut response, "cf-aig-step", "0");
    if let Some(event) = &asked.event_id {
        set(&mut response, "cf-aig-event-id", event);
    }
    response
}

fn authorize(shared: &Shared, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(wanted) = &shared.gateway_token else { return Ok(()) };
    let given = headers.get("cf-aig-authorization").and_then(|value| value.to_str().ok());
    if given.and_then(|given| given.strip_prefix("Bearer ")) == Some(wanted) {
        Ok(())
    } else {
        Err(Refusal::new(2009, "Unauthorized"))
    }
}

/// Keeps an answer, where it may be kept: a good one that is no stream.
async fn keep(shared: &Shared, asked: &Asked, key: String, response: Response) -> Response {
    let content_type = response.headers().get(header::CONTENT_TYPE).cloned();
    let streamed = content_type.as_ref().is_some_and(|of| of.as_bytes().starts_with(b"text/event-stream"));
    let Some(ttl) = asked.keeps().filter(|_| response.status() == StatusCode::OK && !streamed) else {
        return response;
    };
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    shared.gateways.keep(key, Kept { content_type, body: body.clone() }, ttl);
    Response::from_parts(parts, body.into())
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

/// `POST /v1/{account}/{gateway}`: steps, of which the first that succeeds answers.
pub(super) async fn universal(
    State(shared): State<Arc<Shared>>,
    Path((_, gateway)): Path<(String, String)>,
    Extension(fault): Extension<Fault>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let steps: Vec<Value> = serde_json::from_slice(&body).unwrap_or_default();
    let mut last = Refusal::invalid("required properties at '/' are 'provider,endpoint'").into_response();
    for (number, step) in steps.iter().enumerate() {
        let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("provider") != "workers-ai" {
            last = Refusal::new(2008, "Invalid provider").into_response();
            continue;
        }
        let model = text("endpoint").trim_start_matches("run/");
        let query = step.get("query").cloned().unwrap_or_default().to_string();
        let mut headers = headers.clone();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let failing = Fault::parse(step.pointer("/headers/x-sim-fault").and_then(Value::as_str).unwrap_or_default());
        last = match failing.code {
            Some(code) => Refusal::of_code(code).into_response(),
            None => through(&shared, &gateway, model, &headers, Vec::new(), query.into(), &fault).await,
        };
        if last.status().is_success() {
            last.headers_mut().insert("cf-aig-step", HeaderValue::from(number));
            return last;
        }
    }
    last
}

/// `GET …/logs/{id}`.
pub(super) async fn get_log(
    State(shared): State<Arc<Shared>>,
    Path((_, gateway, log)): Path<(String, String, String)>,
) -> Response {
    match shared.gateways.find(&gateway, &log, |entry| entry.clone()) {
        Some(entry) => envelope::ok(&entry),
        None => Refusal::new(7002, "Log not found").into_response(),
    }
}

/// `PATCH …/logs/{id}`.
pub(super) async fn patch_log(
    State(shared): State<Arc<Shared>>,
    Path((_, gateway, log)): Path<(String, String, String)>,
    Json(change): Json<Value>,
) -> Response {
    let apply = |entry: &mut Value| {
        for name in ["feedback", "score", "metadata"] {
            if let Some(value) = change.get(name) {
                entry[name] = value.clone();
            }
        }
        json!({})
    };
    match shared.gateways.find(&gateway, &log, apply) {
        Some(nothing) => envelope::ok(&nothing),
        None => Refusal::new(7002, "Log not found").into_response(),
    }
}
