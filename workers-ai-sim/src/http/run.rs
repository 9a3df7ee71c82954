//! The native routes, with each model's own input and output.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::Value;
use workers_ai_catalog::Capability;

use super::{
    call::{Call, Endpoint, PathParams, QueryParams},
    delivery::{deliver, event_stream},
    envelope::{self, Dialect},
    request,
};
use crate::{
    Fault,
    error::ApiError,
    model::{self, ModelSpec, Output, events},
    state::SimState,
};

const MAX_BATCH_SIZE: usize = 10_000_000;

/// `POST …/ai/run/{model}`, and the paths of the gateway's host.
pub(super) async fn path(
    State(state): State<Arc<SimState>>,
    params: PathParams,
    query: QueryParams,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let endpoint = Endpoint::Model(params.get("model").cloned().unwrap_or_default());
    let call = Call { endpoint, headers, query: query.0, body };
    call.respond(&state, params.get("gateway").map(String::as_str)).await
}

/// `POST …/ai/run` with the model in the body.
pub(super) async fn named(
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
    let call = Call { endpoint, headers, query: query.0, body: input.to_string().into() };
    Ok(call.respond(&state, None).await)
}

/// Runs a model and delivers its output.
pub(super) async fn respond(state: &SimState, model: &str, call: &Call, fault: &Fault) -> Result<Response, ApiError> {
    let spec = ModelSpec::find(model)?;
    if !spec.supports(Capability::Run) {
        return Err(ApiError::new(5006, format!("AiError: {model} is available over WebSocket only")));
    }
    if call.query.iter().any(|(name, value)| name == "queueRequest" && value == "true") {
        if call.body.len() > MAX_BATCH_SIZE {
            return Err(ApiError::from_code(3006));
        }
        let receipt = state.queue.submit_or_poll(&spec, &request::json(&call.body)?)?;
        return Ok(deliver(envelope::ok(&receipt), fault).await);
    }
    let input = request::read(&spec, &call.headers, call.query.clone(), call.body.clone())?;
    let streamed = input.value.get("stream").and_then(Value::as_bool).unwrap_or_default();
    let mut response = match model::run(&spec, &input) {
        Output::Chat(completion) if streamed && !fault.no_stream => {
            event_stream(&events::from_completion(&completion, true), fault, Dialect::Native)
        }
        output => deliver(output.into_response(), fault).await,
    };
    response.headers_mut().insert("cf-ai-req-id", HeaderValue::from_static("00000000-0000-4000-8000-000000000001"));
    Ok(response)
}
