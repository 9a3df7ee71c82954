//! The routes that call models, with or without a gateway.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::Response,
    routing::{MethodRouter, post},
};
use bytes::Bytes;
use serde_json::Value;

use super::{
    attempt::attempt,
    call::{Call, Endpoint, PathParams, QueryParams},
    gateway, request,
};
use crate::{error::ApiError, state::SimState};

/// `POST …/ai/run/{model}`, and the paths of the gateway's host.
pub(super) async fn run(
    State(state): State<Arc<SimState>>,
    params: PathParams,
    query: QueryParams,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let endpoint = Endpoint::Model(params.get("model").cloned().unwrap_or_default());
    let call = Call { endpoint, headers, query: query.0, body, enveloped: true };
    respond(&state, params.get("gateway").map(String::as_str), &call).await
}

/// `POST …/ai/run` with the model in the body.
pub(super) async fn run_named(
    State(state): State<Arc<SimState>>,
    query: QueryParams,
    mut headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let named = request::json(&body)?;
    let (Some(model), Some(input)) = (named.get("model").and_then(Value::as_str), named.get("input")) else {
        return Err(ApiError::invalid_input("required properties at '/' are 'model,input'"));
    };
    headers.remove(header::CONTENT_LENGTH);
    let endpoint = Endpoint::Model(model.to_owned());
    let call = Call { endpoint, headers, query: query.0, body: input.to_string().into(), enveloped: true };
    Ok(respond(&state, None, &call).await)
}

/// Returns the route of an OpenAI-compatible endpoint.
pub(super) fn openai(endpoint: Endpoint) -> MethodRouter<Arc<SimState>> {
    post(
        async move |State(state): State<Arc<SimState>>,
                    params: PathParams,
                    query: QueryParams,
                    headers: HeaderMap,
                    body: Bytes| {
            let call = Call { endpoint, headers, query: query.0, body, enveloped: true };
            respond(&state, params.get("gateway").map(String::as_str), &call).await
        },
    )
}

/// Responds through the named gateway or the one in the header, or else directly.
pub(super) async fn respond(state: &SimState, gateway: Option<&str>, call: &Call) -> Response {
    let in_header = || call.headers.get("cf-aig-gateway-id").map(|value| String::from_utf8_lossy(value.as_bytes()));
    match (gateway, in_header()) {
        (Some(gateway), _) => gateway::respond(state, gateway, 0, call).await,
        (None, Some(gateway)) => gateway::respond(state, &gateway, 0, call).await,
        (None, None) => attempt(state, call).await,
    }
}
