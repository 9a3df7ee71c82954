//! One attempt of a call, with the fault that is injected into it.

use axum::response::Response;

use super::{
    call::{Call, Endpoint},
    delivery, openai, run,
};
use crate::state::SimState;

/// Makes one attempt.
pub(super) async fn attempt(state: &SimState, call: &Call) -> Response {
    let fault = state.fault(&call.headers);
    if let Some(latency) = fault.latency {
        tokio::time::sleep(latency).await;
    }
    if let Some(response) = delivery::replacement(&fault, call.dialect()) {
        return response;
    }
    let response = match &call.endpoint {
        Endpoint::Model(model) => run::respond(state, model, call, &fault).await,
        Endpoint::Chat => openai::chat(state, &call.body, &fault).await,
        Endpoint::Compat => openai::compat(state, &call.body, &fault).await,
        Endpoint::Embeddings => openai::embeddings(state, &call.body, &fault).await,
        Endpoint::Responses => openai::responses(state, &call.body, &fault).await,
    };
    response.unwrap_or_else(|error| call.error(&error))
}
