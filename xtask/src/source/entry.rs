//! One model as a source says it, made into facts.

use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use super::Found;
use crate::{
    decimal,
    snapshot::{Facts, id, schema},
};

/// Properties that are no facts about the model.
const IDLE: [&str; 2] = ["info", "description"];

/// The shape of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The docs feed's, which is the account's with a schema.
    Feed,
    /// The unified catalog's.
    Unified,
    /// A file of our own.
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

/// The id and the shape of an entry, read without its schema.
///
/// # Errors
/// When it names no model.
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
        None => Err("a model has no `name` that is a model's id".to_owned()),
    }
}

/// An entry's JSON.
///
/// # Errors
/// When it is nested too deep, or cut off.
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|e| {
        if e.to_string().starts_with("recursion limit") {
            "is nested too deep to be a schema".to_owned()
        } else {
            format!("is not valid JSON: {e}")
        }
    })
}

/// Reads an entry of the docs feed or of the account's list.
///
/// # Errors
/// With what is wrong with it.
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

/// Reads a detail of the unified catalog, and says what of it could not be taken over.
///
/// # Errors
/// With what is wrong with it.
pub fn unified(id: &str, entry: &Value, prose: bool) -> Result<(Facts, Option<String>), String> {
    let mut facts = feed(id, entry, prose)?;
    let mut note = None;
    if let Some(length) = entry.get("context_length").filter(|length| !length.is_null()) {
        facts.properties.insert("context_window".to_owned(), plain(length)?);
    }
    match entry.get("pricing") {
        Some(list @ Value::Array(_)) => match prices(list) {
            Ok(list) => drop(facts.properties.insert("price".to_owned(), list)),
            Err(cause) => note = Some(format!("{id}: its `pricing` is left out: {cause}")),
        },
        Some(Value::Null) | None => {}
        Some(other) => {
            let kind = schema::kind(other);
            note = Some(format!("{id}: its `pricing` is left out: it is no list of prices but {kind}"));
        }
    }
    Ok((facts, note))
}

/// Reads a file of our own, shared parts already put in.
///
/// # Errors
/// With what is wrong with it.
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
        Some(other) => Err(format!("`task` must have a name, not be {}", schema::kind(other))),
        None => Err("has no `task` with a `name`".to_owned()),
    }
}

/// The two schemas, or none where upstream has none.
///
/// # Errors
/// With the place that is no JSON Schema, or when only one of the two is there.
pub fn schemas(pair: Option<&Value>, prose: bool) -> Result<(Option<Value>, Option<Value>), String> {
    let pair = match pair {
        None | Some(Value::Null) => return Ok((None, None)),
        Some(Value::Object(pair)) => pair,
        Some(other) => return Err(format!("`schema` must be an object, not {}", schema::kind(other))),
    };
    let side = |name: &str| match pair.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(found) => {
            schema::facts(found, prose).map(Some).map_err(|cause| format!("the schema of its {name}: {cause}"))
        }
    };
    match (side("input")?, side("output")?) {
        (Some(_), None) => Err("has a schema of its input but none of its output".to_owned()),
        (None, Some(_)) => Err("has a schema of its output but none of its input".to_owned()),
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
        Some(other) => return Err(format!("`properties` must be a list, not {}", schema::kind(other))),
    }
    Ok(properties)
}

fn add(properties: &mut Map<String, Value>, name: &str, value: &Value) -> Result<(), String> {
    if IDLE.contains(&name) || value.is_null() {
        return Ok(());
    }
    let value = if name == "price" { prices(value)? } else { plain(value)? };
    properties.insert(name.to_owned(), value);
    Ok(())
}

/// A property's value: what is written as text but is a number or a flag becomes that.
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

/// A list of prices, each an exact decimal.
fn prices(list: &Value) -> Result<Value, String> {
    let Value::Array(list) = list else {
        return Err(format!("`price` must be a list, not {}", schema::kind(list)));
    };
    let price = |entry: &Value| {
        let text = |name: &str| match entry.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => Err(format!("a price has no text `{name}`")),
        };
        let (unit, currency) = (text("unit")?, text("currency")?);
        let amount = match entry.get("price") {
            Some(Value::Number(number)) => decimal::plain(&number.to_string()),
            Some(Value::String(text)) => decimal::plain(text),
            _ => None,
        };
        let amount = amount
            .filter(|amount| !amount.starts_with('-'))
            .ok_or_else(|| format!("the price {unit} is no decimal number"))?;
        Ok(json!({"unit": unit, "price": amount, "currency": currency}))
    };
    list.iter().map(price).collect::<Result<Vec<_>, String>>().map(Value::Array)
}

/// The day of a moment.
fn day(moment: &str) -> Option<String> {
    let day = moment.get(..10)?;
    day.parse::<jiff::civil::Date>().ok().map(|_| day.to_owned())
}
