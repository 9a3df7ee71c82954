//! The native routes: a model's own input, a model's own answer.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::Value;
use workers_ai_catalog::Capability;

use super::call::{Call, Pairs, Place, Target};
use crate::{
    Fault,
    answer::{self, Answer},
    deliver::{dripping, event_stream},
    envelope::{self, Dialect, Refusal},
    events,
    known::Known,
    request,
    server::Shared,
};

/// `POST …/ai/run/{model}`, and the paths of the gateway's host.
pub(super) async fn path(
    State(shared): State<Arc<Shared>>,
    place: Place,
    query: Pairs,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = Target::Model(place.get("model").cloned().unwrap_or_default());
    let call = Call { target, headers, query: query.0, body };
    call.answer(&shared, place.get("gateway").map(String::as_str)).await
}

/// `POST …/ai/run` with the model in the body.
pub(super) async fn named(
    State(shared): State<Arc<Shared>>,
    query: Pairs,
    mut headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let named = request::json(&body)?;
    let (Some(model), Some(input)) = (named.get("model").and_then(Value::as_str), named.get("input")) else {
        return Err(Refusal::invalid("required properties at '/' are 'model,input'"));
    };
    headers.remove(header::CONTENT_LENGTH);
    let target = Target::Model(model.to_owned());
    let call = Call { target, headers, query: query.0, body: input.to_string().into() };
    Ok(call.answer(&shared, None).await)
}

/// The model's answer.
pub(super) async fn answer(shared: &Shared, model: &str, call: &Call, fault: &Fault) -> Result<Response, Refusal> {
    let known = Known::find(model)?;
    if !known.can(Capability::Run) {
        return Err(Refusal::new(5006, format!("AiError: {model} is reached over a websocket only")));
    }
    if call.query.iter().any(|(name, value)| name == "queueRequest" && value == "true") {
        let ticket = shared.queue.answer(&known, &call.body)?;
        return Ok(dripping(envelope::ok(&ticket), fault).await);
    }
    let input = request::read(&known, &call.headers, call.query.clone(), call.body.clone())?;
    let streamed = input.value.get("stream").and_then(Value::as_bool).unwrap_or_default();
    let mut response = match answer::make(&known, &input) {
        Answer::Said(said) if streamed && !fault.plain => {
            event_stream(&events::of(&said, true), fault, Dialect::Native)
        }
        answer => dripping(answer.into_response(), fault).await,
    };
    response.headers_mut().insert("cf-ai-req-id", HeaderValue::from_static("00000000-0000-4000-8000-000000000001"));
    Ok(response)
}
