//! `show`: one model, with its fields and corrections.

use std::{collections::BTreeMap, fmt::Write as _};

use workers_ai_catalog::{
    BatchItem, Body, Capability, Catalog, Considered, Error as CatalogError, Info, Model, Outcome, Presence, Side,
};

use super::{count, list};
use crate::{
    error::Result,
    report::fields::{self, View},
};

/// Describes a model.
///
/// # Errors
/// Returns an error for an unknown model or an unreadable schema.
pub fn text(catalog: &Catalog, id: &str) -> Result<String> {
    let (model, considered) = match catalog.considered(id) {
        Ok(read) => read,
        Err(CatalogError::NoSchema { .. }) => {
            let mut text = head(id, &catalog.info(id)?);
            text.push_str("\nThe catalog has no schema for it, so it is called without a type: `ai.model(\"…\")`.\n");
            return Ok(text);
        }
        Err(error) => return Err(error.into()),
    };
    let mut text = head(id, &model.info);
    input(&model, &mut text);
    output(&model, &mut text);
    corrections(&considered, &mut text);
    if !model.notes.is_empty() {
        text.push_str("\n## Not expressed exactly\n\n");
        for note in &model.notes {
            let _ = writeln!(text, "- `{}`: {}", note.pointer, note.text);
        }
    }
    Ok(text)
}

fn head(id: &str, info: &Info) -> String {
    let mut text = format!("# {id}\n\n");
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(text, "- {name}: {value}");
        }
    };
    let names = |capabilities: &[Capability]| -> Vec<String> {
        capabilities.iter().map(|capability| capability.name().to_lowercase()).collect()
    };
    line("task", Some(info.task.clone()));
    let mut can = info.capabilities.clone();
    can.sort_unstable();
    line("can", Some(names(&can).join(", ")));
    line("context window", info.context_window.map(|tokens| format!("{} tokens", count(tokens))));
    line(
        "reported context window",
        info.reported_context_window.map(|tokens| format!("{} tokens; the catalog disagrees", count(tokens))),
    );
    line("max input tokens", info.max_input_tokens.map(count));
    line("output dimensions", info.output_dimensions.map(count));
    line("prices", Some(list::prices(info)).filter(|prices| !prices.is_empty()).or(Some("none recorded".to_owned())));
    line("rate limit", info.requests_per_minute.map(|limit| format!("{} requests per minute", count(limit))));
    line("remarks", Some(list::remarks(info, None)));
    line("created", info.created.clone());
    line("languages", Some(info.languages.join(", ")));
    line("terms", info.terms.clone());
    text
}

fn input(model: &Model, text: &mut String) {
    let input = &model.input;
    text.push_str("\n## Input\n\n");
    let keys: Vec<&str> = input.alternatives.iter().map(|way| way.key.as_str()).collect();
    if !keys.is_empty() {
        let _ = writeln!(text, "Takes either `{}`.\n", keys.join("` or `"));
    }
    let body = match &input.body {
        Body::Json => None,
        Body::Form => Some("The body is a multipart form.".to_owned()),
        Body::Raw { field } => Some(format!("The body is `{field}` itself; other fields are query parameters.")),
        Body::Bytes { field } => Some(format!("The body is `{field}` itself over REST, and JSON over the binding.")),
    };
    let batch = match input.batch.as_ref().map(|batch| &batch.item) {
        Some(BatchItem::Input) => Some("Batch items are ordinary inputs.".to_owned()),
        Some(BatchItem::Type(index)) => {
            let name = model.types.get(*index).map_or("an object", |named| named.name.as_str());
            Some(format!("Batch items have their own type `{name}`."))
        }
        None => None,
    };
    for sentence in [body, batch].into_iter().flatten() {
        let _ = writeln!(text, "{sentence}\n");
    }
    let view = fields::from_model(model, Side::Input);
    text.push_str(&list_of(&view, &keys));
}

fn output(model: &Model, text: &mut String) {
    text.push_str("\n## Output\n\n");
    if let Some(kind) = &model.output.binary {
        let _ = writeln!(text, "Bytes: `{kind}`.\n");
    }
    if model.output.events {
        text.push_str("An event stream, if requested.\n\n");
    }
    if model.output.queued {
        text.push_str("A queue receipt, if a batch is sent.\n\n");
    }
    for answer in &model.output.json {
        if !matches!(answer.place.kind, workers_ai_catalog::Kind::Type(_)) {
            let name = if answer.name.is_empty() { String::new() } else { format!("`{}`: ", answer.name) };
            let _ = writeln!(text, "{name}{}.\n", fields::kind(model, &answer.place));
        }
    }
    text.push_str(&list_of(&fields::from_model(model, Side::Output), &[]));
}

/// Lists the fields, required ones first, with nested fields indented.
fn list_of(fields: &BTreeMap<String, View>, keys: &[&str]) -> String {
    let mut rows: Vec<(&String, &View)> = fields.iter().collect();
    rows.sort_by_key(|(path, _)| {
        let top = path.split(['.', '[', '<', '{']).next().unwrap_or_default();
        (fields.get(top).map_or(1, |view| u8::from(view.presence != Presence::Required)), top.to_owned())
    });
    let mut text = String::new();
    for (path, view) in rows {
        let indent = "  ".repeat(path.matches('.').count());
        let _ = writeln!(text, "{indent}- `{path}`: {}", facts(view, keys).join(", "));
        if let Some(doc) = &view.doc {
            let _ = writeln!(text, "{indent}  {}", doc.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        if let Some(why) = &view.why {
            let _ = writeln!(text, "{indent}  Required because {why}.");
        }
    }
    text
}

/// Returns the facts about a field, each in a few words.
fn facts(view: &View, keys: &[&str]) -> Vec<String> {
    let mut facts = vec![view.kind.clone()];
    facts.push(
        match view.presence {
            Presence::Required => "required",
            Presence::Defaulted => "sent by default",
            Presence::Optional => "optional",
        }
        .to_owned(),
    );
    if !view.alternatives.is_empty() && view.alternatives.len() < keys.len() {
        let with: Vec<&str> = view.alternatives.iter().filter_map(|way| keys.get(*way).copied()).collect();
        facts.push(format!("with `{}` only", with.join("`, `")));
    }
    facts.extend(fields::bounds(&view.bounds));
    if !view.values.is_empty() {
        let shown: Vec<String> = view.values.iter().take(12).map(|value| format!("`{value}`")).collect();
        let more = view.values.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        facts.push(format!("one of {}{more}", shown.join(" ")));
    }
    facts.extend(view.default.as_ref().map(|default| format!("default {default}")));
    facts.extend(view.name.as_ref().map(|name| format!("called `{name}` in Rust")));
    facts
}

fn corrections(considered: &[Considered], text: &mut String) {
    if considered.is_empty() {
        return;
    }
    text.push_str("\n## Corrections\n\n");
    // Corrections for all models that do not affect this one are omitted.
    let (idle, told): (Vec<_>, Vec<_>) = considered.iter().partition(|one| one.outcome == Outcome::NoPlace);
    let mut before = None;
    for one in told {
        // A place that is read twice is listed twice.
        if before.replace(one) == Some(one) {
            continue;
        }
        let outcome = match one.outcome {
            Outcome::Applied => "applied",
            Outcome::Adopted => "adopted by upstream",
            Outcome::Unexpected => "skipped, since its expectation does not hold",
            Outcome::NoPlace => "no such place",
        };
        let pointer = if one.pointer.is_empty() { "the model".to_owned() } else { format!("`{}`", one.pointer) };
        let Considered { correction, .. } = one;
        let _ = writeln!(
            text,
            "- {pointer}: {outcome}\n  why: {}\n  from: {}, {}",
            correction.reason, correction.source, correction.date
        );
    }
    if !idle.is_empty() {
        let _ = writeln!(text, "- {} more for places that do not exist in this model", idle.len());
    }
}
