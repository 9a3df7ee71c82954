//! The routes for OpenAI clients.

use std::sync::Arc;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    delivery::{deliver, event_stream},
    envelope::Dialect,
    openai_schema, request,
};
use crate::{
    Fault,
    error::ApiError,
    model::{
        ModelSpec,
        chat::{self, Style},
        events, policy, similarity,
    },
};

/// Returns the model that a body names, if it has the task.
fn model_for(input: &Value, task: &str) -> Result<Arc<ModelSpec>, ApiError> {
    let id = input.get("model").and_then(Value::as_str).unwrap_or_default();
    let id = id.strip_prefix("workers-ai/").unwrap_or(id);
    let spec = ModelSpec::find(id)?;
    if spec.task == task { Ok(spec) } else { Err(ApiError::no_such_model(id)) }
}

/// `POST …/compat/chat/completions`, where the model's name starts with the provider's.
pub(super) async fn compat(body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = request::json(body)?;
    let model = input.get("model").and_then(Value::as_str);
    if model.is_some_and(|model| !model.starts_with("workers-ai/")) {
        return Err(ApiError::new(2008, "Invalid provider"));
    }
    chat(body, fault).await
}

/// `POST …/v1/chat/completions`.
pub(super) async fn chat(body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = openai_schema::chat(request::json(body)?)?;
    let spec = model_for(&input, "Text Generation")?;
    policy::check_chat(&spec, &input)?;
    let completion = chat::Completion { style: Style::OpenAi, object: None, ..chat::complete(&spec, &input) };
    if input.get("stream").and_then(Value::as_bool).unwrap_or_default() && !fault.no_stream {
        let usage = input.pointer("/stream_options/include_usage").and_then(Value::as_bool).unwrap_or_default();
        return Ok(event_stream(&events::from_completion(&completion, usage), fault, Dialect::OpenAi));
    }
    Ok(deliver(Json(completion.to_json()).into_response(), fault).await)
}

/// `POST …/v1/responses`.
pub(super) async fn responses(body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = openai_schema::responses(request::json(body)?)?;
    let spec = model_for(&input, "Text Generation")?;
    policy::check_chat(&spec, &input)?;
    let completion = chat::Completion { style: Style::Responses, object: None, ..chat::complete(&spec, &input) };
    Ok(deliver(Json(completion.to_json()).into_response(), fault).await)
}

/// `POST …/v1/embeddings`.
pub(super) async fn embeddings(body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = openai_schema::embeddings(request::json(body)?)?;
    let spec = model_for(&input, "Text Embeddings")?;
    let texts: Vec<&str> = match input.get("input") {
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        Some(text) => text.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    let packed = input.get("encoding_format").and_then(Value::as_str) == Some("base64");
    let dimensions = spec.vector_length();
    let data = texts.iter().enumerate().map(|(index, text)| {
        let vector = similarity::vector(text, dimensions, "mean");
        let embedding = if packed {
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            json!(STANDARD.encode(bytes))
        } else {
            json!(vector)
        };
        json!({ "object": "embedding", "index": index, "embedding": embedding })
    });
    let data: Vec<Value> = data.collect();
    let tokens: usize = texts.iter().map(|text| chat::count_tokens(text)).sum();
    let usage = json!({ "prompt_tokens": tokens, "total_tokens": tokens });
    let answer = json!({ "object": "list", "data": data, "model": spec.id, "usage": usage });
    Ok(deliver(Json(answer).into_response(), fault).await)
}
