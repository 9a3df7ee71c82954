//! Gateway logs.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{envelope, request};
use crate::{error::ApiError, state::SimState};

type LogPath = Path<(String, String, String)>;

/// `GET …/logs/{id}`.
pub(super) async fn get(
    State(state): State<Arc<SimState>>,
    Path((_, gateway, log)): LogPath,
) -> Result<Response, ApiError> {
    find(&state, &gateway, &log, |entry| entry.clone())
}

/// `PATCH …/logs/{id}`.
pub(super) async fn patch(
    State(state): State<Arc<SimState>>,
    Path((_, gateway, log)): LogPath,
    body: Bytes,
) -> Result<Response, ApiError> {
    change(&state, &gateway, &log, &body)
}

/// Changes what a log says about a call.
pub(super) fn change(state: &SimState, gateway: &str, log: &str, body: &[u8]) -> Result<Response, ApiError> {
    let change = request::json(body)?;
    if !change.is_object() {
        return Err(ApiError::invalid_input("Type mismatch of '/', 'object' expected"));
    }
    find(state, gateway, log, |entry| {
        for name in ["feedback", "score", "metadata"] {
            if let Some(value) = change.get(name) {
                entry[name] = value.clone();
            }
        }
        json!({})
    })
}

pub(super) fn find(
    state: &SimState,
    gateway: &str,
    log: &str,
    with: impl FnOnce(&mut Value) -> Value,
) -> Result<Response, ApiError> {
    let found = state.gateways.find(gateway, log, with);
    found.map(|result| envelope::ok(&result)).ok_or_else(|| ApiError::new(7002, "Log not found"))
}
