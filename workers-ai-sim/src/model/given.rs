//! Reads an answer of a chat model, in any of its styles.

use serde_json::Value;

use super::chat::Style;

/// The content of an answer.
pub(super) struct Said {
    pub(super) style: Style,
    pub(super) text: String,
    pub(super) object: Option<Value>,
    pub(super) reasoning: Option<String>,
    pub(super) tool_calls: Vec<(String, Value)>,
    pub(super) truncated: bool,
}

/// Reads an answer. `None` if it has none of the styles.
pub(super) fn read(answer: &Value) -> Option<Said> {
    if let Some(choice) = answer.pointer("/choices/0") {
        return Some(choices(choice));
    }
    if let Some(items) = answer.get("output").and_then(Value::as_array) {
        return Some(responses(answer, items));
    }
    let (response, calls) = (answer.get("response"), answer.get("tool_calls"));
    if response.is_none() && calls.is_none() {
        return None;
    }
    let object = response.filter(|response| !response.is_string() && !response.is_null()).cloned();
    let text = object.as_ref().map_or_else(|| text_of(response), Value::to_string);
    Some(Said { style: Style::Native, text, object, reasoning: None, tool_calls: tool_calls(calls), truncated: false })
}

fn choices(choice: &Value) -> Said {
    let message = choice.get("message").unwrap_or(choice);
    let reasoning = ["reasoning_content", "reasoning"].iter().find_map(|name| message.get(*name)?.as_str());
    Said {
        style: Style::OpenAi,
        text: text_of(message.get("content").or_else(|| choice.get("text"))),
        object: None,
        reasoning: reasoning.map(str::to_owned),
        tool_calls: tool_calls(message.get("tool_calls")),
        truncated: choice.get("finish_reason").is_some_and(|reason| reason == "length"),
    }
}

fn responses(answer: &Value, items: &[Value]) -> Said {
    let of_type = |name: &'static str| items.iter().filter(move |item| item.get("type").is_some_and(|of| of == name));
    let texts = |name| {
        let parts = of_type(name).filter_map(|item| item.get("content")?.as_array()).flatten();
        parts.map(|part| text_of(part.get("text"))).collect::<String>()
    };
    Said {
        style: Style::Responses,
        text: texts("message"),
        object: None,
        reasoning: Some(texts("reasoning")).filter(|text| !text.is_empty()),
        tool_calls: of_type("function_call").map(tool_call).collect(),
        truncated: answer.get("status").is_some_and(|status| status == "incomplete"),
    }
}

fn tool_calls(calls: Option<&Value>) -> Vec<(String, Value)> {
    let calls = calls.and_then(Value::as_array).into_iter().flatten();
    calls.map(|call| tool_call(call.get("function").unwrap_or(call))).collect()
}

fn tool_call(call: &Value) -> (String, Value) {
    let arguments = match call.get("arguments") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
        other => other.cloned().unwrap_or_default(),
    };
    (text_of(call.get("name")), arguments)
}

fn text_of(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}
