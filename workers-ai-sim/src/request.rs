//! From the body of a request to the input it stands for.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use workers_ai_catalog::Body;

use crate::{envelope::Refusal, form, known::Known};

/// An input, and the bytes that came with it.
pub(crate) struct Input {
    pub(crate) value: Value,
    pub(crate) bytes: Option<Bytes>,
}

/// A body of JSON.
pub(crate) fn json(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(5004, format!("AiError: Invalid JSON: {error}")))
}

/// The content type of a request.
pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Reads and checks an input.
pub(crate) fn read(
    known: &Known,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    body: Bytes,
) -> Result<Input, Refusal> {
    let content_type = content_type(headers);
    let form = known.body == Body::Form;
    if content_type.starts_with("multipart/form-data") {
        if !form {
            return Err(Refusal::invalid("Type mismatch of '/', 'object' not in 'binary'"));
        }
        let input = read_form(content_type, &body)?;
        if input.get("prompt").is_none_or(|prompt| prompt == "") {
            return Err(Refusal::invalid("required properties at '/' are 'prompt'"));
        }
        known.check_required(&input)?;
        return Ok(Input { value: input, bytes: None });
    }
    let field = match &known.body {
        Body::Raw { field } | Body::Bytes { field } => Some(field.as_str()),
        _ => None,
    };
    let takes_bytes = field.is_some()
        || matches!(known.task.as_str(), "Automatic Speech Recognition" | "Image Classification" | "Object Detection");
    if !content_type.is_empty() && !content_type.contains("json") && takes_bytes {
        if body.is_empty() {
            return Err(Refusal::invalid(&format!("required properties at '/' are '{}'", field.unwrap_or("audio"))));
        }
        let scalars = query.into_iter().map(|(name, text)| (name, scalar(text)));
        return Ok(Input { value: Value::Object(scalars.collect()), bytes: Some(body) });
    }
    let value = json(&body)?;
    if form {
        return Err(Refusal::invalid("required properties at '/' are 'multipart'"));
    }
    known.check(&without_options(&value))?;
    let bytes = file_of(&value)?;
    Ok(Input { value, bytes })
}

/// The recording or the picture that an input holds.
pub(crate) fn file_of(value: &Value) -> Result<Option<Bytes>, Refusal> {
    let Some((name, file)) = ["audio", "image"].iter().find_map(|name| Some((name, value.get(*name)?))) else {
        return Ok(None);
    };
    let bytes = bytes_of(file);
    // An address is not followed.
    let damaged = |text: &str| bytes.is_none() && !text.starts_with("http");
    if file.as_str().is_some_and(damaged) {
        return Err(Refusal::new(5004, format!("AiError: Invalid data: `{name}` is not base64")));
    }
    Ok(bytes)
}

/// The service takes `options` beside every input, whatever the model's schema says.
fn without_options(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(members) = value.as_object_mut() {
        members.remove("options");
    }
    value
}

fn read_form(content_type: &str, body: &Bytes) -> Result<Value, Refusal> {
    let mut fields = Map::new();
    for field in form::parse(content_type, body)? {
        let value = match String::from_utf8(field.bytes.to_vec()) {
            Ok(text) if field.file_name.is_none() => scalar(text),
            _ => json!({ "bytes": field.bytes.len() }),
        };
        fields.insert(field.name, value);
    }
    // A prompt of digits is still a prompt.
    if let Some(prompt) = fields.get_mut("prompt")
        && !prompt.is_string()
    {
        *prompt = Value::String(prompt.to_string());
    }
    Ok(Value::Object(fields))
}

/// A text as the number or truth value that it looks like.
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

/// Bytes as models take them in JSON: a list of numbers, base64, a data URI.
pub(crate) fn bytes_of(value: &Value) -> Option<Bytes> {
    match value {
        Value::Array(numbers) => {
            let byte = |number: &Value| u8::try_from(number.as_u64()?).ok();
            numbers.iter().map(byte).collect::<Option<Vec<u8>>>().map(Bytes::from)
        }
        Value::String(text) => {
            let encoded = text.split_once(";base64,").map_or(text.as_str(), |(_, encoded)| encoded);
            STANDARD.decode(encoded).ok().map(Bytes::from)
        }
        Value::Object(_) => bytes_of(value.get("body")?),
        _ => None,
    }
}
