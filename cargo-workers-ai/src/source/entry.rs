//! Converts one model from a source's format to facts.

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::{Found, pricing};
use crate::snapshot::{Facts, id, schema};

/// Properties that are not facts about the model.
const IDLE: [&str; 2] = ["info", "description"];

/// The format of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// That of the docs feed, which is the account's plus a schema.
    Feed,
    /// That of the unified catalog.
    Unified,
    /// That of our own snapshot.
    Own,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    model_id: Option<&'a RawValue>,
    #[serde(borrow)]
    provider_id: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    hash: Option<&'a RawValue>,
}

/// Returns the ID and the format of an entry without parsing its schema.
///
/// # Errors
/// Returns an error if the entry has no model ID.
pub fn head(text: &str) -> Result<(String, Shape), String> {
    let head: Head<'_> = serde_json::from_str(text).map_err(|_| "a model is not an object".to_owned())?;
    let string = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    if let Some(id) = string(head.model_id) {
        // The unified catalog gives ids with or without their provider.
        let id = match string(head.provider_id) {
            Some(provider) if !id.contains('/') => format!("{provider}/{id}"),
            _ => id,
        };
        return Ok((id, Shape::Unified));
    }
    if head.hash.is_some()
        && let Some(id) = string(head.id)
    {
        return Ok((id, Shape::Own));
    }
    match string(head.name).filter(|name| name.contains('/')).or_else(|| string(head.id).filter(|id| id.contains('/')))
    {
        Some(id) => Ok((id, Shape::Feed)),
        None => Err("a model has no `name` that is a model ID".to_owned()),
    }
}

/// Parses an entry.
///
/// # Errors
/// Returns an error if the JSON is nested too deep or truncated.
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| {
        if e.to_string().starts_with("recursion limit") {
            "is nested too deeply".to_owned()
        } else {
            format!("is not valid JSON: {e}")
        }
    })
}

/// Converts an entry of the docs feed or of the account's list.
///
/// # Errors
/// Returns a description of the problem.
pub fn feed(id: &str, entry: &Value, prose: bool) -> Result<Facts, String> {
    id::check(id)?;
    let (input, output) = schemas(entry.get("schema"), prose)?;
    Ok(Facts {
        id: id.to_owned(),
        task: task(entry)?,
        created: ["created_at", "created"].into_iter().find_map(|name| day(entry.get(name)?.as_str()?)),
        properties: properties(entry.get("properties"))?,
        input,
        output,
    })
}

/// Converts an entry of the unified catalog, with a note on anything that was left out.
///
/// # Errors
/// Returns a description of the problem.
pub fn unified(id: &str, entry: &Value, prose: bool) -> Result<(Facts, Option<String>), String> {
    let mut facts = feed(id, entry, prose)?;
    let mut note = None;
    if let Some(length) = entry.get("context_length").filter(|length| !length.is_null()) {
        facts.properties.insert("context_window".to_owned(), plain(length)?);
    }
    let prices = match entry.get("pricing") {
        Some(list @ Value::Array(_)) => Some(pricing::list(list)),
        Some(Value::Object(labels)) => Some(pricing::labelled(labels)),
        Some(Value::Null) | None => None,
        Some(other) => Some(Err(format!("expected prices, got {}", schema::kind(other)))),
    };
    match prices {
        Some(Ok(list)) => drop(facts.properties.insert("price".to_owned(), list)),
        Some(Err(cause)) => note = Some(format!("{id}: its `pricing` is ignored: {cause}")),
        None => {}
    }
    Ok((facts, note))
}

/// Converts a file of our own snapshot whose shared parts are already inlined.
///
/// # Errors
/// Returns a description of the problem.
pub fn own(id: &str, file: &Value, prose: bool) -> Result<Found, String> {
    let mut entry = file.clone();
    if file.get("input").is_some() || file.get("output").is_some() {
        entry["schema"] = json!({"input": file.get("input"), "output": file.get("output")});
    }
    let text = |name: &str| file.get(name).and_then(Value::as_str).map(str::to_owned);
    let retrieved = text("retrieved").and_then(|moment| day(&moment));
    let origin =
        text("source").filter(|kind| ["docs", "account", "unified", "file"].contains(&kind.as_str())).zip(retrieved);
    Ok(Found { facts: feed(id, &entry, prose)?, origin, with_schema: true })
}

fn task(entry: &Value) -> Result<String, String> {
    let task = match entry.get("task") {
        Some(Value::Object(task)) => task.get("name"),
        other => other,
    };
    match task {
        Some(Value::String(task)) => Ok(task.clone()),
        Some(other) => Err(format!("`task` must be an object with a name, got {}", schema::kind(other))),
        None => Err("has no `task` with a `name`".to_owned()),
    }
}

/// Returns both schemas, or neither if upstream has none.
///
/// # Errors
/// Returns the place that is not JSON Schema, or an error if one of the two is missing.
pub fn schemas(pair: Option<&Value>, prose: bool) -> Result<(Option<Value>, Option<Value>), String> {
    let pair = match pair {
        None | Some(Value::Null) => return Ok((None, None)),
        Some(Value::Object(pair)) => pair,
        Some(other) => return Err(format!("`schema` must be an object, got {}", schema::kind(other))),
    };
    let side = |name: &str| match pair.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(found) => schema::facts(found, prose).map(Some).map_err(|cause| format!("invalid {name} schema: {cause}")),
    };
    match (side("input")?, side("output")?) {
        (Some(_), None) => Err("has an input schema but no output schema".to_owned()),
        (None, Some(_)) => Err("has an output schema but no input schema".to_owned()),
        both => Ok(both),
    }
}

fn properties(list: Option<&Value>) -> Result<Map<String, Value>, String> {
    let mut properties = Map::new();
    match list {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) => {
            for entry in list {
                let Some(name) = entry.get("property_id").and_then(Value::as_str) else {
                    return Err("a property has no `property_id`".to_owned());
                };
                add(&mut properties, name, entry.get("value").unwrap_or(&Value::Null))?;
            }
        }
        Some(Value::Object(members)) => {
            for (name, value) in members {
                add(&mut properties, name, value)?;
            }
        }
        Some(other) => return Err(format!("`properties` must be a list, got {}", schema::kind(other))),
    }
    Ok(properties)
}

fn add(properties: &mut Map<String, Value>, name: &str, value: &Value) -> Result<(), String> {
    if IDLE.contains(&name) || value.is_null() {
        return Ok(());
    }
    let value = if name == "price" { pricing::list(value)? } else { plain(value)? };
    properties.insert(name.to_owned(), value);
    Ok(())
}

/// Returns the value of a property, with numbers and booleans that are written as strings converted.
fn plain(value: &Value) -> Result<Value, String> {
    match value {
        Value::String(text) => Ok(match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            digits if digits.len() < 16 && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse::<u64>().map_or_else(|_| value.clone(), Value::from)
            }
            _ => value.clone(),
        }),
        other => schema::numbers(other, 0).map(without_prose),
    }
}

fn without_prose(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let facts = members.into_iter().filter(|(name, _)| name != "description");
            Value::Object(facts.map(|(name, member)| (name, without_prose(member))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_prose).collect()),
        other => other,
    }
}

/// Returns the day of a timestamp.
fn day(moment: &str) -> Option<String> {
    let day = moment.get(..10)?;
    day.parse::<jiff::civil::Date>().ok().map(|_| day.to_owned())
}
