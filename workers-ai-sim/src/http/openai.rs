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
        ModelSpec, Output,
        chat::{self, Style},
        events, policy, similarity,
    },
    state::SimState,
};

/// Returns the model that a body names, if it has the task.
fn model_for(state: &SimState, input: &Value, task: &str) -> Result<Arc<ModelSpec>, ApiError> {
    let id = input.get("model").and_then(Value::as_str).unwrap_or_default();
    let id = id.strip_prefix("workers-ai/").unwrap_or(id);
    let spec = state.models.find(id)?;
    if spec.task == task { Ok(spec) } else { Err(ApiError::no_such_model(id)) }
}

/// `POST …/compat/chat/completions`, where the model's name starts with the provider's.
pub(super) async fn compat(state: &SimState, body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = request::json(body)?;
    let model = input.get("model").and_then(Value::as_str);
    if model.is_some_and(|model| !model.starts_with("workers-ai/")) {
        return Err(ApiError::new(2008, "Invalid provider"));
    }
    chat(state, body, fault).await
}

/// `POST …/v1/chat/completions`.
pub(super) async fn chat(state: &SimState, body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = openai_schema::chat(request::json(body)?)?;
    let spec = model_for(state, &input, "Text Generation")?;
    policy::check_chat(&spec, &input)?;
    let completion = match answer(state, &spec, &input, Style::OpenAi) {
        Ok(completion) => completion,
        Err(other) => return Ok(deliver(Json(other).into_response(), fault).await),
    };
    if input.get("stream").and_then(Value::as_bool).unwrap_or_default() && !fault.no_stream {
        let usage = input.pointer("/stream_options/include_usage").and_then(Value::as_bool).unwrap_or_default();
        return Ok(event_stream(&events::from_completion(&completion, usage), fault, Dialect::OpenAi));
    }
    Ok(deliver(Json(completion.to_json()).into_response(), fault).await)
}

/// `POST …/v1/responses`.
pub(super) async fn responses(state: &SimState, body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = openai_schema::responses(request::json(body)?)?;
    let spec = model_for(state, &input, "Text Generation")?;
    policy::check_chat(&spec, &input)?;
    let answer = answer(state, &spec, &input, Style::Responses);
    let answer = answer.map_or_else(|other| other, |completion| completion.to_json());
    Ok(deliver(Json(answer).into_response(), fault).await)
}

/// Answers an input in a style. Fails with a scripted answer that has no style.
fn answer(state: &SimState, spec: &ModelSpec, input: &Value, style: Style) -> Result<chat::Completion, Value> {
    let output = state.answers.take(&spec.id).map(|answer| answer.output(spec, input));
    match output {
        None => Ok(chat::complete(spec, input).in_style(style)),
        Some(Output::Chat(completion)) => Ok(completion.in_style(style)),
        Some(other) => Err(other.to_json()),
    }
}

/// `POST …/v1/embeddings`.
pub(super) async fn embeddings(state: &SimState, body: &Bytes, fault: &Fault) -> Result<Response, ApiError> {
    let input = openai_schema::embeddings(request::json(body)?)?;
    let spec = model_for(state, &input, "Text Embeddings")?;
    let texts: Vec<&str> = match input.get("input") {
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        Some(text) => text.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    let packed = input.get("encoding_format").and_then(Value::as_str) == Some("base64");
    let dimensions = spec.vector_length();
    let scripted = state.answers.take(&spec.id).map(|answer| answer.output(&spec, &input).to_json());
    let vectors: Vec<Vec<f32>> = match scripted {
        None => texts.iter().map(|text| similarity::vector(text, dimensions, "mean")).collect(),
        Some(answer) => match answer.get("data").and_then(|data| serde_json::from_value(data.clone()).ok()) {
            Some(vectors) => vectors,
            // It has the form of this route already, or none.
            None => return Ok(deliver(Json(answer).into_response(), fault).await),
        },
    };
    let data = vectors.iter().enumerate().map(|(index, vector)| {
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
