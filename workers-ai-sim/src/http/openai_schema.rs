//! The schemas of bodies that the routes for OpenAI clients accept.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::{error::ApiError, model::schema::Schema};

type Lazy = LazyLock<Schema>;

static CHAT: Lazy = LazyLock::new(|| {
    let message = json!({ "type": "object", "properties": { "role": { "type": "string" } }, "required": ["role"] });
    let function = json!({ "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] });
    let tool = json!({ "type": "object", "properties": { "function": function }, "required": ["function"] });
    Schema::new(&json!({
        "type": "object",
        "properties": {
            "model": { "type": "string" },
            "messages": { "type": "array", "items": message },
            "tools": { "type": "array", "items": tool },
            "response_format": { "type": "object" },
            "stream": { "type": "boolean" },
            "max_tokens": { "type": "integer" },
            "max_completion_tokens": { "type": "integer" },
            "temperature": { "type": "number" },
        },
        "required": ["model", "messages"],
    }))
});

static RESPONSES: Lazy = LazyLock::new(|| {
    Schema::new(&json!({
        "type": "object",
        "properties": {
            "model": { "type": "string" },
            "input": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "object" } }] },
            "instructions": { "type": "string" },
            "tools": { "type": "array", "items": { "type": "object" } },
        },
        "required": ["model", "input"],
    }))
});

static EMBEDDINGS: Lazy = LazyLock::new(|| {
    Schema::new(&json!({
        "type": "object",
        "properties": {
            "model": { "type": "string" },
            "input": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
        },
        "required": ["model", "input"],
    }))
});

pub(super) fn chat(body: Value) -> Result<Value, ApiError> {
    checked(&CHAT, "messages", body)
}

pub(super) fn responses(body: Value) -> Result<Value, ApiError> {
    checked(&RESPONSES, "input", body)
}

pub(super) fn embeddings(body: Value) -> Result<Value, ApiError> {
    checked(&EMBEDDINGS, "input", body)
}

/// Removes members that are null, which these clients mean as absent, and checks the rest.
fn checked(schema: &Lazy, main: &str, mut body: Value) -> Result<Value, ApiError> {
    if let Some(members) = body.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    schema.check(&body).map_err(|detail| ApiError::invalid_input(&detail))?;
    match body.get(main) {
        Some(Value::Array(items)) if items.is_empty() => {
            Err(ApiError::invalid_input(&format!("required properties at '/' are '{main}'")))
        }
        _ => Ok(body),
    }
}
