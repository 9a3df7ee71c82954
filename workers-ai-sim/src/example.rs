//! A value that a schema describes.

use serde_json::{Map, Value, json};

const MOST_DEPTH: usize = 12;

/// The simplest value with every property that a schema names; texts say `text`.
pub(crate) fn of(schema: &Value, text: &str) -> Value {
    at(schema, text, 0)
}

fn at(schema: &Value, text: &str, depth: usize) -> Value {
    if depth > MOST_DEPTH {
        return Value::Null;
    }
    let member = |name: &str| schema.get(name);
    if let Some(value) = member("const").or_else(|| member("enum")?.get(0)).or_else(|| member("default")) {
        return value.clone();
    }
    if let Some(branches) = ["oneOf", "anyOf"].iter().find_map(|name| member(name)?.as_array()) {
        let not_null = |branch: &&Value| branch.get("type").is_none_or(|of| of != "null");
        if let Some(branch) = branches.iter().find(not_null) {
            return at(branch, text, depth + 1);
        }
    }
    let kind = match member("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        Some(kind) => kind.as_str(),
        None if member("properties").is_some() => Some("object"),
        None => None,
    };
    let number = |name: &str| member(name).and_then(Value::as_f64);
    match kind {
        Some("object") => object(schema, text, depth),
        Some("array") => {
            let item = member("items").map_or(Value::Null, |items| at(items, text, depth + 1));
            let least = member("minItems").and_then(Value::as_u64).unwrap_or(1).clamp(1, 100);
            Value::Array((0..least).map(|_| item.clone()).collect())
        }
        Some("string") => {
            let most = member("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
            Value::String(text.chars().take(most.unwrap_or(usize::MAX)).collect())
        }
        #[allow(clippy::cast_possible_truncation, reason = "bounds of schemas are small")]
        Some("integer") => json!(within(&number, 1.0) as i64),
        Some("number") => json!(within(&number, 0.5)),
        Some("boolean") => Value::Bool(true),
        Some(_) => Value::Null,
        None => Value::String(text.to_owned()),
    }
}

/// A number, moved between the bounds.
fn within(bound: &impl Fn(&str) -> Option<f64>, number: f64) -> f64 {
    let least = bound("minimum").unwrap_or(f64::NEG_INFINITY);
    number.max(least).min(bound("maximum").unwrap_or(f64::INFINITY))
}

fn object(schema: &Value, text: &str, depth: usize) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object);
    let members = properties.into_iter().flatten().map(|(name, schema)| (name.clone(), at(schema, text, depth + 1)));
    Value::Object(members.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn an_example_is_valid_under_its_schema() {
        let schema = json!({ "type": "object", "required": ["name", "steps"], "properties": {
            "name": { "type": "string", "maxLength": 3 },
            "steps": { "type": "array", "items": { "type": "string" }, "minItems": 2 },
            "minutes": { "type": "integer", "minimum": 5 },
            "kind": { "enum": ["soup", "cake"] },
            "note": { "anyOf": [{ "type": "null" }, { "type": "string" }] },
        } });
        let example = super::of(&schema, "hello");
        assert_eq!(
            example,
            json!({ "name": "hel", "steps": ["hello", "hello"], "minutes": 5, "kind": "soup", "note": "hello" })
        );
        assert!(jsonschema::is_valid(&schema, &example));
    }
}
