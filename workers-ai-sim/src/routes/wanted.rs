//! What the routes for clients of `OpenAI` want in a body.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::{envelope::Refusal, validate::Schema};

type Wanted = LazyLock<Schema>;

static CHAT: Wanted = LazyLock::new(|| {
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

static RESPONSES: Wanted = LazyLock::new(|| {
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

static EMBEDDINGS: Wanted = LazyLock::new(|| {
    Schema::new(&json!({
        "type": "object",
        "properties": {
            "model": { "type": "string" },
            "input": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
        },
        "required": ["model", "input"],
    }))
});

pub(super) fn chat(body: Value) -> Result<Value, Refusal> {
    checked(&CHAT, "messages", body)
}

pub(super) fn responses(body: Value) -> Result<Value, Refusal> {
    checked(&RESPONSES, "input", body)
}

pub(super) fn embeddings(body: Value) -> Result<Value, Refusal> {
    checked(&EMBEDDINGS, "input", body)
}

/// The body without members that are null, which these clients take for absent.
fn checked(wanted: &Wanted, main: &str, mut body: Value) -> Result<Value, Refusal> {
    if let Some(members) = body.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    wanted.check(&body).map_err(|detail| Refusal::invalid(&detail))?;
    match body.get(main) {
        Some(Value::Array(items)) if items.is_empty() => {
            Err(Refusal::invalid(&format!("required properties at '/' are '{main}'")))
        }
        _ => Ok(body),
    }
}
