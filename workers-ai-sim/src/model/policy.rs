//! Which inputs a model accepts: its schema, the catalog's corrections, and what the service's engine rejects although the schema allows it.

use serde_json::Value;
use workers_ai_catalog::Capability;

use super::{ModelSpec, schema::kind};
use crate::error::ApiError;

/// Checks an input against the schema, the engine's rules and the corrections.
pub(crate) fn check(spec: &ModelSpec, input: &Value) -> Result<(), ApiError> {
    // Schemas of models that take bytes do not say that the input is an object.
    if !input.is_object() {
        return Err(ApiError::invalid_input(&format!("Type mismatch of '/', 'object' not in '{}'", kind(input))));
    }
    if let Some(schema) = &spec.schema {
        schema.check(input).map_err(|detail| schema_error(input, &detail))?;
    }
    if spec.task == "Text Generation" {
        check_chat(spec, input)?;
    }
    if spec.supports(Capability::TextEmbedding) {
        check_texts(input)?;
    }
    check_required(spec, input)
}

/// The number of texts that the service embeds in one call.
const MAX_TEXTS: usize = 100;

/// Checks the number of texts, of which most schemas say nothing.
fn check_texts(input: &Value) -> Result<(), ApiError> {
    let lists = ["text", "queries", "documents", "contexts"].into_iter();
    let mut counts = lists.filter_map(|name| Some((name, input.get(name)?.as_array()?.len())));
    match counts.find(|(_, count)| *count > MAX_TEXTS) {
        Some((name, _)) => Err(ApiError::invalid_input(&format!("Length of '/{name}' must be <= {MAX_TEXTS}"))),
        None => Ok(()),
    }
}

/// Checks what chat models reject although their schema allows it.
pub(crate) fn check_chat(spec: &ModelSpec, input: &Value) -> Result<(), ApiError> {
    if input.get("tool_choice").is_some_and(|choice| choice == "any") {
        let message = "AiError: Invalid input: tool_choice must be auto, none, required or a function";
        return Err(ApiError::new(8001, message));
    }
    let lora = input.get("lora").and_then(Value::as_str).is_some_and(|lora| !lora.is_empty());
    if lora && !spec.supports(Capability::Lora) {
        return Err(ApiError::from_code(5005));
    }
    let json_schema = input.pointer("/response_format/type").is_some_and(|kind| kind == "json_schema");
    if json_schema && !spec.supports(Capability::JsonMode) {
        return Err(ApiError::from_code(5025));
    }
    Ok(())
}

/// Checks the members that corrections require beyond the schema.
pub(crate) fn check_required(spec: &ModelSpec, input: &Value) -> Result<(), ApiError> {
    match spec.required.iter().find(|(name, _)| input.get(name).is_none_or(Value::is_null)) {
        Some((name, true)) => Err(ApiError::new(1000, format!("AiError: int32 parameter `{name}` is undefined"))),
        Some((name, false)) => Err(ApiError::invalid_input(&format!("required properties at '/' are '{name}'"))),
        None => Ok(()),
    }
}

fn schema_error(input: &Value, detail: &str) -> ApiError {
    let both = ["prompt", "messages"].iter().all(|name| input.get(name).is_some());
    if both && detail.ends_with("2 matches") {
        return ApiError::new(1001, "AiError: Bad input: prompt and messages exclude each other");
    }
    ApiError::invalid_input(detail)
}
