//! Finds disagreements between a model's flags and its schema.

use std::fmt::Write as _;

use serde_json::Value;
use workers_ai_catalog::{Capability, Catalog, Error as CatalogError, Model};

use crate::error::Result;

/// Returns all disagreements, one per line.
///
/// # Errors
/// Returns an error if the catalog cannot be read.
pub fn text(catalog: &Catalog) -> Result<String> {
    let mut text = String::new();
    for id in catalog.ids()? {
        let model = match catalog.model(&id) {
            Ok(model) => model,
            Err(CatalogError::NoSchema { .. } | CatalogError::Schema { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let schema = catalog.upstream_schema(&id, "input")?.unwrap_or_default();
        let lines = disagreements(&model, &schema);
        if !lines.is_empty() {
            let _ = writeln!(text, "{id}\n  {}", lines.join("\n  "));
        }
    }
    Ok(if text.is_empty() { "Flags and schemas agree.\n".to_owned() } else { text })
}

fn disagreements(model: &Model, schema: &Value) -> Vec<String> {
    let has = |name: &str| model.input.fields.iter().any(|field| field.wire == name);
    let signs = [
        (Capability::Tools, "field `tools`", has("tools")),
        (Capability::Lora, "field `lora`", has("lora")),
        (Capability::Batch, "batch input", has_property(schema, "requests", 0)),
        (Capability::Vision, "image content in messages", has_property(schema, "image_url", 0)),
        (
            Capability::Reasoning,
            "reasoning field",
            has("reasoning_effort") || has("reasoning") || has("chat_template_kwargs"),
        ),
    ];
    let mut lines: Vec<String> = signs
        .into_iter()
        .filter_map(|(capability, sign, there)| match (model.can(capability), there) {
            (true, false) => Some(format!("has the flag {}, but no {sign} in the schema", capability.name())),
            (false, true) => Some(format!("the schema has a {sign}, but the flag {} is missing", capability.name())),
            _ => None,
        })
        .collect();
    if model.output.queued && !model.can(Capability::Batch) {
        lines.push("returns queue receipts, but the flag Batch is missing".to_owned());
    }
    lines
}

/// Returns whether a schema has a property with this name at any depth.
fn has_property(schema: &Value, name: &str, depth: usize) -> bool {
    depth < 64
        && match schema {
            Value::Object(members) => {
                members.get("properties").is_some_and(|properties| properties.get(name).is_some())
                    || members.values().any(|member| has_property(member, name, depth + 1))
            }
            Value::Array(items) => items.iter().any(|item| has_property(item, name, depth + 1)),
            _ => false,
        }
}
