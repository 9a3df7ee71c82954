//! The protocol that the binding of a Worker speaks inside Cloudflare. It carries no token: the runtime is trusted.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::Value;

use super::{
    call::{Call, Endpoint, QueryParams},
    logs, request, routes, universal,
};
use crate::{error::ApiError, state::SimState};

/// The members of `options.gateway`, and the equivalent headers.
const GATEWAY: [(&str, &str); 8] = [
    ("id", "cf-aig-gateway-id"),
    ("cacheKey", "cf-aig-cache-key"),
    ("cacheTtl", "cf-aig-cache-ttl"),
    ("skipCache", "cf-aig-skip-cache"),
    ("metadata", "cf-aig-metadata"),
    ("collectLog", "cf-aig-collect-log"),
    ("eventId", "cf-aig-event-id"),
    ("requestTimeoutMs", "cf-aig-request-timeout"),
];

/// `POST /run` and `POST /ai-gateway/run`.
pub(super) async fn run(
    State(state): State<Arc<SimState>>,
    Query(query): QueryParams,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match call(headers, &query, body) {
        Ok(call) => routes::respond(&state, None, &call).await,
        Err(error) => error.into_response(),
    }
}

/// Returns the call that the binding stands for.
fn call(mut headers: HeaderMap, query: &[(String, String)], body: Bytes) -> Result<Call, ApiError> {
    let endpoint = Endpoint::Model(model(&headers));
    if let Some((_, fields)) = query.iter().find(|(name, _)| name == "userInputs") {
        let fields = request::json(fields.as_bytes())?;
        let fields = fields.as_object().cloned().unwrap_or_default();
        let query = fields.into_iter().map(|(name, value)| (name, text_of(&value))).collect();
        return Ok(Call { endpoint, headers, query, body, enveloped: false });
    }
    let sent = request::json(&body)?;
    let (Some(mut inputs), Some(options)) = (sent.get("inputs").cloned(), sent.get("options")) else {
        return Err(ApiError::invalid_input("required properties at '/' are 'inputs,options'"));
    };
    let mut query = Vec::new();
    if options["queueRequest"] == true {
        query.push(("queueRequest".to_owned(), "true".to_owned()));
    }
    if options["rejectIfBusy"] == true
        && let Some(members) = inputs.as_object_mut()
    {
        members.insert("options".to_owned(), serde_json::json!({ "rejectIfBusy": true }));
    }
    for (member, name) in GATEWAY {
        let value = options.pointer(&format!("/gateway/{member}")).filter(|value| !value.is_null());
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(text_of(value)).ok()) {
            headers.entry(HeaderName::from_static(name)).or_insert(value);
        }
    }
    headers.remove(header::CONTENT_LENGTH);
    Ok(Call { endpoint, headers, query, body: inputs.to_string().into(), enveloped: false })
}

/// Returns the ID of the model that the binding calls.
pub(super) fn model(headers: &HeaderMap) -> String {
    let model = headers.get("cf-consn-model-id").and_then(|model| model.to_str().ok()).unwrap_or_default();
    // A prefix before the ID names the provider.
    model.rsplit_once(':').map_or(model, |(_, model)| model).to_owned()
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `GET /ai-gateway/gateways/{gateway}/logs/{log}`.
pub(super) async fn log(
    State(state): State<Arc<SimState>>,
    Path((gateway, log)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    logs::find(&state, &gateway, &log, |entry| entry.clone())
}

/// `PATCH /ai-gateway/gateways/{gateway}/logs/{log}`.
pub(super) async fn patch_log(
    State(state): State<Arc<SimState>>,
    Path((gateway, log)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, ApiError> {
    logs::change(&state, &gateway, &log, &body)
}

/// `POST /ai-gateway/universal/run/{gateway}`.
pub(super) async fn universal(
    State(state): State<Arc<SimState>>,
    Path(gateway): Path<String>,
    mut headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    if let Ok(token) = HeaderValue::try_from(format!("Bearer {}", state.token)) {
        headers.insert(header::AUTHORIZATION, token);
    }
    headers.remove(header::CONTENT_LENGTH);
    universal::take(&state, &gateway, &headers, &body).await
}
