//! The service's validator: what it checks, what it lets pass, and how it says so.

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};

/// A model's input schema as the service applies it.
pub(crate) struct Schema {
    schema: Value,
    validator: Validator,
}

impl Schema {
    /// `None` where the schema is none.
    pub(crate) fn new(upstream: &Value) -> Option<Self> {
        let schema = applied(upstream);
        let validator = jsonschema::options().should_validate_formats(false).build(&schema).ok()?;
        Some(Self { schema, validator })
    }

    /// What is wrong with an input, in the service's words.
    pub(crate) fn check(&self, input: &Value) -> Result<(), String> {
        // The service reports the first fault it meets, and meets missing properties last.
        let mut errors: Vec<ValidationError<'_>> = self.validator.iter_errors(input).collect();
        errors.sort_by_key(|error| matches!(error.kind(), ValidationErrorKind::Required { .. }));
        match errors.first() {
            Some(error) => Err(self.words(error)),
            None => Ok(()),
        }
    }

    fn words(&self, error: &ValidationError<'_>) -> String {
        let at = match error.instance_path().as_str() {
            "" => "/",
            path => path,
        };
        let joined = |names: &[String]| {
            let slash = if at == "/" { "" } else { at };
            names.iter().map(|name| format!("{slash}/{name}")).collect::<Vec<_>>().join(", ")
        };
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let all = self.schema.pointer(error.schema_path().as_str()).and_then(Value::as_array);
                let names: Vec<&str> = match all {
                    Some(all) => all.iter().filter_map(Value::as_str).collect(),
                    None => property.as_str().into_iter().collect(),
                };
                format!("required properties at '{at}' are '{}'", names.join(","))
            }
            ValidationErrorKind::OneOfNotValid { context } => {
                format!("oneOf at '{at}' not met, 0 matches{}", self.reasons(context))
            }
            ValidationErrorKind::OneOfMultipleValid { .. } => format!("oneOf at '{at}' not met, 2 matches"),
            ValidationErrorKind::AnyOf { context } => format!("anyOf at '{at}' not met{}", self.reasons(context)),
            ValidationErrorKind::Type { .. } => {
                let wanted = self.schema.pointer(error.schema_path().as_str());
                let wanted = wanted.map(|of| of.as_str().map_or_else(|| of.to_string(), str::to_owned));
                format!("Type mismatch of '{at}', '{}' not in '{}'", wanted.unwrap_or_default(), kind(error.instance()))
            }
            ValidationErrorKind::Enum { options } => {
                let options = options.as_array().into_iter().flatten().map(plain).collect::<Vec<_>>().join(",");
                format!("enum {} not in {options} at '{at}'", plain(error.instance()))
            }
            ValidationErrorKind::MinLength { limit } => format!("Length of '{at}' must be >= {limit} not met"),
            ValidationErrorKind::MaxLength { limit } => format!("Length of '{at}' must be <= {limit}"),
            ValidationErrorKind::Minimum { limit } => format!("'{at}' must be >= {limit}"),
            ValidationErrorKind::Maximum { limit } => format!("'{at}' must be <= {limit}"),
            ValidationErrorKind::ExclusiveMinimum { limit } => format!("'{at}' must be > {limit}"),
            ValidationErrorKind::ExclusiveMaximum { limit } => format!("'{at}' must be < {limit}"),
            ValidationErrorKind::Pattern { pattern } => format!("'{at}' failed test {pattern} patttern"),
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                format!("Additional or unevaluated properties '{}' at '{at}' not allowed", joined(unexpected))
            }
            _ => format!("'{at}': {error}"),
        }
    }

    fn reasons(&self, context: &[Vec<ValidationError<'static>>]) -> String {
        let mut reasons: Vec<String> =
            context.iter().filter_map(|branch| branch.first()).map(|error| self.words(error)).collect();
        reasons.dedup();
        if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join(", ")) }
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
    fn faults_are_reported_in_the_services_words() {
        let schema = Schema::new(&json!({
            "type": "object",
            "properties": {
                "prompt": { "type": "string", "minLength": 1 },
                "steps": { "type": "integer", "maximum": 8 },
                "lang": { "type": "string", "enum": ["en", "de"], "default": "en" },
                "image": { "type": "array", "items": { "type": "number" }, "maxItems": 2 },
            },
            "required": ["prompt", "lang"],
        }))
        .expect("a schema");
        let said = |input| schema.check(&input).expect_err("invalid");
        assert_eq!(said(json!({})), "required properties at '/' are 'prompt'");
        assert_eq!(said(json!({ "prompt": 1 })), "Type mismatch of '/prompt', 'string' not in 'number'");
        assert_eq!(said(json!({ "prompt": "" })), "Length of '/prompt' must be >= 1 not met");
        assert_eq!(said(json!({ "prompt": "a", "steps": 9 })), "'/steps' must be <= 8");
        assert_eq!(said(json!({ "prompt": "a", "lang": "fr" })), "enum fr not in en,de at '/lang'");
        assert_eq!(schema.check(&json!({ "prompt": "a", "image": [1, 2, 3] })), Ok(()));
    }

    #[test]
    fn alternatives_say_what_each_of_them_wants() {
        let schema = Schema::new(&json!({ "type": "object", "oneOf": [
            { "properties": { "prompt": { "type": "string" } }, "required": ["prompt"] },
            { "properties": { "messages": { "type": "array" } }, "required": ["messages"] },
        ] }))
        .expect("a schema");
        let said = schema.check(&json!({})).expect_err("invalid");
        assert_eq!(
            said,
            "oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', required properties at '/' are 'messages'"
        );
    }
}
