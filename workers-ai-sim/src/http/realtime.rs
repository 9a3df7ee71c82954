//! WebSocket connections to models.

use std::sync::Arc;

use axum::{
    extract::{
        Query, State,
        ws::{Message, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use workers_ai_catalog::Capability;

use super::{
    binding,
    call::{PathParams, QueryParams},
    delivery,
    envelope::Dialect,
    request,
};
use crate::{
    error::ApiError,
    model::{
        ModelSpec,
        realtime::{Conversation, Said},
    },
    state::SimState,
};

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

/// `GET …/ai/run/{model}`: the inputs are in the query.
pub(super) async fn of_account(
    State(state): State<Arc<SimState>>,
    params: PathParams,
    Query(query): QueryParams,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Response {
    let model = params.get("model").cloned().unwrap_or_default();
    let inputs: Map<String, Value> = query.into_iter().map(|(name, value)| (name, value.into())).collect();
    connect(&state, &model, &inputs.into(), &headers, upgrade).await
}

/// `GET /run`, as the binding of a Worker asks: the inputs are JSON in the query.
pub(super) async fn of_binding(
    State(state): State<Arc<SimState>>,
    Query(query): QueryParams,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Response {
    let body = query.iter().find(|(name, _)| name == "body").map(|(_, body)| body.as_str()).unwrap_or_default();
    match request::json(body.as_bytes()) {
        Ok(body) => connect(&state, &binding::model(&headers), &body["inputs"], &headers, upgrade).await,
        Err(error) => error.into_response(),
    }
}

async fn connect(state: &SimState, model: &str, inputs: &Value, headers: &HeaderMap, upgrade: Upgrade) -> Response {
    let fault = state.fault(headers);
    if let Some(latency) = fault.latency {
        tokio::time::sleep(latency).await;
    }
    if let Some(response) = delivery::replacement(&fault, Dialect::Native) {
        return response;
    }
    match (check(state, model, inputs), upgrade) {
        (Err(error), _) => error.into_response(),
        (_, Err(rejection)) => rejection.into_response(),
        (Ok(spec), Ok(upgrade)) => {
            let conversation = Conversation::new(&spec, inputs);
            upgrade.on_upgrade(move |socket| converse(socket, conversation))
        }
    }
}

/// Checks that a model has a realtime connection, and that its inputs are what the service takes there: texts.
fn check(state: &SimState, model: &str, inputs: &Value) -> Result<Arc<ModelSpec>, ApiError> {
    let spec = state.models.find(model)?;
    if !spec.supports(Capability::Realtime) {
        return Err(ApiError::new(5006, format!("AiError: {model} is not available over WebSocket")));
    }
    let members =
        inputs.as_object().ok_or_else(|| ApiError::invalid_input("Type mismatch of '/', 'object' expected"))?;
    match members.iter().find(|(_, value)| !value.is_string()) {
        Some((name, _)) => Err(ApiError::invalid_input(&format!("Type mismatch of '/{name}', 'string' expected"))),
        None => Ok(spec),
    }
}

async fn converse(mut socket: WebSocket, mut conversation: Conversation) {
    let mut said = conversation.greeting();
    loop {
        for said in said {
            let message = match said {
                Said::Text(json) => Message::Text(json.to_string().into()),
                Said::Bytes(bytes) => Message::Binary(bytes.into()),
                Said::Close => Message::Close(None),
            };
            let is_end = matches!(message, Message::Close(_));
            if socket.send(message).await.is_err() || is_end {
                return;
            }
        }
        said = match socket.recv().await {
            Some(Ok(Message::Binary(bytes))) => conversation.audio(&bytes),
            Some(Ok(Message::Text(text))) => conversation.message(&text),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Vec::new(),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return,
        };
    }
}
