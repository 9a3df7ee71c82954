//! The service's validator: the keywords that it enforces, in the service's words.
//!
//! Model schemas use few keywords, so this is small, and a program that uses the simulator need not compile a general validator. The tests
//! compare it with one, model by model.

use regex_lite::Regex;
use serde_json::{Map, Value, json};

/// A model's input schema as the service applies it.
pub(crate) struct Schema(pub(crate) Value);

/// One way in which an input breaks its schema.
struct Violation {
    /// Set if a required property is missing.
    missing: bool,
    message: String,
}

impl Schema {
    pub(crate) fn new(upstream: &Value) -> Self {
        Self(applied(upstream))
    }

    /// Returns the service's message for the first violation.
    pub(crate) fn check(&self, input: &Value) -> Result<(), String> {
        // The service reports the first violation it meets, and meets missing properties last.
        let violations = Place { path: String::new(), value: input }.violations(&self.0);
        match violations.into_iter().min_by_key(|violation| violation.missing) {
            Some(violation) => Err(violation.message),
            None => Ok(()),
        }
    }
}

/// A value of the input, and its JSON pointer.
struct Place<'v> {
    path: String,
    value: &'v Value,
}

impl Place<'_> {
    fn violations(&self, schema: &Value) -> Vec<Violation> {
        let Value::Object(schema) = schema else {
            let refuses = schema == &Value::Bool(false);
            return refuses.then(|| broken(format!("'{}' is not allowed", self.at()))).into_iter().collect();
        };
        let mut found: Vec<Violation> = self.itself(schema).into_iter().map(broken).collect();
        match self.value {
            Value::Object(members) => self.members(schema, members, &mut found),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    found.extend(
                        schema
                            .get("items")
                            .map(|of| self.child(&index.to_string(), item).violations(of))
                            .into_iter()
                            .flatten(),
                    );
                }
            }
            _ => {}
        }
        self.branches(schema, &mut found);
        if let (Value::Object(members), Some(names)) = (self.value, schema.get("required").and_then(Value::as_array)) {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            if names.iter().any(|name| !members.contains_key(*name)) {
                let message = format!("required properties at '{}' are '{}'", self.at(), names.join(","));
                found.push(Violation { missing: true, message });
            }
        }
        found
    }

    /// Checks the type and the bounds of the value itself.
    fn itself(&self, schema: &Map<String, Value>) -> Vec<String> {
        let (at, value) = (self.at(), self.value);
        let mut found = Vec::new();
        if let Some(expected) = schema.get("type") {
            let kinds = expected.as_array().map_or_else(|| std::slice::from_ref(expected), Vec::as_slice);
            if !kinds.iter().filter_map(Value::as_str).any(|kind| is_a(value, kind)) {
                found.push(format!("Type mismatch of '{at}', '{}' not in '{}'", plain(expected), kind(value)));
            }
        }
        if let Some(options) = schema.get("enum").and_then(Value::as_array)
            && !options.iter().any(|option| same(option, value))
        {
            let options = options.iter().map(plain).collect::<Vec<_>>().join(",");
            found.push(format!("enum {} not in {options} at '{at}'", plain(value)));
        }
        if let Some(only) = schema.get("const").filter(|only| !same(only, value)) {
            found.push(format!("const {} is not {} at '{at}'", plain(value), plain(only)));
        }
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        if let Some(number) = value.as_f64() {
            let mut require = |name: &str, sign: &str, holds: &dyn Fn(f64) -> bool| {
                if let Some(limit) = bound(name).filter(|limit| !holds(*limit)) {
                    found.push(format!("'{at}' must be {sign} {limit}"));
                }
            };
            require("minimum", ">=", &|limit| number >= limit);
            require("maximum", "<=", &|limit| number <= limit);
            require("exclusiveMinimum", ">", &|limit| number > limit);
            require("exclusiveMaximum", "<", &|limit| number < limit);
            if let Some(step) = bound("multipleOf").filter(|step| *step > 0.0 && (number / step).fract() != 0.0) {
                found.push(format!("'{at}' must be a multiple of {step}"));
            }
        }
        if let Some(text) = value.as_str() {
            #[allow(clippy::cast_precision_loss, reason = "texts are short")]
            let length = text.chars().count() as f64;
            if let Some(limit) = bound("minLength").filter(|limit| length < *limit) {
                found.push(format!("Length of '{at}' must be >= {limit} not met"));
            }
            if let Some(limit) = bound("maxLength").filter(|limit| length > *limit) {
                found.push(format!("Length of '{at}' must be <= {limit}"));
            }
            if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
                && !Regex::new(pattern).is_ok_and(|regex| regex.is_match(text))
            {
                found.push(format!("'{at}' failed test {pattern} patttern"));
            }
        }
        found
    }

    fn members(&self, schema: &Map<String, Value>, members: &Map<String, Value>, found: &mut Vec<Violation>) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut unexpected = Vec::new();
        for (name, value) in members {
            let property = properties.and_then(|properties| properties.get(name));
            match (property, schema.get("additionalProperties")) {
                (None, Some(Value::Bool(false))) => unexpected.push(self.child(name, value).path),
                (None, None) => {}
                (Some(schema), _) | (None, Some(schema)) => found.extend(self.child(name, value).violations(schema)),
            }
        }
        if !unexpected.is_empty() {
            let (names, at) = (unexpected.join(", "), self.at());
            found.push(broken(format!("Additional or unevaluated properties '{names}' at '{at}' not allowed")));
        }
        let count = |name: &str| schema.get(name).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        if count("minProperties").is_some_and(|least| members.len() < least)
            || count("maxProperties").is_some_and(|most| members.len() > most)
        {
            found.push(broken(format!("'{}' has the wrong number of properties", self.at())));
        }
    }

    fn branches(&self, schema: &Map<String, Value>, found: &mut Vec<Violation>) {
        let branches = |name: &str| schema.get(name).and_then(Value::as_array);
        let at = self.at();
        for schema in branches("allOf").into_iter().flatten() {
            found.extend(self.violations(schema));
        }
        if let Some(branches) = branches("anyOf") {
            let tried: Vec<Vec<Violation>> = branches.iter().map(|schema| self.violations(schema)).collect();
            if tried.iter().all(|violations| !violations.is_empty()) {
                found.push(broken(format!("anyOf at '{at}' not met{}", reasons(&tried))));
            }
        }
        if let Some(branches) = branches("oneOf") {
            let tried: Vec<Vec<Violation>> = branches.iter().map(|schema| self.violations(schema)).collect();
            match tried.iter().filter(|violations| violations.is_empty()).count() {
                0 => found.push(broken(format!("oneOf at '{at}' not met, 0 matches{}", reasons(&tried)))),
                1 => {}
                matches => found.push(broken(format!("oneOf at '{at}' not met, {matches} matches"))),
            }
        }
        if schema.get("not").is_some_and(|schema| self.violations(schema).is_empty()) {
            found.push(broken(format!("not at '{at}' not met")));
        }
    }

    fn child<'v>(&self, name: &str, value: &'v Value) -> Place<'v> {
        Place { path: format!("{}/{}", self.path, name.replace('~', "~0").replace('/', "~1")), value }
    }

    fn at(&self) -> &str {
        if self.path.is_empty() { "/" } else { &self.path }
    }
}

fn broken(message: String) -> Violation {
    Violation { missing: false, message }
}

/// The first violation of each branch.
fn reasons(tried: &[Vec<Violation>]) -> String {
    let mut reasons: Vec<&str> =
        tried.iter().filter_map(|violations| violations.first()).map(|violation| violation.message.as_str()).collect();
    reasons.dedup();
    if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match (kind, value) {
        ("null", Value::Null)
        | ("boolean", Value::Bool(_))
        | ("number", Value::Number(_))
        | ("string", Value::String(_))
        | ("array", Value::Array(_))
        | ("object", Value::Object(_)) => true,
        ("integer", Value::Number(number)) => {
            number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

/// Compares two values as JSON Schema does: 1 equals 1.0.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        _ => a == b,
    }
}

/// The kind of a value, as the service names it.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_number) => "binary",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The schema without what the service does not enforce: lengths of lists, the items of lists of numbers; a default satisfies `required`.
fn applied(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut applied = Map::new();
    let properties = members.get("properties").and_then(Value::as_object);
    for (name, value) in members {
        let value = match (name.as_str(), value) {
            ("maxItems" | "minItems" | "uniqueItems" | "format" | "contentType", _) => continue,
            ("items", items) if items.get("type").is_some_and(|of| of == "number" || of == "integer") => continue,
            ("required", Value::Array(names)) => {
                let has_default = |name: &Value| {
                    let property = name.as_str().and_then(|name| properties?.get(name));
                    property.is_some_and(|property| property.get("default").is_some())
                };
                Value::Array(names.iter().filter(|name| !has_default(name)).cloned().collect())
            }
            ("properties", Value::Object(properties)) => {
                Value::Object(properties.iter().map(|(name, schema)| (name.clone(), self::applied(schema))).collect())
            }
            ("oneOf" | "anyOf", Value::Array(branches)) => Value::Array(branches.iter().map(alternative).collect()),
            ("allOf", Value::Array(branches)) => Value::Array(branches.iter().map(self::applied).collect()),
            ("items" | "additionalProperties" | "not", schema) => self::applied(schema),
            (_, value) => value.clone(),
        };
        applied.insert(name.clone(), value);
    }
    Value::Object(applied)
}

/// An alternative that requires nothing is met by one of its properties, not by their absence.
fn alternative(branch: &Value) -> Value {
    let mut applied = applied(branch);
    let requires = |members: &Map<String, Value>| {
        members.get("required").and_then(Value::as_array).is_some_and(|names| !names.is_empty())
    };
    if let Some(members) = applied.as_object_mut()
        && !requires(members)
        && !members.contains_key("anyOf")
        && let Some(properties) = members.get("properties").and_then(Value::as_object)
    {
        let present = properties.keys().map(|name| json!({ "required": [name] })).collect();
        members.insert("anyOf".to_owned(), Value::Array(present));
    }
    applied
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Schema;

    #[test]
    fn violations_are_reported_in_the_services_words() {
        let schema = Schema::new(&json!({
            "type": "object",
            "properties": {
                "prompt": { "type": "string", "minLength": 1 },
                "steps": { "type": "integer", "maximum": 8 },
                "lang": { "type": "string", "enum": ["en", "de"], "default": "en" },
                "image": { "type": "array", "items": { "type": "number" }, "maxItems": 2 },
            },
            "required": ["prompt", "lang"],
        }));
        let message = |input| schema.check(&input).expect_err("invalid");
        assert_eq!(message(json!({})), "required properties at '/' are 'prompt'");
        assert_eq!(message(json!({ "prompt": 1 })), "Type mismatch of '/prompt', 'string' not in 'number'");
        assert_eq!(message(json!({ "prompt": "" })), "Length of '/prompt' must be >= 1 not met");
        assert_eq!(message(json!({ "prompt": "a", "steps": 9 })), "'/steps' must be <= 8");
        assert_eq!(message(json!({ "prompt": "a", "lang": "fr" })), "enum fr not in en,de at '/lang'");
        assert_eq!(schema.check(&json!({ "prompt": "a", "image": [1, 2, 3] })), Ok(()));
    }

    #[test]
    fn alternatives_say_what_each_of_them_wants() {
        let schema = Schema::new(&json!({ "type": "object", "oneOf": [
            { "properties": { "prompt": { "type": "string" } }, "required": ["prompt"] },
            { "properties": { "messages": { "type": "array" } }, "required": ["messages"] },
        ] }));
        let message = schema.check(&json!({})).expect_err("invalid");
        assert_eq!(
            message,
            "oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', required properties at '/' are 'messages'"
        );
    }
}
