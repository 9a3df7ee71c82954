//! Example values for JSON schemas.

use std::cell::Cell;

use serde_json::{Map, Value, json};

const MAX_DEPTH: usize = 24;
const MAX_VALUES: usize = 10_000;

/// Returns the simplest value that has every property of the schema. Its strings are `text`.
pub(crate) fn from_schema(schema: &Value, text: &str) -> Value {
    Maker { root: schema, text, left: Cell::new(MAX_VALUES) }.at(schema, 0)
}

struct Maker<'s> {
    /// The document that references point into.
    root: &'s Value,
    text: &'s str,
    /// The number of values that may still be made, since nested arrays grow fast.
    left: Cell<usize>,
}

impl Maker<'_> {
    fn at(&self, schema: &Value, depth: usize) -> Value {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if depth > MAX_DEPTH || left == 0 {
            return Value::Null;
        }
        let member = |name: &str| schema.get(name);
        if let Some(value) = member("const").or_else(|| member("enum")?.get(0)).or_else(|| member("default")) {
            return value.clone();
        }
        if let Some(target) = member("$ref").and_then(Value::as_str).and_then(|path| self.find(path)) {
            return self.at(target, depth + 1);
        }
        if let Some(parts) = member("allOf").and_then(Value::as_array) {
            return self.at(&self.merged(schema, parts), depth + 1);
        }
        if let Some(branches) = ["oneOf", "anyOf"].iter().find_map(|name| member(name)?.as_array()) {
            let not_null = |branch: &&Value| branch.get("type").is_none_or(|of| of != "null");
            if let Some(branch) = branches.iter().find(not_null) {
                return self.at(&self.merged(schema, std::slice::from_ref(branch)), depth + 1);
            }
        }
        let kind = match member("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
            Some(kind) => kind.as_str(),
            None if member("properties").is_some() => Some("object"),
            None => None,
        };
        match kind {
            Some("object") => self.object(schema, depth),
            Some("array") => self.array(schema, depth),
            Some("string") => Value::String(self.string(schema)),
            #[allow(clippy::cast_possible_truncation, reason = "bounds of schemas are small")]
            Some("integer") => json!(within(schema, 1.0, Some(1.0)) as i64),
            Some("number") => json!(within(schema, 0.5, None)),
            Some("boolean") => Value::Bool(true),
            Some(_) => Value::Null,
            None => Value::String(self.text.to_owned()),
        }
    }

    fn find(&self, path: &str) -> Option<&Value> {
        self.root.pointer(path.strip_prefix('#')?)
    }

    /// Merges a schema with its parts: the properties of all of them, and of other keywords the last.
    fn merged(&self, schema: &Value, parts: &[Value]) -> Value {
        let mut whole = schema.as_object().cloned().unwrap_or_default();
        for name in ["allOf", "oneOf", "anyOf"] {
            whole.remove(name);
        }
        for part in parts {
            let part = part.get("$ref").and_then(Value::as_str).and_then(|path| self.find(path)).unwrap_or(part);
            for (name, value) in part.as_object().into_iter().flatten() {
                match (whole.get_mut(name), value) {
                    (Some(Value::Object(before)), Value::Object(more)) if name == "properties" => {
                        before.extend(more.clone());
                    }
                    _ => {
                        whole.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        Value::Object(whole)
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let properties = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array);
        // Deep down only required properties, so that recursive schemas end.
        let included = |name: &str| {
            depth < MAX_DEPTH / 3 || required.is_some_and(|names| names.iter().any(|required| required == name))
        };
        let members = properties.into_iter().flatten().filter(|(name, _)| included(name));
        let members = members.map(|(name, schema)| (name.clone(), self.at(schema, depth + 1)));
        Value::Object(members.collect::<Map<_, _>>())
    }

    fn array(&self, schema: &Value, depth: usize) -> Value {
        let least = schema.get("minItems").and_then(Value::as_u64);
        let mut items: Vec<Value> = schema
            .get("prefixItems")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|item| self.at(item, depth + 1))
            .collect();
        let otherwise = u64::from(depth <= MAX_DEPTH / 3 && items.is_empty());
        let count = usize::try_from(least.unwrap_or(otherwise).min(100)).unwrap_or(1);
        if let Some(item) = schema.get("items").filter(|items| items.is_object()) {
            items.extend((items.len()..count).map(|_| self.at(item, depth + 1)).collect::<Vec<_>>());
        }
        Value::Array(items)
    }

    fn string(&self, schema: &Value) -> String {
        let formatted = match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => Some("2026-01-02T03:04:05Z"),
            Some("date") => Some("2026-01-02"),
            Some("time") => Some("03:04:05Z"),
            Some("duration") => Some("PT1H"),
            Some("email") => Some("someone@example.com"),
            Some("hostname") => Some("example.com"),
            Some("ipv4") => Some("192.0.2.1"),
            Some("ipv6") => Some("2001:db8::1"),
            Some("uri" | "url") => Some("https://example.com/"),
            Some("uuid") => Some("00000000-0000-4000-8000-000000000001"),
            _ => None,
        };
        if let Some(formatted) = formatted {
            return formatted.to_owned();
        }
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
        let mut letters: Vec<char> = self.text.chars().take(bound("maxLength").unwrap_or(usize::MAX)).collect();
        if let Some(least) = bound("minLength").filter(|least| letters.len() < *least) {
            letters.resize(least.min(10_000), '.');
        }
        letters.into_iter().collect()
    }
}

/// Moves a number into the bounds and to a multiple of the step.
fn within(schema: &Value, number: f64, step: Option<f64>) -> f64 {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0).or(step);
    let gap = match (step, bound("exclusiveMinimum"), bound("exclusiveMaximum")) {
        (Some(step), ..) => step / 2.0,
        (None, Some(least), Some(most)) => (most - least) / 4.0,
        _ => 0.5,
    };
    let least = bound("minimum").or_else(|| Some(bound("exclusiveMinimum")? + gap));
    let most = bound("maximum").or_else(|| Some(bound("exclusiveMaximum")? - gap));
    let bounded = number.max(least.unwrap_or(f64::NEG_INFINITY)).min(most.unwrap_or(f64::INFINITY));
    let Some(step) = step else { return bounded };
    let up = (bounded / step).ceil() * step;
    if most.is_some_and(|most| up > most) { (bounded / step).floor() * step } else { up }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn valid(schema: &Value) -> Value {
        let example = super::from_schema(schema, "hello");
        let validator = jsonschema::options().should_validate_formats(true).build(schema).expect("a schema");
        assert!(validator.is_valid(&example), "{example} is not {schema}");
        example
    }

    #[test]
    fn an_example_is_valid_under_its_schema() {
        let schema = json!({ "type": "object", "required": ["name", "steps"], "properties": {
            "name": { "type": "string", "maxLength": 3 },
            "steps": { "type": "array", "items": { "type": "string" }, "minItems": 2 },
            "minutes": { "type": "integer", "minimum": 5 },
            "kind": { "enum": ["soup", "cake"] },
            "note": { "anyOf": [{ "type": "null" }, { "type": "string" }] },
        } });
        assert_eq!(
            valid(&schema),
            json!({ "name": "hel", "steps": ["hello", "hello"], "minutes": 5, "kind": "soup", "note": "hello" })
        );
    }

    #[test]
    fn an_example_follows_references_and_keeps_to_bounds() {
        let example = valid(&json!({
            "type": "object",
            "$defs": {
                "Kind": { "enum": ["soup", "cake"] },
                "Step": {
                    "type": "object", "required": ["text", "kind"], "additionalProperties": false,
                    "properties": { "text": { "type": "string", "minLength": 8 }, "kind": { "$ref": "#/$defs/Kind" } },
                },
                "Tree": {
                    "type": "object", "required": ["name"],
                    "properties": {
                        "name": { "type": "string" },
                        "left": { "anyOf": [{ "$ref": "#/$defs/Tree" }, { "type": "null" }] },
                        "all": { "type": "array", "items": { "$ref": "#/$defs/Tree" } },
                    },
                },
            },
            "properties": {
                "steps": { "type": "array", "items": { "$ref": "#/$defs/Step" } },
                "first": { "allOf": [{ "$ref": "#/$defs/Step" }], "description": "the first" },
                "either": {
                    "type": "object", "required": ["id", "name"], "properties": { "id": { "type": "integer" } },
                    "oneOf": [{ "properties": { "name": { "type": "string" } } }],
                },
                "tree": { "$ref": "#/$defs/Tree" },
                "when": { "type": "string", "format": "date-time" },
                "id": { "type": "string", "format": "uuid" },
                "count": { "type": "integer", "exclusiveMinimum": 4, "multipleOf": 3 },
                "share": { "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5 },
                "low": { "type": "number", "maximum": -1.25 },
                "pair": { "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }], "minItems": 2 },
                "map": { "type": "object", "additionalProperties": { "type": "integer" } },
            },
            "required": ["steps", "first", "tree"],
        }));
        assert_eq!(example["steps"][0], json!({ "text": "hello...", "kind": "soup" }));
        assert_eq!(example["pair"], json!(["hello", 1]));
    }

    #[test]
    fn schemas_that_grow_without_end_end() {
        for schema in [
            json!({ "$ref": "#" }),
            json!({ "type": "array", "minItems": 100, "items": { "$ref": "#" } }),
            json!({ "type": "object", "required": ["a", "b"], "properties": { "a": { "$ref": "#" }, "b": { "$ref": "#" } } }),
        ] {
            assert!(super::from_schema(&schema, "hello").to_string().len() < 1_000_000, "{schema}");
        }
    }
}
