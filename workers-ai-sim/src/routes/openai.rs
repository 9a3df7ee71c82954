//! The routes that clients of other services use.

use axum::{
    Extension, Json,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::{
    Fault,
    answer::chat::{self, Style},
    deliver::{dripping, event_stream},
    embed,
    envelope::Refusal,
    events,
    known::Known,
};

/// An error that these clients read, and the service's own beside it.
fn refused(refusal: &Refusal) -> Response {
    let mut body = refusal.body();
    let error = json!({
        "message": refusal.message, "type": "invalid_request_error", "param": null, "code": refusal.code.to_string(),
    });
    if let Some(members) = body.as_object_mut() {
        members.insert("error".to_owned(), error);
    }
    (refusal.status(), Json(body)).into_response()
}

/// The body, and the model that it names.
fn read(body: &Bytes) -> Result<(Value, std::sync::Arc<Known>), Refusal> {
    let input: Value =
        serde_json::from_slice(body).map_err(|error| Refusal::new(5004, format!("AiError: Invalid JSON: {error}")))?;
    let model = input.get("model").and_then(Value::as_str).unwrap_or_default();
    let known = Known::find(model.trim_start_matches("workers-ai/"))?;
    Ok((input, known))
}

/// `POST …/v1/chat/completions`.
pub(super) async fn chat(Extension(fault): Extension<Fault>, body: Bytes) -> Response {
    let (input, known) = match read(&body) {
        Ok(read) => read,
        Err(refusal) => return refused(&refusal),
    };
    if input.get("messages").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        return refused(&Refusal::invalid("required properties at '/' are 'messages'"));
    }
    let said = chat::Said { style: Style::OpenAi, object: None, ..chat::say(&known, &input) };
    if input.get("stream").and_then(Value::as_bool).unwrap_or_default() && !fault.plain {
        let usage = input.pointer("/stream_options/include_usage").and_then(Value::as_bool).unwrap_or_default();
        return event_stream(&events::of(&said, usage), &fault);
    }
    dripping(Json(said.whole()).into_response(), &fault).await
}

/// `POST …/v1/responses`.
pub(super) async fn responses(Extension(fault): Extension<Fault>, body: Bytes) -> Response {
    let (input, known) = match read(&body) {
        Ok(read) => read,
        Err(refusal) => return refused(&refusal),
    };
    if input.get("input").is_none_or(Value::is_null) {
        return refused(&Refusal::invalid("required properties at '/' are 'input'"));
    }
    let said = chat::Said { style: Style::Responses, object: None, ..chat::say(&known, &input) };
    dripping(Json(said.whole()).into_response(), &fault).await
}

/// `POST …/v1/embeddings`.
pub(super) async fn embeddings(Extension(fault): Extension<Fault>, body: Bytes) -> Response {
    let (input, known) = match read(&body) {
        Ok(read) => read,
        Err(refusal) => return refused(&refusal),
    };
    let texts: Vec<&str> = match input.get("input") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => return refused(&Refusal::invalid("required properties at '/' are 'input'")),
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
    dripping(Json(answer).into_response(), &fault).await
}
