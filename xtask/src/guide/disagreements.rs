//! Where a model's flags and its schema do not say the same.

use std::fmt::Write as _;

use serde_json::Value;
use workers_ai_catalog::{Capability, Catalog, Error as CatalogError, Model};

use crate::error::Result;

/// Every disagreement, a line each.
///
/// # Errors
/// When the catalog cannot be read.
pub fn text(catalog: &Catalog) -> Result<String> {
    let mut text = String::new();
    for id in catalog.ids()? {
        let model = match catalog.model(&id) {
            Ok(model) => model,
            Err(CatalogError::NoSchema { .. } | CatalogError::Schema { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let schema = catalog.upstream_schema(&id, "input")?.unwrap_or_default();
        let lines = of(&model, &schema);
        if !lines.is_empty() {
            let _ = writeln!(text, "{id}\n  {}", lines.join("\n  "));
        }
    }
    Ok(if text.is_empty() { "Flags and schemas agree.\n".to_owned() } else { text })
}

fn of(model: &Model, schema: &Value) -> Vec<String> {
    let has = |name: &str| model.input.fields.iter().any(|field| field.wire == name);
    let signs = [
        (Capability::Tools, "field `tools`", has("tools")),
        (Capability::Lora, "field `lora`", has("lora")),
        (Capability::Batch, "form for batches", has_property(schema, "requests", 0)),
        (Capability::Vision, "place for images in messages", has_property(schema, "image_url", 0)),
        (
            Capability::Reasoning,
            "field for reasoning",
            has("reasoning_effort") || has("reasoning") || has("chat_template_kwargs"),
        ),
    ];
    let mut lines: Vec<String> = signs
        .into_iter()
        .filter_map(|(capability, sign, there)| match (model.can(capability), there) {
            (true, false) => Some(format!("flagged {}, but the schema has no {sign}", capability.name())),
            (false, true) => Some(format!("the schema has a {sign}, but {} is not flagged", capability.name())),
            _ => None,
        })
        .collect();
    if model.output.queued && !model.can(Capability::Batch) {
        lines.push("answers with a place in the queue, but Batch is not flagged".to_owned());
    }
    lines
}

/// Whether a schema describes a property of that name anywhere.
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
