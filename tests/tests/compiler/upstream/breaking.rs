//! What upstream has taken away or changed, by kind. A refresh must say that it breaks programs.

use serde_json::{Value, json};

use super::{
    additive::Kind,
    schema::{Document, Object, has_alternatives, is, is_input, members, texts},
};

/// Programs may no longer compile: where they do not, it is named.
pub(super) const PROGRAMS: &[Kind] = &[
    ("a field of the input removed", |d| {
        let Some(name) = an_optional_field(d) else { return false };
        d.edit_input(|path, s| is_input(path, s) && members(s).is_some_and(|members| members.remove(&name).is_some()))
    }),
    ("a required field of the input removed", |d| {
        let Some(name) = a_required_field(d) else { return false };
        d.edit_input(|path, s| is_input(path, s) && remove_required(s, &name))
    }),
    ("a field of the input moved into an object", |d| {
        let Some(name) = an_optional_field(d) else { return false };
        d.edit_input(|path, s| {
            is_input(path, s)
                && members(s).is_some_and(|members| {
                    let Some(field) = members.remove(&name) else { return false };
                    members.insert("options_new".to_owned(), json!({"type": "object", "properties": {&name: field}}));
                    true
                })
        })
    }),
    ("a field of the input renamed", |d| {
        let Some(name) = a_required_field(d) else { return false };
        d.edit_input(|path, s| {
            is_input(path, s)
                && members(s).is_some_and(|members| {
                    let Some(field) = members.remove(&name) else { return false };
                    members.insert(format!("{name}_new"), field);
                    true
                })
                && {
                    for required in s.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
                        if required == &json!(name) {
                            *required = json!(format!("{name}_new"));
                        }
                    }
                    true
                }
        })
    }),
    ("another type of a field of the input", |d| {
        let Some(name) = an_optional_field(d) else { return false };
        d.edit_input(|path, s| path == name && retype(s))
    }),
    ("a field of the input required", |d| {
        let Some(name) = an_optional_field(d) else { return false };
        d.edit_input(|path, s| {
            is_input(path, s)
                && members(s).is_some_and(|members| {
                    members.get_mut(&name).and_then(Value::as_object_mut).map(|f| f.remove("default")).is_some()
                })
                && {
                    let required = s.entry("required").or_insert_with(|| json!([]));
                    required.as_array_mut().is_some_and(|required| {
                        required.push(json!(name));
                        true
                    })
                }
        })
    }),
    ("no tools", |d| {
        d.edit_input(|path, s| is_input(path, s) && members(s).is_some_and(|members| members.remove("tools").is_some()))
    }),
    ("no response format", |d| {
        d.edit_input(|path, s| {
            is_input(path, s) && members(s).is_some_and(|members| members.remove("response_format").is_some())
        })
    }),
    ("a member of an option removed", |d| {
        d.edit_input(|path, s| {
            matches!(path, "stream_options" | "chat_template_kwargs" | "web_search_options" | "prediction")
                && members(s).is_some_and(|members| {
                    let first = members.keys().next().cloned();
                    first.is_some_and(|first| members.remove(&first).is_some())
                })
        })
    }),
    ("an alternative removed", |d| {
        ["oneOf", "anyOf"].into_iter().any(|union| {
            d.side("input").get_mut(union).and_then(Value::as_array_mut).is_some_and(|ways| {
                let inputs = ways
                    .iter()
                    .filter(|way| way.get("properties").is_some_and(|p| p.get("requests").is_none()))
                    .count();
                inputs > 1 && {
                    let first =
                        ways.iter().position(|way| way.get("properties").is_some_and(|p| p.get("requests").is_none()));
                    first.is_some_and(|first| {
                        ways.remove(first);
                        true
                    })
                }
            })
        })
    }),
    ("a member of the answer removed", |d| {
        d.edit_output(|path, s| {
            path.is_empty()
                && members(s).is_some_and(|members| {
                    let last = members.keys().rfind(|name| *name != "request_id").cloned();
                    last.is_some_and(|last| members.remove(&last).is_some())
                })
        })
    }),
    ("every member of the answer renamed", |d| {
        d.edit_output(|path, s| {
            path.is_empty()
                && members(s).is_some_and(|members| {
                    if members.contains_key("request_id") {
                        return false;
                    }
                    *members = members.iter().map(|(name, member)| (format!("{name}_new"), member.clone())).collect();
                    true
                })
        })
    }),
    ("a member of a nested object of the answer removed", |d| {
        let mut done = false;
        d.edit_output(|path, s| {
            !done
                && !path.is_empty()
                && members(s).is_some_and(|members| {
                    let first = members.keys().next().cloned();
                    first.is_some_and(|first| {
                        done = true;
                        members.remove(&first).is_some()
                    })
                })
        })
    }),
    ("another type of a member of the answer", |d| {
        let mut done = false;
        d.edit_output(|path, s| {
            !done && !path.is_empty() && !path.contains("request_id") && retype(s) && {
                done = true;
                true
            }
        })
    }),
    ("null for members of the answer", |d| {
        d.edit_output(|path, s| {
            !path.is_empty()
                && !path.contains(['.', '['])
                && match s.get("type").and_then(Value::as_str) {
                    Some(kind) if kind != "null" && path != "request_id" && path != "response" => {
                        let kinds = json!([kind, "null"]);
                        s.insert("type".to_owned(), kinds);
                        true
                    }
                    _ => false,
                }
        })
    }),
    ("usage of texts", |d| {
        d.edit_output(|path, s| path == "usage.prompt_tokens" && s.insert("type".to_owned(), json!("string")).is_some())
    }),
    ("another answer", |d| {
        *d.side("output") = json!({"type": "object", "properties": {"result_new": {"type": "string"}}});
        true
    }),
    ("another input", |d| {
        *d.side("input") = json!({"type": "object", "properties": {"ask_new": {"type": "string"}}});
        true
    }),
];

/// Programs compile, or not, and their calls may be refused: it is always named.
pub(super) const CALLS: &[Kind] = &[
    ("a new required field of the input", |d| {
        d.edit_input(|path, s| {
            is_input(path, s)
                && members(s)
                    .is_some_and(|members| members.insert("aa_new".to_owned(), json!({"type": "string"})).is_none())
                && {
                    let required = s.entry("required").or_insert_with(|| json!([]));
                    required.as_array_mut().is_some_and(|required| {
                        required.push(json!("aa_new"));
                        true
                    })
                }
        })
    }),
    ("a lower maximum", |d| {
        let lower = |maximum: &Value| match maximum.as_i64() {
            Some(whole) => (whole > 1).then(|| json!(whole - 1)),
            None => maximum.as_f64().filter(|maximum| *maximum > 1.0).map(|maximum| json!(maximum - 0.5)),
        };
        d.edit_input(|path, s| {
            let lower = s.get("maximum").and_then(lower).filter(|_| !path.is_empty());
            lower.is_some_and(|lower| s.insert("maximum".to_owned(), lower).is_some())
        })
    }),
    ("a new bound of a text", |d| {
        d.edit_input(|path, s| {
            !path.is_empty()
                && !path.contains(['.', '['])
                && is(s, "string")
                && !s.contains_key("enum")
                && path != "model"
                && s.insert("maxLength".to_owned(), json!(10)).is_none()
        })
    }),
    ("a new bound of the text of messages", |d| {
        d.edit_input(|path, s| {
            path == "messages[].content" && is(s, "string") && s.insert("maxLength".to_owned(), json!(10)).is_none()
        })
    }),
    ("a value of a choice in the input removed", |d| {
        d.edit_input(|path, s| {
            !path.contains(['[', '.']) && texts(s).is_some_and(|values| values.len() > 1 && values.pop().is_some())
        })
    }),
    ("a text of the input limited to some values", |d| {
        let Some(name) = an_optional_field(d) else { return false };
        d.edit_input(|path, s| {
            path == name
                && is(s, "string")
                && !s.contains_key("enum")
                && s.insert("enum".to_owned(), json!(["aa", "bb"])).is_none()
        })
    }),
    ("roles limited", |d| {
        d.edit_input(|path, s| {
            path == "messages[].role"
                && is(s, "string")
                && !s.contains_key("enum")
                && s.insert("enum".to_owned(), json!(["user", "assistant"])).is_none()
        })
    }),
    ("a role removed", |d| {
        d.edit_input(|path, s| {
            let is_system = |way: &Value| way.pointer("/properties/role/enum/0") == Some(&json!("system"));
            path == "messages[]"
                && s.get_mut("oneOf").and_then(Value::as_array_mut).is_some_and(|ways| {
                    let before = ways.len();
                    ways.retain(|way| !is_system(way));
                    ways.len() < before
                })
        })
    }),
    ("no images in messages", |d| {
        d.sees()
            && d.edit_input(|path, s| {
                path == "messages[].content[]"
                    && members(s).is_some_and(|part| part.remove("image_url").is_some())
                    && drop_kind(s, "image_url")
            })
    }),
    ("no audio in messages", |d| {
        d.sees()
            && d.edit_input(|path, s| {
                path == "messages[].content[]"
                    && members(s).is_some_and(|part| part.remove("input_audio").is_some())
                    && drop_kind(s, "input_audio")
            })
    }),
    ("no video in messages", |d| {
        d.sees()
            && d.edit_input(|path, s| {
                path == "messages[].content[]"
                    && members(s).is_some_and(|part| part.remove("video_url").is_some())
                    && drop_kind(s, "video_url")
            })
    }),
    ("content as parts only", |d| {
        d.edit_input(|path, s| {
            path == "messages[].content" && !has_alternatives(s) && {
                s.clear();
                s.extend(parts());
                true
            } || path == "messages[].content"
                && ["oneOf", "anyOf"].into_iter().any(|union| {
                    s.get_mut(union).and_then(Value::as_array_mut).is_some_and(|ways| {
                        let before = ways.len();
                        ways.retain(|way| way["type"] != "string");
                        ways.len() < before
                    })
                })
        })
    }),
    ("messages that need another member", |d| {
        d.edit_input(|path, s| {
            path == "messages[]" && members(s).is_some() && {
                let required = s.entry("required").or_insert_with(|| json!([]));
                required.as_array_mut().is_some_and(|required| {
                    required.push(json!("aa_new"));
                    true
                })
            }
        })
    }),
    ("tools that need another member", |d| {
        d.edit_input(|path, s| {
            path == "tools[].function" && {
                let required = s.entry("required").or_insert_with(|| json!([]));
                required.as_array_mut().is_some_and(|required| {
                    required.push(json!("aa_new"));
                    true
                })
            }
        })
    }),
    ("a new bound of the items of a list", |d| {
        d.edit_input(|path, s| {
            is_item(path)
                && is(s, "string")
                && !s.contains_key("enum")
                && s.insert("maxLength".to_owned(), json!(3)).is_none()
        })
    }),
    ("fewer items of a list", |d| {
        d.edit_input(|path, s| is_field(path) && is(s, "array") && s.insert("maxItems".to_owned(), json!(2)).is_none())
    }),
    ("items of a list that must differ", |d| {
        d.edit_input(|path, s| {
            is_field(path) && is(s, "array") && s.insert("uniqueItems".to_owned(), json!(true)).is_none()
        })
    }),
    ("numbers that must be multiples", |d| {
        d.edit_input(|path, s| {
            is_field(path)
                && (is(s, "number") || is(s, "integer"))
                && s.insert("multipleOf".to_owned(), json!(7)).is_none()
        })
    }),
    ("fewer requests of a batch", |d| {
        d.edit_input(|path, s| {
            path.is_empty()
                && members(s)
                    .and_then(|members| members.get_mut("requests")?.as_object_mut())
                    .is_some_and(|requests| requests.insert("maxItems".to_owned(), json!(2)).is_none())
        })
    }),
    ("no stream", |d| {
        let streams = d.0["properties"]["streaming"] == true;
        !streams
            && d.edit_input(|path, s| {
                is_input(path, s) && members(s).is_some_and(|members| members.remove("stream").is_some())
            })
    }),
    ("no batch alternative", |d| {
        ["oneOf", "anyOf"].into_iter().any(|union| {
            d.side("input").get_mut(union).and_then(Value::as_array_mut).is_some_and(|ways| {
                let before = ways.len();
                ways.retain(|way| way.get("properties").is_none_or(|p| p.get("requests").is_none()));
                ways.len() < before
            })
        })
    }),
    ("fewer formats of audio", |d| {
        d.sees()
            && d.edit_input(|path, s| {
                path == "messages[].content[].input_audio.format"
                    && texts(s).is_some_and(|formats| formats.len() > 1 && formats.pop().is_some())
            })
    }),
    ("content parts that need another member", |d| {
        d.sees()
            && d.edit_input(|path, s| {
                path == "messages[].content[]" && members(s).is_some() && {
                    let required = s.entry("required").or_insert_with(|| json!([]));
                    required.as_array_mut().is_some_and(|required| {
                        required.push(json!("aa_new"));
                        true
                    })
                }
            })
    }),
    ("a form of an option removed", |d| {
        d.edit_input(|path, s| {
            matches!(path, "stop" | "response_format" | "tool_choice")
                && ["oneOf", "anyOf"].into_iter().any(|union| {
                    s.get_mut(union).and_then(Value::as_array_mut).is_some_and(|ways| {
                        let forms = ways.iter().filter(|way| way["type"] != "null").count();
                        forms > 1 && ways.pop().is_some()
                    })
                })
        })
    }),
    ("no function calling", |d| no_flag(d, "function_calling")),
    ("no queue", |d| no_flag(d, "async_queue")),
    ("no vision", |d| no_flag(d, "vision")),
    ("no LoRA", |d| no_flag(d, "lora")),
    ("no reasoning", |d| no_flag(d, "reasoning")),
];

/// Returns whether a path is that of a field of the input.
fn is_field(path: &str) -> bool {
    !path.is_empty() && !path.contains(['.', '['])
}

/// Returns whether a path is that of an item of a field.
fn is_item(path: &str) -> bool {
    path.strip_suffix("[]").is_some_and(is_field)
}

fn parts() -> Object {
    let parts = json!({"type": "array", "items": {"type": "object", "properties": {"type": {"type": "string"}, "text": {"type": "string"}}}});
    parts.as_object().cloned().unwrap_or_default()
}

/// Returns the last optional field of the input that is no envelope of its own.
fn an_optional_field(document: &Document) -> Option<String> {
    let mut found = None;
    document.clone().edit_input(|path, s| {
        let required: Vec<Value> = s.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        if is_input(path, s) {
            let names = members(s).into_iter().flat_map(|members| members.keys().cloned());
            let hidden = ["stream", "model", "lora", "tools", "messages", "prompt"];
            found = names
                .filter(|name| !hidden.contains(&name.as_str()) && !required.contains(&json!(name)))
                .last()
                .or(found.take());
        }
        false
    });
    found
}

fn a_required_field(document: &Document) -> Option<String> {
    let mut found = None;
    document.clone().edit_input(|path, s| {
        if is_input(path, s) {
            let required = s.get("required").and_then(Value::as_array);
            found = required.and_then(|names| names.first()?.as_str().map(str::to_owned)).or(found.take());
        }
        false
    });
    found
}

fn remove_required(schema: &mut Object, name: &str) -> bool {
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|required| required != &json!(name));
    }
    members(schema).is_some_and(|members| members.remove(name).is_some())
}

/// Gives a schema another type.
fn retype(schema: &mut Object) -> bool {
    let new = match schema.get("type").and_then(Value::as_str) {
        Some("string" | "array") => json!({"type": "integer"}),
        Some("integer" | "number" | "boolean") => json!({"type": "string"}),
        _ => return false,
    };
    schema.clear();
    schema.extend(new.as_object().cloned().unwrap_or_default());
    true
}

/// Removes a kind of content part from the list of kinds.
fn drop_kind(part: &mut Object, kind: &str) -> bool {
    let kinds = members(part).and_then(|part| part.get_mut("type")).and_then(Value::as_object_mut).and_then(texts);
    if let Some(kinds) = kinds {
        kinds.retain(|known| known != &json!(kind));
    }
    true
}

fn no_flag(document: &mut Document, flag: &str) -> bool {
    document.0["properties"].as_object_mut().is_some_and(|properties| properties.remove(flag).is_some())
}
