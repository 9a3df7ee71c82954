//! Validates upstream's JSON Schema and reduces it to facts.

use serde_json::{Map, Value};

/// Deeper nesting is rejected.
pub const MAX_DEPTH: usize = 60;

const TYPES: [&str; 7] = ["object", "array", "string", "boolean", "integer", "number", "null"];
const PROSE: [&str; 3] = ["description", "markdownDescription", "$comment"];
const IDLE: [&str; 5] = ["$schema", "$id", "id", "examples", "example"];

/// The kind of value that a keyword has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// A schema.
    One,
    /// A list of schemas.
    List,
    /// Schemas by name.
    Named,
    /// A schema or a list of them.
    OneOrList,
    /// A plain value.
    Value,
}

/// Returns the kind of value that a keyword has.
#[must_use]
pub fn below(keyword: &str) -> Below {
    match keyword {
        "additionalProperties"
        | "unevaluatedProperties"
        | "propertyNames"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "unevaluatedItems"
        | "additionalItems" => Below::One,
        "items" => Below::OneOrList,
        "oneOf" | "anyOf" | "allOf" | "prefixItems" => Below::List,
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => Below::Named,
        _ => Below::Value,
    }
}

/// Returns a schema as the snapshot stores it: validated, numbers in their shortest form, without keywords that do not affect types.
/// Descriptions are kept only if `prose` is set.
///
/// # Errors
/// Returns the JSON pointer of the first place that is not JSON Schema, and the problem.
pub fn facts(schema: &Value, prose: bool) -> Result<Value, String> {
    Walk { prose }.schema(schema, "", 0)
}

struct Walk {
    prose: bool,
}

impl Walk {
    fn schema(&self, schema: &Value, at: &str, depth: usize) -> Result<Value, String> {
        let wrong = |cause: &str| Err(if at.is_empty() { format!("it {cause}") } else { format!("`{at}` {cause}") });
        if depth > MAX_DEPTH {
            return wrong(&format!("is nested more than {MAX_DEPTH} levels deep"));
        }
        let members = match schema {
            Value::Object(members) => members,
            Value::Bool(_) => return Ok(schema.clone()),
            other => return wrong(&format!("must be a schema, got {}", kind(other))),
        };
        let mut kept = Map::new();
        for (keyword, value) in members {
            let is_prose = PROSE.contains(&keyword.as_str());
            if IDLE.contains(&keyword.as_str()) || (is_prose && !self.prose) {
                continue;
            }
            let at = format!("{at}/{}", escape(keyword));
            let value = match (below(keyword), value) {
                (Below::One | Below::OneOrList, Value::Object(_) | Value::Bool(_)) => {
                    self.schema(value, &at, depth + 1)?
                }
                (Below::List | Below::OneOrList, Value::Array(items)) => {
                    if keyword != "items" && items.is_empty() {
                        return Err(format!("`{at}` is an empty list"));
                    }
                    let item = |(index, item)| self.schema(item, &format!("{at}/{index}"), depth + 1);
                    Value::Array(items.iter().enumerate().map(item).collect::<Result<_, _>>()?)
                }
                (Below::Named, Value::Object(named)) => {
                    let mut schemas = Map::new();
                    for (name, schema) in named {
                        let schema = self.schema(schema, &format!("{at}/{}", escape(name)), depth + 1)?;
                        schemas.insert(name.clone(), schema);
                    }
                    Value::Object(schemas)
                }
                (Below::Value, value) => {
                    plain_keyword(keyword, value).map_err(|cause| format!("`{at}` {cause}"))?;
                    numbers(value, depth).map_err(|cause| format!("`{at}` {cause}"))?
                }
                (Below::List, other) => return Err(format!("`{at}` must be a list of schemas, got {}", kind(other))),
                (Below::Named, other) => return Err(format!("`{at}` must be an object, got {}", kind(other))),
                (_, other) => return Err(format!("`{at}` must be a schema, got {}", kind(other))),
            };
            kept.insert(keyword.clone(), value);
        }
        Ok(Value::Object(kept))
    }
}

fn plain_keyword(keyword: &str, value: &Value) -> Result<(), String> {
    let fail = |expected: &str| Err(format!("must be {expected}, got {}", kind(value)));
    match keyword {
        "type" => {
            let known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
            match value {
                Value::String(_) if known(value) => Ok(()),
                Value::String(name) => Err(format!("has the unknown type `{}`", name.escape_debug())),
                Value::Array(names) if !names.is_empty() && names.iter().all(known) => Ok(()),
                _ => fail("a type or a list of types"),
            }
        }
        "required" => match value {
            Value::Array(names) if names.iter().all(Value::is_string) => Ok(()),
            _ => fail("a list of names"),
        },
        "enum" => match value {
            Value::Array(values) if !values.is_empty() => Ok(()),
            _ => fail("a list of at least one value"),
        },
        "minimum" | "maximum" | "multipleOf" => {
            if value.is_number() {
                Ok(())
            } else {
                fail("a number")
            }
        }
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            if value.as_f64().is_some_and(|count| count >= 0.0 && count.fract() == 0.0) {
                Ok(())
            } else {
                fail("a non-negative integer")
            }
        }
        "title" | "pattern" | "format" | "contentType" | "description" => {
            if value.is_string() {
                Ok(())
            } else {
                fail("a string")
            }
        }
        "$ref" => match value.as_str() {
            Some(reference) if reference == "#" || reference.starts_with("#/") => Ok(()),
            Some(reference) => Err(format!(
                "references `{}`; only references within the schema are supported",
                reference.escape_debug()
            )),
            None => fail("a string"),
        },
        _ => Ok(()),
    }
}

/// Returns a value with integers written as such: 5.0 becomes 5.
///
/// # Errors
/// Returns an error for a value that is nested too deeply.
pub fn numbers(value: &Value, depth: usize) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err(format!("is nested more than {MAX_DEPTH} levels deep"));
    }
    Ok(match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if !number.is_i64() && !number.is_u64() => {
                whole(float).map_or_else(|| value.clone(), Value::from)
            }
            _ => value.clone(),
        },
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| numbers(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| Ok((name.clone(), numbers(member, depth + 1)?)))
                .collect::<Result<_, String>>()?,
        ),
        other => other.clone(),
    })
}

#[allow(clippy::cast_possible_truncation, reason = "the bound leaves only numbers that a float represents exactly")]
fn whole(float: f64) -> Option<i64> {
    (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i64)
}

/// Escapes a name as a segment of a JSON pointer.
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1").escape_debug().to_string()
}

/// Returns the type of a value in words.
#[must_use]
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The step from a schema to one of its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// The schema of a keyword.
    Keyword(&'a str),
    /// One of the schemas in a keyword's list.
    Item(&'a str, usize),
    /// One of a keyword's named schemas.
    Name(&'a str, &'a str),
}

/// Returns the child schemas of a schema.
#[must_use]
pub fn children(schema: &Value) -> Vec<(Step<'_>, &Value)> {
    let mut found = Vec::new();
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        match (below(keyword), value) {
            (Below::One | Below::OneOrList, Value::Object(_) | Value::Bool(_)) => {
                found.push((Step::Keyword(keyword), value));
            }
            (Below::List | Below::OneOrList, Value::Array(items)) => {
                found.extend(items.iter().enumerate().map(|(index, item)| (Step::Item(keyword, index), item)));
            }
            (Below::Named, Value::Object(named)) => {
                found.extend(named.iter().map(|(name, schema)| (Step::Name(keyword, name), schema)));
            }
            _ => {}
        }
    }
    found
}

/// Replaces every child schema of a schema.
///
/// # Errors
/// Returns the first error of `change`.
pub fn replace<E>(schema: &Value, change: &mut impl FnMut(&Value) -> Result<Value, E>) -> Result<Value, E> {
    let Value::Object(members) = schema else { return Ok(schema.clone()) };
    let mut replaced = Map::new();
    for (keyword, value) in members {
        let value = match (below(keyword), value) {
            (Below::One | Below::OneOrList, Value::Object(_) | Value::Bool(_)) => change(value)?,
            (Below::List | Below::OneOrList, Value::Array(items)) => {
                Value::Array(items.iter().map(&mut *change).collect::<Result<_, E>>()?)
            }
            (Below::Named, Value::Object(named)) => Value::Object(
                named.iter().map(|(name, schema)| Ok((name.clone(), change(schema)?))).collect::<Result<_, E>>()?,
            ),
            _ => value.clone(),
        };
        replaced.insert(keyword.clone(), value);
    }
    Ok(Value::Object(replaced))
}
