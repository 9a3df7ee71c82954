//! Translations that name their language, and summaries that are the first sentence.

use serde_json::{Value, json};

use super::{ModelSpec, number_of, text_of};

pub(super) fn translate(spec: &ModelSpec, input: &Value) -> Value {
    let language = text_of(input, &["target_lang", "target_language"]);
    let translated = |text: &str| format!("[{}] {text}", if language.is_empty() { "hin_Deva" } else { language });
    if spec.output_with("translations").is_some() {
        let texts = match input.get("text") {
            Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).map(translated).collect(),
            _ => vec![translated(text_of(input, &["text"]))],
        };
        return json!({ "translations": texts });
    }
    json!({ "translated_text": translated(text_of(input, &["text"])) })
}

pub(super) fn summarize(input: &Value) -> Value {
    let text = text_of(input, &["input_text"]);
    let max = number_of(input, "max_length").and_then(|max| usize::try_from(max).ok()).unwrap_or(1024);
    let first = text.split_inclusive(['.', '!', '?']).next().unwrap_or_default().trim();
    json!({ "summary": first.split_whitespace().take(max).collect::<Vec<_>>().join(" ") })
}
