//! The native routes: a model's own input, a model's own answer.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::Value;
use workers_ai_catalog::Capability;

use super::gateway;
use crate::{
    Fault,
    answer::{self, Answer},
    deliver::{dripping, event_stream},
    envelope::{self, Refusal},
    events,
    known::Known,
    request,
    server::Shared,
};

pub(super) type Pairs = Query<Vec<(String, String)>>;

/// `POST …/ai/run/{model}`.
pub(super) async fn path(
    State(shared): State<Arc<Shared>>,
    Path((_, model)): Path<(String, String)>,
    Extension(fault): Extension<Fault>,
    Query(query): Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    through(&shared, &model, &headers, query, body, &fault).await
}

/// `POST …/ai/run` with the model in the body.
pub(super) async fn named(
    State(shared): State<Arc<Shared>>,
    Extension(fault): Extension<Fault>,
    Query(query): Pairs,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response {
    let named: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(model) = named.get("model").and_then(Value::as_str) else {
        return Refusal::invalid("required properties at '/' are 'model,input'").into_response();
    };
    headers.remove(header::CONTENT_LENGTH);
    let input = named.get("input").cloned().unwrap_or_default().to_string();
    through(&shared, model, &headers, query, input.into(), &fault).await
}

/// Through a gateway, where a header names one.
async fn through(
    shared: &Shared,
    model: &str,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    body: Bytes,
    fault: &Fault,
) -> Response {
    match headers.get("cf-aig-gateway-id").and_then(|value| value.to_str().ok()) {
        Some(id) => gateway::through(shared, id, model, headers, query, body, fault).await,
        None => respond(shared, model, headers, query, body, fault).await,
    }
}

/// The model's answer.
pub(super) async fn respond(
    shared: &Shared,
    model: &str,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    body: Bytes,
    fault: &Fault,
) -> Response {
    match answered(shared, model, headers, query, body, fault).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn answered(
    shared: &Shared,
    model: &str,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    body: Bytes,
    fault: &Fault,
) -> Result<Response, Refusal> {
    let known = Known::find(model)?;
    if !known.can(Capability::Run) {
        return Err(Refusal::new(5006, format!("AiError: {model} is reached over a websocket only")));
    }
    if query.iter().any(|(name, value)| name == "queueRequest" && value == "true") {
        let ticket = shared.queue.answer(&known, &body)?;
        return Ok(dripping(envelope::ok(&ticket), fault).await);
    }
    let input = request::read(&known, headers, query, body).await?;
    let streamed = input.value.get("stream").and_then(Value::as_bool).unwrap_or_default();
    let mut response = match answer::make(&known, &input) {
        Answer::Said(said) if streamed && !fault.plain => event_stream(&events::of(&said, true), fault),
        answer => dripping(answer.into_response(), fault).await,
    };
    response.headers_mut().insert("cf-ai-req-id", HeaderValue::from_static("00000000-0000-4000-8000-000000000001"));
    Ok(response)
}
