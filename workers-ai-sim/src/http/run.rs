//! The native routes, with each model's own input and output.

use axum::{http::HeaderValue, response::Response};
use serde_json::Value;
use workers_ai_catalog::Capability;

use super::{
    call::Call,
    delivery::{deliver, event_stream},
    envelope::{self, Dialect},
    request,
};
use crate::{
    Fault,
    error::ApiError,
    model::{Output, events},
    state::SimState,
};

const MAX_BATCH_SIZE: usize = 10_000_000;

/// Runs a model and delivers its output.
pub(super) async fn respond(state: &SimState, model: &str, call: &Call, fault: &Fault) -> Result<Response, ApiError> {
    let spec = state.models.find(model)?;
    if !spec.supports(Capability::Run) {
        return Err(ApiError::new(5006, format!("AiError: {model} is available over WebSocket only")));
    }
    if call.query.iter().any(|(name, value)| name == "queueRequest" && value == "true") {
        if call.body.len() > MAX_BATCH_SIZE {
            return Err(ApiError::from_code(3006));
        }
        let receipt =
            state.queue.submit_or_poll(&spec, &request::json(&call.body)?, |input| state.run(&spec, input))?;
        return Ok(deliver(envelope::result(&receipt, call.enveloped), fault).await);
    }
    let input = request::read(&spec, &call.headers, call.query.clone(), call.body.clone())?;
    let streamed = input.value.get("stream").and_then(Value::as_bool).unwrap_or_default();
    let mut response = match state.run(&spec, &input) {
        Output::Chat(completion) if streamed && !fault.no_stream => {
            event_stream(&events::from_completion(&completion, true), fault, Dialect::Native)
        }
        output => deliver(output.respond(call.enveloped), fault).await,
    };
    response.headers_mut().insert("cf-ai-req-id", HeaderValue::from_static("00000000-0000-4000-8000-000000000001"));
    Ok(response)
}
