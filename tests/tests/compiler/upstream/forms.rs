//! Kinds of change that write a schema in another form: all requests and answers that were valid remain valid.

use serde_json::{Value, json};

use super::{
    additive::Kind,
    schema::{Document, Object, is, is_input, members, texts},
};

pub(super) const KINDS: &[Kind] = &[
    ("other titles", |d| {
        let mut title = |_: &str, s: &mut Object| {
            let old = s.get("title").and_then(Value::as_str).unwrap_or("A title").to_owned();
            s.insert("title".to_owned(), json!(format!("New {old}")));
            true
        };
        let input = d.edit_input(&mut title);
        d.edit_output(&mut title) | input
    }),
    ("no titles", |d| {
        let mut title = |_: &str, s: &mut Object| s.remove("title").is_some();
        let input = d.edit_input(&mut title);
        d.edit_output(&mut title) | input
    }),
    ("descriptions", |d| {
        let mut describe = |_: &str, s: &mut Object| s.insert("description".to_owned(), json!("Any words.")).is_none();
        let input = d.edit_input(&mut describe);
        d.edit_output(&mut describe) | input
    }),
    ("alternatives in another order", |d| {
        let mut reverse = |_: &str, s: &mut Object| {
            let mut any = false;
            for union in ["oneOf", "anyOf"] {
                if let Some(ways) = s.get_mut(union).and_then(Value::as_array_mut) {
                    any |= ways.len() > 1;
                    ways.reverse();
                }
            }
            any
        };
        let input = d.edit_input(&mut reverse);
        d.edit_output(&mut reverse) | input
    }),
    ("anyOf for oneOf", |d| {
        let mut swap = |_: &str, s: &mut Object| match s.remove("oneOf") {
            Some(ways) if !s.contains_key("anyOf") => {
                s.insert("anyOf".to_owned(), ways);
                true
            }
            Some(ways) => {
                s.insert("oneOf".to_owned(), ways);
                false
            }
            None => false,
        };
        let input = d.edit_input(&mut swap);
        d.edit_output(&mut swap) | input
    }),
    ("anyOf around every field", |d| d.edit_input(|path, s| !path.is_empty() && around(s, "anyOf"))),
    ("allOf around every field", |d| d.edit_input(|path, s| !path.is_empty() && around(s, "allOf"))),
    ("allOf around the input", |d| {
        let input = d.side("input").take();
        *d.side("input") = json!({"allOf": [input]});
        true
    }),
    ("anyOf around the answer", |d| {
        let output = d.side("output").take();
        *d.side("output") = json!({"anyOf": [output]});
        true
    }),
    ("lists of one type", |d| {
        let mut list = |_: &str, s: &mut Object| {
            let kind = s.get("type").and_then(Value::as_str).map(|kind| json!([kind]));
            kind.is_some_and(|kind| s.insert("type".to_owned(), kind).is_some())
        };
        let input = d.edit_input(&mut list);
        d.edit_output(&mut list) | input
    }),
    ("const for an enum with one value", |d| {
        let mut constant = |_: &str, s: &mut Object| {
            let one =
                s.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1).map(|one| one[0].clone());
            one.is_some_and(|one| s.remove("enum").is_some() && s.insert("const".to_owned(), one).is_none())
        };
        let input = d.edit_input(&mut constant);
        d.edit_output(&mut constant) | input
    }),
    ("local definitions", |d| {
        let mut definitions = Object::new();
        let done = d.edit_input(|path, s| {
            let parts = ["messages[]", "messages[].content[]", "response_format", "tools[].function", "audio"];
            parts.contains(&path) && {
                let name = format!("part{}", definitions.len());
                definitions.insert(name.clone(), Value::Object(std::mem::take(s)));
                s.insert("$ref".to_owned(), json!(format!("#/$defs/{name}"))).is_none()
            }
        });
        d.side("input")["$defs"] = definitions.into();
        done
    }),
    ("an alternative for each kind of content part", |d| {
        d.edit_input(|path, s| {
            let Some(part) = members(s).filter(|_| path == "messages[].content[]").cloned() else { return false };
            let kinds = part.iter().filter(|(name, _)| *name != "type");
            let ways = kinds.map(|(name, of)| {
                json!({"type": "object", "required": ["type", name], "properties": {"type": {"const": name}, name: of}})
            });
            *s = Object::from_iter([("oneOf".to_owned(), ways.collect())]);
            true
        })
    }),
    ("an alternative for the messages of users", |d| {
        d.edit_input(|path, s| {
            path == "messages[]" && members(s).is_some() && {
                let any = Value::Object(std::mem::take(s));
                let mut user = any.clone();
                user["properties"]["role"] = json!({"const": "user"});
                s.insert("anyOf".to_owned(), json!([user, any])).is_none()
            }
        })
    }),
    ("allOf of a type and its bounds", |d| {
        d.edit_input(|path, s| {
            let scalar = ["string", "integer", "number", "boolean"].into_iter().any(|kind| is(s, kind));
            !path.is_empty() && scalar && s.len() > 1 && {
                let mut rest = std::mem::take(s);
                let of = rest.remove("type");
                s.insert("allOf".to_owned(), json!([{"type": of}, rest])).is_none()
            }
        })
    }),
    ("allOf around fields and their defaults", |d| {
        d.edit_input(|path, s| {
            !path.is_empty() && path != "stream" && {
                let inner = Value::Object(std::mem::take(s));
                s.insert("allOf".to_owned(), json!([inner])).is_none()
            }
        })
    }),
    ("allOf around every answer", |d| d.edit_output(|path, s| path.is_empty() && around(s, "allOf"))),
    ("definitions with a description beside", |d| {
        let mut definitions = Object::new();
        let done = d.edit_input(|path, s| {
            !path.is_empty() && !path.contains(['.', '[']) && path != "stream" && {
                let name = format!("part {}/", definitions.len());
                let mut inner = std::mem::take(s);
                let described = inner.remove("description");
                s.extend(inner.remove("default").map(|default| ("default".to_owned(), default)));
                definitions.insert(name.clone(), Value::Object(inner));
                s.insert("description".to_owned(), described.unwrap_or_else(|| json!("Any words.")));
                s.insert(
                    "$ref".to_owned(),
                    json!(format!("#/$defs/{}~1", name.trim_end_matches('/').replace(' ', "%20"))),
                )
                .is_none()
            }
        });
        d.side("input")["$defs"] = definitions.into();
        done
    }),
    ("an alternative for each value of a choice", |d| {
        let mut split = |path: &str, s: &mut Object| {
            !path.is_empty()
                && texts(s).is_some_and(|values| values.len() > 1 && values.iter().all(Value::is_string))
                && {
                    let values = s.remove("enum").unwrap_or_default();
                    s.remove("type");
                    let ways =
                        values.as_array().into_iter().flatten().map(|value| json!({"const": value, "title": "One"}));
                    s.insert("anyOf".to_owned(), ways.collect()).is_none()
                }
        };
        let input = d.edit_input(&mut split);
        d.edit_output(&mut split) | input
    }),
    ("one object that needs one of several fields", |d| {
        let Some(Value::Array(ways)) = d.side("input").get("oneOf").cloned() else { return false };
        if ways.iter().any(|way| way.get("properties").is_none_or(|p| p.get("requests").is_some())) {
            return false;
        }
        let mut all = Object::new();
        let names = |way: &Value| {
            way["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        if ways.iter().all(|way| names(way) == names(&ways[0])) {
            return false;
        }
        for way in ways.iter().rev() {
            all.extend(way["properties"].as_object().cloned().unwrap_or_default());
        }
        let needs = ways.iter().map(|way| json!({"required": way.get("required").cloned().unwrap_or_default()}));
        let needs: Vec<Value> = needs.collect();
        let needed = ways.iter().all(|way| way["required"].as_array().is_some_and(|names| !names.is_empty()));
        *d.side("input") = json!({"type": "object", "properties": all, "anyOf": needs});
        needed
    }),
    ("any object as the last alternative", |d| {
        let input = d.side("input").take();
        *d.side("input") = json!({"anyOf": [input, {"type": "object"}]});
        true
    }),
    ("a prompt beside messages", |d| both_ways(d, "messages", "prompt")),
    ("messages beside a prompt", |d| both_ways(d, "prompt", "messages")),
    ("messages by role, and any other", |d| {
        d.edit_input(|path, s| {
            let roles =
                members(s).and_then(|members| members.get_mut("role")?.as_object_mut().and_then(texts).cloned());
            path == "messages[]"
                && roles.is_some_and(|roles| {
                    let any = Value::Object(std::mem::take(s));
                    let way = |role: Value| {
                        let mut way = any.clone();
                        way["properties"]["role"] = json!({"const": role});
                        way
                    };
                    let ways = roles.into_iter().map(way).chain([json!({"type": "object"})]);
                    s.insert("anyOf".to_owned(), ways.collect()).is_none()
                })
        })
    }),
];

/// Adds the field that one alternative is about to another one.
fn both_ways(document: &mut Document, of: &str, also: &str) -> bool {
    let mut field = None;
    document.clone().edit_input(|path, s| {
        if path == also {
            field = Some(s.clone());
        }
        false
    });
    let Some(field) = field else { return false };
    document.edit_input(|path, s| {
        let needs = s.get("required").and_then(Value::as_array).is_some_and(|names| names.contains(&json!(of)));
        is_input(path, s)
            && needs
            && members(s).is_some_and(|members| {
                !members.contains_key(also) && members.insert(also.to_owned(), field.clone().into()).is_none()
            })
    })
}

/// Puts a union with one alternative around a schema, as upstream writes nullable ones.
fn around(schema: &mut Object, union: &str) -> bool {
    let default = schema.remove("default");
    let inner = Value::Object(std::mem::take(schema));
    schema.insert(union.to_owned(), json!([inner]));
    schema.extend(default.map(|default| ("default".to_owned(), default)));
    true
}
