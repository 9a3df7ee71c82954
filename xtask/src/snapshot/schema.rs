//! JSON Schema from upstream: is it one, and what of it are facts.

use serde_json::{Map, Value};

/// Deeper nesting than this is refused.
pub const MOST_DEPTH: usize = 60;

const TYPES: [&str; 7] = ["object", "array", "string", "boolean", "integer", "number", "null"];
const PROSE: [&str; 3] = ["description", "markdownDescription", "$comment"];
const IDLE: [&str; 5] = ["$schema", "$id", "id", "examples", "example"];

/// What stands under a keyword.
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

/// What stands under a keyword of a schema.
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

/// A schema as the snapshot holds it: checked, numbers in their shortest form, without what says nothing to a reader of types.
/// Prose is kept only where `prose` says so.
///
/// # Errors
/// With the JSON pointer of the first thing that is not JSON Schema, and what is wrong with it.
pub fn facts(schema: &Value, prose: bool) -> Result<Value, String> {
    Walk { prose }.schema(schema, "", 0)
}

struct Walk {
    prose: bool,
}

impl Walk {
    fn schema(&self, schema: &Value, at: &str, depth: usize) -> Result<Value, String> {
        let wrong = |cause: &str| Err(if at.is_empty() { format!("it {cause}") } else { format!("`{at}` {cause}") });
        if depth > MOST_DEPTH {
            return wrong(&format!("is nested more than {MOST_DEPTH} deep"));
        }
        let members = match schema {
            Value::Object(members) => members,
            Value::Bool(_) => return Ok(schema.clone()),
            other => return wrong(&format!("is no schema but {}", kind(other))),
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
                (Below::List, other) => return Err(format!("`{at}` must be a list of schemas, not {}", kind(other))),
                (Below::Named, other) => return Err(format!("`{at}` must be an object, not {}", kind(other))),
                (_, other) => return Err(format!("`{at}` is no schema but {}", kind(other))),
            };
            kept.insert(keyword.clone(), value);
        }
        Ok(Value::Object(kept))
    }
}

fn plain_keyword(keyword: &str, value: &Value) -> Result<(), String> {
    let fail = |wanted: &str| Err(format!("must be {wanted}, not {}", kind(value)));
    match keyword {
        "type" => {
            let known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
            match value {
                Value::String(_) if known(value) => Ok(()),
                Value::String(name) => Err(format!("names `{}`, which is no type", name.escape_debug())),
                Value::Array(names) if !names.is_empty() && names.iter().all(known) => Ok(()),
                _ => fail("the name of a type or a list of such names"),
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
                fail("a whole number that is not negative")
            }
        }
        "title" | "pattern" | "format" | "contentType" | "description" => {
            if value.is_string() {
                Ok(())
            } else {
                fail("text")
            }
        }
        "$ref" => match value.as_str() {
            Some(reference) if reference == "#" || reference.starts_with("#/") => Ok(()),
            Some(reference) => Err(format!(
                "refers to `{}`; only places in the same schema can be referred to",
                reference.escape_debug()
            )),
            None => fail("text"),
        },
        _ => Ok(()),
    }
}

/// A value with whole numbers written as such: 5.0 is 5.
///
/// # Errors
/// For a value that is nested too deep.
pub fn numbers(value: &Value, depth: usize) -> Result<Value, String> {
    if depth > MOST_DEPTH {
        return Err(format!("is nested more than {MOST_DEPTH} deep"));
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

#[allow(clippy::cast_possible_truncation, reason = "the bound leaves only numbers that a float holds exactly")]
fn whole(float: f64) -> Option<i64> {
    (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i64)
}

/// A name as a segment of a JSON pointer.
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1").escape_debug().to_string()
}

/// What a value is, in words.
#[must_use]
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The step from a schema to one below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// The schema of a keyword.
    Keyword(&'a str),
    /// One of the schemas in a keyword's list.
    Item(&'a str, usize),
    /// One of a keyword's named schemas.
    Name(&'a str, &'a str),
}

/// The schemas right below a schema.
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

/// The schema with every schema right below it replaced.
///
/// # Errors
/// With the first that `change` gives.
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
