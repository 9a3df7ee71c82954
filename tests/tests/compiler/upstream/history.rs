//! Changes that upstream really made: the versions before today's, rebuilt from dated notes.

use serde_json::{Value, json};

use super::schema::{Document, Object, is_input, members};

/// A change that upstream made to a model.
pub(super) struct Step {
    /// What changed.
    pub(super) name: &'static str,
    pub(super) id: &'static str,
    /// Turns today's document into the one before.
    pub(super) before: fn(&mut Document),
    /// The changes that break programs: a part of the text of each.
    pub(super) breaking: &'static [&'static str],
}

pub(super) const STEPS: &[Step] = &[
    Step {
        name: "response format, batches, usage and content parts came; one bound became narrower, two wider",
        id: "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
        before: |d| {
            without(d, &["response_format"]);
            text_content(d);
            no_batches(d);
            d.edit_input(|path, s| match path {
                "top_p" => bounds(s, "maximum", 2) & bounds(s, "minimum", 0),
                "frequency_penalty" | "presence_penalty" => bounds(s, "minimum", 0),
                "prompt" => bounds(s, "maxLength", 131_072),
                _ => false,
            });
            d.edit_output(|path, s| {
                path.is_empty() && members(s).is_some_and(|members| members.remove("usage").is_some())
            });
        },
        breaking: &["input `top_p`: was 0 to 2, is now 0.001 to 1"],
    },
    Step {
        name: "content parts, tool call IDs and guided JSON came, fewer members are required, LoRA went",
        id: "@cf/meta/llama-4-scout-17b-16e-instruct",
        before: |d| {
            without(d, &["guided_json", "response_format"]);
            text_content(d);
            older_messages(d);
            no_batches(d);
            d.edit_input(|path, s| {
                is_input(path, s)
                    && members(s)
                        .is_some_and(|members| members.insert("lora".to_owned(), json!({"type": "string"})).is_none())
            });
            d.edit_input(|path, s| path == "temperature" && s.insert("default".to_owned(), json!(0.6)).is_some());
        },
        breaking: &["input `lora` removed"],
    },
    Step {
        name: "content parts and tool call IDs came, fewer members are required",
        id: "@cf/meta/llama-3.2-11b-vision-instruct",
        before: |d| {
            text_content(d);
            older_messages(d);
        },
        breaking: &[],
    },
    Step {
        name: "roles were limited, a bound went",
        id: "@cf/meta/llama-guard-3-8b",
        before: |d| {
            d.edit_input(|path, s| match path {
                "messages[].role" => {
                    s.clear();
                    s.insert("type".to_owned(), json!("string")).is_none()
                }
                "messages[].content" => bounds(s, "maxLength", 131_072),
                _ => false,
            });
        },
        breaking: &["input `messages[].role`: no longer `developer`, `system`, `tool`"],
    },
    Step {
        name: "a chat alternative came in front of the two",
        id: "@cf/openai/gpt-oss-120b",
        before: |d| {
            if let Some(ways) = d.side("input")["oneOf"].as_array_mut() {
                ways.remove(0);
            }
        },
        breaking: &[],
    },
    Step {
        name: "other efforts, the paid plan only",
        id: "@cf/zai-org/glm-5.2",
        before: |d| {
            d.edit_input(|path, s| {
                path == "reasoning_effort"
                    && s.contains_key("enum")
                    && s.insert("enum".to_owned(), json!(["low", "medium", "high"])).is_some()
            });
            if let Some(properties) = d.0["properties"].as_object_mut() {
                properties.remove("require_workers_paid");
                properties.remove("reasoning_effort");
            }
        },
        breaking: &["input `reasoning_effort`: no longer `low`, `medium`"],
    },
    Step {
        name: "a kind of content part and a field came",
        id: "@cf/moonshotai/kimi-k2.6",
        before: |d| {
            without(d, &["service_tier"]);
            d.edit_input(|path, s| {
                path == "messages[].content[]"
                    && members(s).is_some_and(|part| {
                        let kinds =
                            part.get_mut("type").and_then(|kind| kind.get_mut("enum")).and_then(Value::as_array_mut);
                        kinds.is_some_and(|kinds| {
                            kinds.retain(|kind| kind != "video_url");
                            true
                        }) && part.remove("video_url").is_some()
                    })
            });
        },
        breaking: &[],
    },
    Step {
        name: "an object became three alternatives, and two answers four",
        id: "@cf/baai/bge-m3",
        before: |d| {
            let context = json!({"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}});
            *d.side("input") = json!({"type": "object", "required": ["contexts"], "properties": {
                "query": {"type": "string", "minLength": 1}, "contexts": {"type": "array", "items": context},
            }});
            if let Some(ways) = d.side("output")["oneOf"].as_array_mut() {
                ways.truncate(2);
            }
        },
        breaking: &[],
    },
    Step {
        name: "batches and pooling came, the answer of a queue beside the other",
        id: "@cf/baai/bge-base-en-v1.5",
        before: |d| {
            *d.side("input") = json!({"type": "object", "required": ["text"], "properties": {"text": {"oneOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 100},
            ]}}});
            let vectors = json!({"type": "array", "items": {"type": "array", "items": {"type": "number"}}});
            let shape = json!({"type": "array", "items": {"type": "number"}});
            *d.side("output") = json!({"type": "object", "contentType": "application/json", "properties": {"shape": shape, "data": vectors}});
        },
        breaking: &[],
    },
    Step {
        name: "a text became a boolean, an object a list; audio in two forms; new fields",
        id: "@cf/openai/whisper-large-v3-turbo",
        before: |d| {
            without(
                d,
                &[
                    "beam_size",
                    "condition_on_previous_text",
                    "no_speech_threshold",
                    "compression_ratio_threshold",
                    "log_prob_threshold",
                    "hallucination_silence_threshold",
                ],
            );
            d.edit_input(|path, s| match path {
                "vad_filter" | "audio" => {
                    s.clear();
                    s.insert("type".to_owned(), json!("string")).is_none()
                }
                _ => false,
            });
            d.edit_output(|path, s| {
                path == "segments" && {
                    let item = s.remove("items");
                    s.clear();
                    s.extend(item.as_ref().and_then(Value::as_object).cloned().unwrap_or_default());
                    true
                }
            });
        },
        breaking: &["input `vad_filter`: type was string, is now boolean", "output `segments"],
    },
    Step {
        name: "a text is no longer required; a price has another unit",
        id: "@cf/deepgram/aura-2-en",
        before: |d| {
            d.side("input")["required"] = json!(["text"]);
            *d.property("price") = json!([{"unit": "per character", "price": "0.00003", "currency": "USD"}]);
        },
        breaking: &[],
    },
    Step {
        name: "the input was closed, a default went",
        id: "@cf/black-forest-labs/flux-1-schnell",
        before: |d| {
            d.edit_input(|path, s| match path {
                "" => s.remove("additionalProperties").is_some(),
                "steps" => s.insert("default".to_owned(), json!(4)).is_none(),
                _ => false,
            });
        },
        breaking: &[],
    },
    Step {
        name: "the amount of a price",
        id: "@cf/leonardo/lucid-origin",
        before: |d| *d.property("price") = json!([{"unit": "per step", "price": "0.1", "currency": "USD"}]),
        breaking: &[],
    },
];

fn bounds(schema: &mut Object, bound: &str, value: i64) -> bool {
    schema.insert(bound.to_owned(), json!(value));
    true
}

/// Removes fields of the input.
fn without(document: &mut Document, names: &[&str]) {
    document.edit_input(|path, s| {
        is_input(path, s)
            && members(s)
                .is_some_and(|members| names.iter().fold(false, |any, name| any | members.remove(*name).is_some()))
    });
}

/// Limits the content of messages to text.
fn text_content(document: &mut Document) {
    document.edit_input(|path, s| {
        path == "messages[].content" && {
            s.clear();
            s.insert("type".to_owned(), json!("string")).is_none()
        }
    });
}

/// Requires the members of messages, and takes no ID of a tool call.
fn older_messages(document: &mut Document) {
    document.edit_input(|path, s| {
        path == "messages[]" && {
            s.insert("required".to_owned(), json!(["role", "content"]));
            members(s).is_some_and(|members| members.remove("tool_call_id").is_some())
        }
    });
}

/// Removes the alternative of batches, and the answer of a queue.
fn no_batches(document: &mut Document) {
    for side in ["input", "output"] {
        if let Some(ways) = document.side(side)["oneOf"].as_array_mut() {
            ways.retain(|way| {
                let has = |name: &str| way["properties"].get(name).is_some();
                !has("requests") && !has("request_id")
            });
        }
    }
    if let Some(properties) = document.0["properties"].as_object_mut() {
        properties.remove("async_queue");
    }
}
