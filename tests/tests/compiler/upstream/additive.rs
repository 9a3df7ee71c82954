//! What upstream has added, by kind. None of it may break a program.

use serde_json::{Value, json};

use super::schema::{Document, Object, has_alternatives, is, is_input, members, texts};

/// A kind of change: its name, and the change, which returns whether a model can have it.
pub(super) type Kind = (&'static str, fn(&mut Document) -> bool);

pub(super) const KINDS: &[Kind] = &[
    ("an optional field of the input", |d| d.edit_input(|path, s| is_input(path, s) && add(s, "aa_new"))),
    ("an optional field outside of batches", |d| {
        let ways: Vec<Value> = d.ways().map(|way| way.clone()).collect();
        let items = ways.iter().find_map(|way| way.pointer("/properties/requests/items"));
        // Where batches are described for one of several alternatives, their items become a type of their own.
        let described = items.is_some_and(|items| ways.len() == 2 || items.as_object().is_some_and(has_alternatives));
        for way in d.ways() {
            let members = way.as_object_mut().and_then(members).filter(|members| !members.contains_key("requests"));
            if let Some(members) = members {
                members.insert("aa_new".to_owned(), json!({"type": "string"}));
            }
        }
        described
    }),
    ("an optional member of a message", |d| d.edit_input(|path, s| path == "messages[]" && add(s, "aa_new"))),
    ("an optional member of a content part", |d| {
        d.edit_input(|path, s| path == "messages[].content[]" && add(s, "aa_new"))
    }),
    ("an optional member of a tool", |d| {
        d.edit_input(|path, s| matches!(path, "tools[]" | "tools[].function") && add(s, "aa_new"))
    }),
    ("an optional member of a nested object of the input", |d| {
        d.edit_input(|path, s| !path.is_empty() && !path.starts_with("messages") && add(s, "aa_new"))
    }),
    ("an object as an optional field of the input", |d| {
        d.edit_input(|path, s| {
            is_input(path, s) && {
                let of = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}});
                members(s).is_some_and(|members| members.insert("aa_new".to_owned(), of).is_none())
            }
        })
    }),
    ("a field like those of other models", |d| {
        let fields = json!({
            "response_format": {"type": "object", "properties": {"type": {"type": "string", "enum": ["json_object", "json_schema"]}, "json_schema": {}}},
            "guided_json": {"type": "object"},
            "seed": {"type": "integer"},
            "truncate_inputs": {"type": "boolean", "default": false},
        });
        d.edit_input(|path, s| {
            is_input(path, s)
                && members(s).is_some_and(|members| {
                    let mut any = false;
                    for (name, field) in fields.as_object().into_iter().flatten() {
                        if !members.contains_key(name) {
                            any |= members.insert(name.clone(), field.clone()).is_none();
                        }
                    }
                    any
                })
        })
    }),
    ("a member of the answer", |d| d.edit_output(|path, s| path.is_empty() && !is_receipt(s) && add(s, "aa_new"))),
    ("a member of a nested object of the answer", |d| d.edit_output(|path, s| !path.is_empty() && add(s, "aa_new"))),
    ("usage in the answer", |d| {
        let usage = json!({"type": "object", "properties": {"prompt_tokens": {"type": "number"}, "completion_tokens": {"type": "number"}, "total_tokens": {"type": "number"}}});
        d.edit_output(|path, s| {
            path.is_empty()
                && !is_receipt(s)
                && members(s).is_some_and(|members| {
                    !members.contains_key("usage") && members.insert("usage".to_owned(), usage.clone()).is_none()
                })
        })
    }),
    ("a role", |d| {
        d.edit_input(|path, s| {
            if path == "messages[].role" && !s.contains_key("const") {
                return texts(s).is_some_and(|roles| roles.len() > 1 && push(roles, "critic"));
            }
            // One alternative for each role.
            path == "messages[]"
                && s.get_mut("oneOf").and_then(Value::as_array_mut).is_some_and(|roles| {
                    roles.insert(0, json!({"type": "object", "required": ["role", "content"], "properties": {"role": {"type": "string", "enum": ["critic"]}, "content": {"type": "string"}}}));
                    true
                })
        })
    }),
    ("a kind of content part", |d| {
        d.edit_input(|path, s| {
            path == "messages[].content[]"
                && members(s).is_some_and(|part| {
                    let kinds = part.get_mut("type").and_then(Value::as_object_mut).and_then(texts);
                    if let Some(kinds) = kinds.filter(|kinds| kinds.len() > 1) {
                        kinds.push(json!("model_3d"));
                    }
                    part.insert(
                        "model_3d".to_owned(),
                        json!({"type": "object", "properties": {"url": {"type": "string"}}}),
                    )
                    .is_none()
                })
        })
    }),
    ("content of text and parts", |d| {
        let parts = json!([{"type": "string"}, {"type": "array", "items": {"type": "object", "properties": {"type": {"type": "string"}, "text": {"type": "string"}}}}]);
        d.edit_input(|path, s| {
            path == "messages[].content"
                && is(s, "string")
                && s.remove("type").is_some()
                && s.insert("oneOf".to_owned(), parts.clone()).is_none()
        })
    }),
    ("content of one part", |d| {
        d.edit_input(|path, s| {
            path == "messages[].content"
                && ["oneOf", "anyOf"].into_iter().any(|union| {
                    s.get_mut(union).and_then(Value::as_array_mut).is_some_and(|ways| {
                        let part = ways.iter().find_map(|way| way.get("items")).cloned();
                        part.is_some_and(|part| {
                            !ways.contains(&part) && {
                                ways.push(part);
                                true
                            }
                        })
                    })
                })
        })
    }),
    ("images in messages", |d| {
        let image = json!({"type": "object", "properties": {"url": {"type": "string"}}});
        d.edit_input(|path, s| {
            path == "messages[].content[]"
                && members(s).is_some_and(|part| {
                    !part.contains_key("image_url")
                        && is_open_part(part)
                        && part.insert("image_url".to_owned(), image.clone()).is_none()
                })
        }) && {
            *d.property("vision") = json!(true);
            true
        }
    }),
    ("a value of a choice in the input", |d| {
        d.edit_input(|path, s| {
            !path.ends_with("role") && !is_tag(s) && texts(s).is_some_and(|values| push(values, "aa-new"))
        })
    }),
    ("a value of a choice in the answer", |d| {
        d.edit_output(|_, s| texts(s).is_some_and(|values| values.len() > 1 && push(values, "aa-new")))
    }),
    ("no bounds", |d| {
        d.edit_input(|_, s| {
            ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"]
                .into_iter()
                .fold(false, |any, bound| any | s.remove(bound).is_some())
        })
    }),
    ("a higher maximum", |d| {
        // Not so far that another integer type is needed.
        let higher = |maximum: &Value| match maximum.as_i64() {
            Some(whole) => (1..200).contains(&whole).then(|| json!(whole + 1)),
            None => maximum.as_f64().map(|maximum| json!(maximum + 1.0)),
        };
        d.edit_input(|_, s| {
            let higher = s.get("maximum").and_then(higher);
            higher.is_some_and(|higher| s.insert("maximum".to_owned(), higher).is_some())
        })
    }),
    ("fewer required members of nested objects", |d| {
        d.edit_input(|path, s| path.starts_with("messages") && s.remove("required").is_some())
    }),
    ("no required fields", |d| d.edit_input(|path, s| is_input(path, s) && s.remove("required").is_some())),
    ("other defaults", |d| {
        d.edit_input(|_, s| match s.get_mut("default") {
            Some(Value::Number(number)) => {
                *number = (number.as_u64().unwrap_or(0) + 1).into();
                true
            }
            Some(Value::Bool(flag)) => {
                *flag = !*flag;
                true
            }
            _ => false,
        })
    }),
    ("no defaults of optional fields", |d| {
        d.edit_input(|path, s| {
            let required: Vec<Value> = s.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
            is_input(path, s)
                && members(s).is_some_and(|members| {
                    let mut any = false;
                    for (name, member) in members {
                        if !required.contains(&json!(name)) && name != "stream" {
                            any |= member.as_object_mut().is_some_and(|member| member.remove("default").is_some());
                        }
                    }
                    any
                })
        })
    }),
    ("a batch alternative", |d| {
        if d.takes_batches() {
            return false;
        }
        let input = d.side("input").take();
        *d.side("input") = json!({"oneOf": [input, {"type": "object", "title": "Async Batch", "properties": {"requests": {"type": "array", "items": input}}}]});
        *d.property("async_queue") = json!(true);
        receipt(d);
        true
    }),
    ("an answer of a queue", |d| {
        receipt(d);
        true
    }),
    ("a member of the answer of a queue", |d| {
        d.edit_output(|path, s| path.is_empty() && is_receipt(s) && add(s, "status"))
    }),
    ("an answer as events", |d| {
        let output = d.side("output").take();
        *d.side("output") =
            json!({"oneOf": [output, {"type": "string", "contentType": "text/event-stream", "format": "binary"}]});
        true
    }),
    ("an alternative in front", |d| {
        let new = json!({"title": "New", "type": "object", "required": ["aa_new"], "properties": {"aa_new": {"type": "string"}, "bb_new": {"type": "integer"}}});
        let input = d.side("input").take();
        *d.side("input") = json!({"anyOf": [new, input]});
        true
    }),
    ("a chat alternative", |d| {
        if d.takes("messages") {
            return false;
        }
        let chat = json!({"type": "object", "required": ["messages"], "properties": {"messages": {"type": "array", "items": {"type": "object", "required": ["role", "content"], "properties": {"role": {"type": "string"}, "content": {"type": "string"}}}}}});
        let input = d.side("input").take();
        *d.side("input") = json!({"oneOf": [chat, input]});
        true
    }),
    ("null for optional fields", |d| {
        d.edit_input(|path, s| {
            !path.is_empty()
                && !path.contains(['.', '['])
                && !has_alternatives(s)
                && !s.contains_key("enum")
                && !is(s, "null")
                && match s.get("type").and_then(Value::as_str) {
                    Some(kind) => {
                        let kinds = json!([kind, "null"]);
                        s.insert("type".to_owned(), kinds);
                        true
                    }
                    None => false,
                }
        })
    }),
    ("a third response format", |d| {
        let third = json!({"type": "object", "required": ["type", "pattern"], "properties": {"type": {"const": "regex"}, "pattern": {"type": "string"}}});
        d.edit_input(|path, s| {
            let ways = s.get_mut("oneOf").and_then(Value::as_array_mut).filter(|_| path == "response_format");
            ways.is_some_and(|ways| {
                ways.push(third.clone());
                true
            })
        })
    }),
    ("any parameters of tools", |d| {
        d.edit_input(|path, s| {
            path == "tools[].function.parameters" && s.contains_key("properties") && {
                *s = Object::from_iter([("type".to_owned(), json!("object"))]);
                true
            }
        })
    }),
    ("null for usage and tool calls", |d| {
        d.edit_output(|path, s| {
            let kind = s.get("type").and_then(Value::as_str).map(|kind| json!([kind, "null"]));
            (path == "usage" || path.ends_with("tool_calls"))
                && kind.is_some_and(|kind| s.insert("type".to_owned(), kind).is_some())
        })
    }),
    ("bytes beside the answer", |d| {
        let output = d.side("output").take();
        let bytes = json!({"type": "string", "contentType": "image/png", "format": "binary"});
        let had = output.to_string().contains("binary");
        *d.side("output") = if had { output } else { json!({"oneOf": [output, bytes]}) };
        !had
    }),
    ("at least no items", |d| {
        d.edit_input(|_, s| is(s, "array") && s.insert("minItems".to_owned(), json!(0)).is_none())
    }),
    ("text or an object for a text", |d| {
        widen(d, "string", &json!({"type": "object", "properties": {"body": {"type": "string"}}}))
    }),
    ("a number for an integer", |d| {
        d.edit_input(|path, s| {
            !path.is_empty()
                && is(s, "integer")
                && !s.contains_key("enum")
                && s.insert("type".to_owned(), json!("number")).is_some()
        })
    }),
    ("an integer or a text for an integer", |d| widen(d, "integer", &json!({"type": "string"}))),
    ("a boolean or a text for a boolean", |d| widen(d, "boolean", &json!({"type": "string"}))),
    ("a number or a text for a number", |d| widen(d, "number", &json!({"type": "string"}))),
    ("one text for a list of texts", |d| {
        d.edit_input(|path, s| {
            !path.is_empty()
                && !path.contains(['.', '['])
                && is(s, "array")
                && s.get("items").is_some_and(|items| items["type"] == "string" && items.get("enum").is_none())
                && {
                    let list = Value::Object(std::mem::take(s));
                    s.insert("anyOf".to_owned(), json!([{"type": "string"}, list]));
                    true
                }
        })
    }),
    ("every flag", |d| {
        for flag in ["function_calling", "async_queue", "lora", "reasoning", "partner", "require_workers_paid", "beta"]
        {
            *d.property(flag) = json!(true);
        }
        true
    }),
    ("the flag for vision", |d| {
        *d.property("vision") = json!(true);
        true
    }),
    ("another task", |d| {
        d.0["task"] = json!("A new name");
        true
    }),
    ("other facts", |d| {
        *d.property("price") = json!([{"unit": "per new unit", "price": "1.5", "currency": "USD"}]);
        *d.property("context_window") = json!(1_000_000);
        *d.property("planned_deprecation_date") = json!("2027-01-01");
        *d.property("terms") = json!("https://example.com");
        true
    }),
    ("a closed input", |d| {
        d.edit_input(|path, s| is_input(path, s) && s.insert("additionalProperties".to_owned(), json!(false)).is_none())
    }),
    ("an open input", |d| {
        d.edit_input(|_, s| {
            (s.get("additionalProperties") == Some(&json!(false))) && s.remove("additionalProperties").is_some()
        })
    }),
    ("closed messages and tools", |d| {
        d.edit_input(|path, s| {
            (path.starts_with("messages") || path.starts_with("tools"))
                && !path.contains("parameters")
                && members(s).is_some()
                && s.insert("additionalProperties".to_owned(), json!(false)).is_none()
        })
    }),
];

impl Document {
    /// Returns the alternatives of the input.
    fn ways(&mut self) -> impl Iterator<Item = &mut Value> {
        let input = self.side("input");
        let union = ["oneOf", "anyOf"].into_iter().find(|union| input.get(union).is_some());
        union.and_then(|union| input[union].as_array_mut()).into_iter().flatten()
    }

    fn takes_batches(&self) -> bool {
        self.0["input"].to_string().contains("\"requests\":")
    }
}

/// Adds an optional text to an object.
fn add(schema: &mut Object, name: &str) -> bool {
    if schema.get("additionalProperties").is_some_and(Value::is_object) {
        return false;
    }
    members(schema).is_some_and(|members| members.insert(name.to_owned(), json!({"type": "string"})).is_none())
}

fn push(values: &mut Vec<Value>, value: &str) -> bool {
    values.push(json!(value));
    true
}

/// Returns whether a schema has one value, which distinguishes an alternative from others.
fn is_tag(schema: &Object) -> bool {
    schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() == 1)
}

fn is_open_part(part: &Object) -> bool {
    part.get("type").is_some_and(|kind| kind.get("enum").is_none())
}

/// Returns whether an answer is that of a queue.
fn is_receipt(schema: &Object) -> bool {
    schema.get("properties").is_some_and(|members| members.get("request_id").is_some())
}

/// Adds the answer of a queue.
fn receipt(document: &mut Document) {
    let output = document.side("output").take();
    *document.side("output") = json!({"oneOf": [output, {"type": "object", "contentType": "application/json", "title": "Async response", "properties": {"request_id": {"type": "string"}}}]});
}

/// Lets all optional fields of a type be of another, too.
fn widen(document: &mut Document, kind: &str, also: &Value) -> bool {
    document.edit_input(|path, s| {
        let plain = !path.is_empty() && !path.contains(['.', '[']) && is(s, kind);
        plain && !s.contains_key("enum") && path != "stream" && path != "model" && {
            let default = s.remove("default");
            let inner = Value::Object(std::mem::take(s));
            s.insert("oneOf".to_owned(), json!([inner, also]));
            s.extend(default.map(|default| ("default".to_owned(), default)));
            true
        }
    })
}
