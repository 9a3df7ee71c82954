//! One model as a source says it, made into facts.

use serde_json::{Map, Value, json};

use crate::{
    decimal,
    snapshot::{Facts, id, schema},
};

/// Properties that are no facts about the model.
const IDLE: [&str; 2] = ["info", "description"];

/// The id that an entry of a feed names, whatever source it is from.
#[must_use]
pub fn id(entry: &Value) -> Option<&str> {
    ["name", "model_id", "id"].into_iter().filter_map(|key| entry.get(key)?.as_str()).find(|text| text.contains('/'))
}

/// Reads an entry of the docs feed or of the account's list.
///
/// # Errors
/// With what is wrong with it.
pub fn facts(entry: &Value, prose: bool) -> Result<Facts, String> {
    let id = id(entry).ok_or("has no `name` that is a model's id")?;
    id::check(id)?;
    let task = match entry.get("task") {
        Some(Value::String(task)) => task.clone(),
        Some(Value::Object(task)) => match task.get("name") {
            Some(Value::String(name)) => name.clone(),
            _ => return Err("`task` has no text `name`".to_owned()),
        },
        Some(other) => return Err(format!("`task` must be an object, not {}", schema::kind(other))),
        None => return Err("has no `task`".to_owned()),
    };
    let (input, output) = schemas(entry.get("schema"), prose)?;
    Ok(Facts {
        id: id.to_owned(),
        task,
        created: entry.get("created_at").and_then(Value::as_str).and_then(day),
        properties: properties(entry.get("properties"))?,
        input,
        output,
    })
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
        Some(found) => schema::facts(found, prose).map(Some).map_err(|cause| format!("schema of {name}: {cause}")),
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
        other => schema::numbers(other, 0),
    }
}

/// A list of prices, each an exact decimal.
///
/// # Errors
/// With what is wrong with one of them.
pub fn prices(list: &Value) -> Result<Value, String> {
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
        let amount = amount.ok_or_else(|| format!("the price {unit} is no decimal number"))?;
        Ok(json!({"unit": unit, "price": amount, "currency": currency}))
    };
    list.iter().map(price).collect::<Result<Vec<_>, String>>().map(Value::Array)
}

/// The day of a moment.
fn day(moment: &str) -> Option<String> {
    let day = moment.get(..10)?;
    day.parse::<jiff::civil::Date>().ok().map(|_| day.to_owned())
}
