//! What a chat model refuses though its schema lets it pass.

use serde_json::Value;
use workers_ai_catalog::Capability;

use crate::{envelope::Refusal, known::Known};

/// Whether the model takes an input that is valid.
pub(crate) fn check(known: &Known, input: &Value) -> Result<(), Refusal> {
    if input.get("tool_choice").is_some_and(|choice| choice == "any") {
        return Err(Refusal::new(
            8001,
            "AiError: Invalid input: tool_choice must be auto, none, required or a function",
        ));
    }
    if input.get("lora").and_then(Value::as_str).is_some_and(|lora| !lora.is_empty()) && !known.can(Capability::Lora) {
        return Err(Refusal::of_code(5005));
    }
    let schema = input.pointer("/response_format/type").is_some_and(|of| of == "json_schema");
    if schema && !known.can(Capability::JsonMode) {
        return Err(Refusal::of_code(5025));
    }
    Ok(())
}
