//! The routes that clients of `OpenAI` use.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    call::{Call, Pairs, Place, Target},
    wanted,
};
use crate::{
    Fault,
    answer::{
        chat::{self, Style},
        refuse,
    },
    deliver::{dripping, event_stream},
    embed,
    envelope::{Dialect, Refusal},
    events,
    known::Known,
    request,
    server::Shared,
};

/// The route of a target.
pub(super) fn route(target: Target) -> MethodRouter<Arc<Shared>> {
    post(async move |State(shared): State<Arc<Shared>>, place: Place, query: Pairs, headers: HeaderMap, body: Bytes| {
        let call = Call { target, headers, query: query.0, body };
        call.answer(&shared, place.get("gateway").map(String::as_str)).await
    })
}

/// The model that a body names, if it does that task.
fn model_for(input: &Value, task: &str) -> Result<Arc<Known>, Refusal> {
    let id = input.get("model").and_then(Value::as_str).unwrap_or_default();
    let id = id.strip_prefix("workers-ai/").unwrap_or(id);
    let known = Known::find(id)?;
    if known.task == task { Ok(known) } else { Err(Refusal::new(5007, format!("AiError: No such model {id} or task"))) }
}

/// `POST …/compat/chat/completions`, where the model's name begins with the provider's.
pub(super) async fn compat(body: &Bytes, fault: &Fault) -> Result<Response, Refusal> {
    let input = request::json(body)?;
    let model = input.get("model").and_then(Value::as_str);
    if model.is_some_and(|model| !model.starts_with("workers-ai/")) {
        return Err(Refusal::new(2008, "Invalid provider"));
    }
    chat(body, fault).await
}

/// `POST …/v1/chat/completions`.
pub(super) async fn chat(body: &Bytes, fault: &Fault) -> Result<Response, Refusal> {
    let input = wanted::chat(request::json(body)?)?;
    let known = model_for(&input, "Text Generation")?;
    refuse::check(&known, &input)?;
    let said = chat::Said { style: Style::OpenAi, object: None, ..chat::say(&known, &input) };
    if input.get("stream").and_then(Value::as_bool).unwrap_or_default() && !fault.plain {
        let usage = input.pointer("/stream_options/include_usage").and_then(Value::as_bool).unwrap_or_default();
        return Ok(event_stream(&events::of(&said, usage), fault, Dialect::OpenAi));
    }
    Ok(dripping(Json(said.whole()).into_response(), fault).await)
}

/// `POST …/v1/responses`.
pub(super) async fn responses(body: &Bytes, fault: &Fault) -> Result<Response, Refusal> {
    let input = wanted::responses(request::json(body)?)?;
    let known = model_for(&input, "Text Generation")?;
    refuse::check(&known, &input)?;
    let said = chat::Said { style: Style::Responses, object: None, ..chat::say(&known, &input) };
    Ok(dripping(Json(said.whole()).into_response(), fault).await)
}

/// `POST …/v1/embeddings`.
pub(super) async fn embeddings(body: &Bytes, fault: &Fault) -> Result<Response, Refusal> {
    let input = wanted::embeddings(request::json(body)?)?;
    let known = model_for(&input, "Text Embeddings")?;
    let texts: Vec<&str> = match input.get("input") {
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        Some(text) => text.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    let packed = input.get("encoding_format").and_then(Value::as_str) == Some("base64");
    let dimensions = known.vector_length();
    let data = texts.iter().enumerate().map(|(index, text)| {
        let vector = embed::vector(text, dimensions, "mean");
        let embedding = if packed {
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            json!(STANDARD.encode(bytes))
        } else {
            json!(vector)
        };
        json!({ "object": "embedding", "index": index, "embedding": embedding })
    });
    let data: Vec<Value> = data.collect();
    let tokens: usize = texts.iter().map(|text| chat::tokens(text)).sum();
    let usage = json!({ "prompt_tokens": tokens, "total_tokens": tokens });
    let answer = json!({ "object": "list", "data": data, "model": known.id, "usage": usage });
    Ok(dripping(Json(answer).into_response(), fault).await)
}
