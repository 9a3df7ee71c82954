//! LoRA adapters.

use std::sync::{Arc, PoisonError};

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{envelope, form, request};
use crate::{error::ApiError, state::SimState};

/// `GET …/ai/finetunes`.
pub(super) async fn list(State(state): State<Arc<SimState>>) -> Response {
    let finetunes = state.finetunes.lock().unwrap_or_else(PoisonError::into_inner);
    envelope::ok(&Value::Array(finetunes.clone()))
}

/// `GET …/ai/finetunes/public`.
pub(super) async fn public() -> Response {
    let one = json!({
        "id": "00000000-0000-4000-9000-000000000001", "name": "local-public-adapter",
        "model": "@cf/mistral/mistral-7b-instruct-v0.2-lora", "description": "Available to everyone.", "public": true,
    });
    envelope::ok(&json!([one]))
}

/// `POST …/ai/finetunes`.
pub(super) async fn create(State(state): State<Arc<SimState>>, body: Bytes) -> Result<Response, ApiError> {
    let mut finetune = request::json(&body)?;
    if ["model", "name"].iter().any(|name| finetune.get(name).and_then(Value::as_str).is_none_or(str::is_empty)) {
        return Err(ApiError::invalid_input("required properties at '/' are 'model,name'"));
    }
    let mut finetunes = state.finetunes.lock().unwrap_or_else(PoisonError::into_inner);
    finetune["id"] = json!(format!("00000000-0000-4000-8000-{:012}", finetunes.len() + 1));
    finetunes.push(finetune.clone());
    Ok(envelope::ok(&finetune))
}

/// `POST …/ai/finetunes/{id}/finetune-assets`.
pub(super) async fn upload(
    State(state): State<Arc<SimState>>,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let fields = form::parse(request::content_type(&headers), &body)?;
    let has = |name: &str| fields.iter().any(|field| field.name == name && !field.bytes.is_empty());
    if !has("file_name") || !has("file") {
        return Err(ApiError::from_code(3039));
    }
    let finetunes = state.finetunes.lock().unwrap_or_else(PoisonError::into_inner);
    if finetunes.iter().any(|finetune| finetune["id"] == id) {
        Ok(envelope::ok(&json!({ "id": id })))
    } else {
        Err(ApiError::new(7003, "No such finetune"))
    }
}
