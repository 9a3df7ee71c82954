//! The logs of gateways.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    envelope::{self, Refusal},
    request,
    server::Shared,
};

type Which = Path<(String, String, String)>;

/// `GET …/logs/{id}`.
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    Path((_, gateway, log)): Which,
) -> Result<Response, Refusal> {
    find(&shared, &gateway, &log, |entry| entry.clone())
}

/// `PATCH …/logs/{id}`.
pub(super) async fn patch(
    State(shared): State<Arc<Shared>>,
    Path((_, gateway, log)): Which,
    body: Bytes,
) -> Result<Response, Refusal> {
    let change = request::json(&body)?;
    if !change.is_object() {
        return Err(Refusal::invalid("Type mismatch of '/', 'object' is wanted"));
    }
    find(&shared, &gateway, &log, |entry| {
        for name in ["feedback", "score", "metadata"] {
            if let Some(value) = change.get(name) {
                entry[name] = value.clone();
            }
        }
        json!({})
    })
}

fn find(
    shared: &Shared,
    gateway: &str,
    log: &str,
    with: impl FnOnce(&mut Value) -> Value,
) -> Result<Response, Refusal> {
    let found = shared.gateways.find(gateway, log, with);
    found.map(|result| envelope::ok(&result)).ok_or_else(|| Refusal::new(7002, "Log not found"))
}
