//! `LoRA` adapters: made, filled, listed.

use std::sync::{Arc, PoisonError};

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    envelope::{self, Refusal},
    form, request,
    server::Shared,
};

/// `GET …/ai/finetunes`.
pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Response {
    let made = shared.finetunes.lock().unwrap_or_else(PoisonError::into_inner);
    envelope::ok(&Value::Array(made.clone()))
}

/// `GET …/ai/finetunes/public`.
pub(super) async fn public() -> Response {
    let one = json!({
        "id": "00000000-0000-4000-9000-000000000001", "name": "local-public-adapter",
        "model": "@cf/mistral/mistral-7b-instruct-v0.2-lora", "description": "Everybody's.", "public": true,
    });
    envelope::ok(&json!([one]))
}

/// `POST …/ai/finetunes`.
pub(super) async fn create(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Refusal> {
    let mut wanted = request::json(&body)?;
    if ["model", "name"].iter().any(|name| wanted.get(name).and_then(Value::as_str).is_none_or(str::is_empty)) {
        return Err(Refusal::invalid("required properties at '/' are 'model,name'"));
    }
    let mut made = shared.finetunes.lock().unwrap_or_else(PoisonError::into_inner);
    wanted["id"] = json!(format!("00000000-0000-4000-8000-{:012}", made.len() + 1));
    made.push(wanted.clone());
    Ok(envelope::ok(&wanted))
}

/// `POST …/ai/finetunes/{id}/finetune-assets`.
pub(super) async fn upload(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let fields = form::parse(request::content_type(&headers), &body)?;
    let has = |wanted: &str| fields.iter().any(|field| field.name == wanted && !field.bytes.is_empty());
    if !has("file_name") || !has("file") {
        return Err(Refusal::of_code(3039));
    }
    let known = shared.finetunes.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|made| made["id"] == id);
    if known { Ok(envelope::ok(&json!({ "id": id }))) } else { Err(Refusal::new(7003, "No such finetune")) }
}
