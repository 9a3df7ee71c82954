//! Reads the input of a model from a request.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use workers_ai_catalog::Body;

use super::form;
use crate::{
    error::ApiError,
    model::{Input, ModelSpec, policy},
};

/// Parses a JSON body.
pub(super) fn json(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body).map_err(|error| ApiError::new(5004, format!("AiError: Invalid JSON: {error}")))
}

/// Returns the content type of a request.
pub(super) fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Reads and validates an input.
pub(super) fn read(
    spec: &ModelSpec,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    body: Bytes,
) -> Result<Input, ApiError> {
    let content_type = content_type(headers);
    let form = spec.body == Body::Form;
    if content_type.starts_with("multipart/form-data") {
        if !form {
            return Err(ApiError::invalid_input("Type mismatch of '/', 'object' not in 'binary'"));
        }
        let input = read_form(content_type, &body)?;
        if input.get("prompt").is_none_or(|prompt| prompt == "") {
            return Err(ApiError::invalid_input("required properties at '/' are 'prompt'"));
        }
        policy::check_required(spec, &input)?;
        return Ok(Input { value: input, file: None });
    }
    let field = match &spec.body {
        Body::Raw { field } | Body::Bytes { field } => Some(field.as_str()),
        _ => None,
    };
    let takes_bytes = field.is_some()
        || matches!(spec.task.as_str(), "Automatic Speech Recognition" | "Image Classification" | "Object Detection");
    if !content_type.is_empty() && !content_type.contains("json") && takes_bytes {
        if body.is_empty() {
            return Err(ApiError::invalid_input(&format!(
                "required properties at '/' are '{}'",
                field.unwrap_or("audio")
            )));
        }
        let scalars = query.into_iter().map(|(name, text)| (name, scalar(text)));
        return Ok(Input { value: Value::Object(scalars.collect()), file: Some(body) });
    }
    let value = json(&body)?;
    if form {
        return Err(ApiError::invalid_input("required properties at '/' are 'multipart'"));
    }
    policy::check(spec, &without_options(&value))?;
    Input::from_json(value)
}

/// Removes `options`, which the service accepts in every input, whatever the schema says.
fn without_options(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(members) = value.as_object_mut() {
        members.remove("options");
    }
    value
}

fn read_form(content_type: &str, body: &Bytes) -> Result<Value, ApiError> {
    let mut fields = Map::new();
    for field in form::parse(content_type, body)? {
        let value = match String::from_utf8(field.bytes.to_vec()) {
            Ok(text) if field.file_name.is_none() => scalar(text),
            _ => json!({ "bytes": field.bytes.len() }),
        };
        fields.insert(field.name, value);
    }
    // A prompt of digits is still a text.
    if let Some(prompt) = fields.get_mut("prompt")
        && !prompt.is_string()
    {
        *prompt = Value::String(prompt.to_string());
    }
    Ok(Value::Object(fields))
}

/// Converts a text to the number or boolean that it looks like.
fn scalar(text: String) -> Value {
    match text.as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match text.parse::<serde_json::Number>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::String(text),
        },
    }
}
