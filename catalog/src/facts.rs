//! Reads the facts of a model's file beside its schema.

use serde_json::Value;

use crate::{Capability, Deprecation, Error, Info, Price, ir::members, schema::Node};

/// The properties that are capabilities.
const FLAGS: [(&str, Capability); 6] = [
    ("async_queue", Capability::Batch),
    ("function_calling", Capability::Tools),
    ("vision", Capability::Vision),
    ("lora", Capability::Lora),
    ("realtime", Capability::Realtime),
    ("reasoning", Capability::Reasoning),
];

pub(crate) fn read(root: &Node<'_>) -> Result<Info, Error> {
    let properties = root.child("properties")?;
    let property = |name: &str| properties.as_ref().and_then(|node| node.get(name));
    let number = |name: &str| property(name).and_then(whole);
    let text = |name: &str| property(name).and_then(Value::as_str).map(str::to_owned);
    let flag = |name: &str| property(name).is_some_and(truthy);
    let mut capabilities: Vec<Capability> =
        FLAGS.iter().filter(|(name, _)| flag(name)).map(|(_, capability)| *capability).collect();
    if !flag("realtime_only") {
        capabilities.push(Capability::Run);
    }
    Ok(Info {
        task: root.text("task").unwrap_or_default().to_owned(),
        context_window: number("context_window"),
        reported_context_window: number("reported_context_window"),
        max_input_tokens: number("max_input_tokens"),
        output_dimensions: number("output_dimensions"),
        prices: prices(property("price")),
        requests_per_minute: root.get("requests_per_minute").and_then(whole),
        capabilities,
        deprecation: text("planned_deprecation_date").map(|date| {
            // Dates of this form are ordered like their text.
            let passed = root.text("retrieved").is_some_and(|day| date.as_str() <= day);
            Deprecation { date, passed, successor: text("successor") }
        }),
        created: root.text("created").map(str::to_owned),
        terms: text("terms"),
        beta: flag("beta"),
        partner: flag("partner"),
        paid_plan_only: flag("require_workers_paid"),
        languages: text("languages")
            .map(|list| list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect())
            .unwrap_or_default(),
    })
}

fn prices(list: Option<&Value>) -> Vec<Price> {
    let price = |entry: &Value| {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        let amount = text("price").or_else(|| entry.get("price").filter(|p| p.is_number()).map(ToString::to_string))?;
        let tier = entry.get("tokens");
        let bound = |name: &str| tier.and_then(|tier| tier.get(name)?.as_u64());
        let tokens = tier.map(|_| (bound("above").unwrap_or(0), bound("up_to")));
        let currency = text("currency").unwrap_or_else(|| "USD".to_owned());
        Some(Price { amount, currency, unit: text("unit")?, label: text("label"), tokens })
    };
    list.and_then(Value::as_array).into_iter().flatten().filter_map(price).collect()
}

/// Returns a count, which the catalog gives as a number or as digits.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str().and_then(|digits| digits.parse().ok()))
}

fn truthy(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str() == Some("true"))
}

/// Returns the efforts that the catalog's property `reasoning_effort` lists.
pub(crate) fn efforts(root: &Node<'_>) -> Vec<String> {
    let list = root.document().get("properties").and_then(|p| p.get("reasoning_effort"));
    members(list)
        .find(|(name, _)| *name == "supported_efforts")
        .and_then(|(_, list)| list.as_array())
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
