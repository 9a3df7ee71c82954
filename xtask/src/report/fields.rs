//! A model's input and output as flat lists of fields, with everything that affects callers.

use std::collections::BTreeMap;

use workers_ai_catalog::{Bounds, Field, Form, Kind, Model, Place, Presence, Side};

/// The field at a path of an input or output.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its presence.
    pub presence: Presence,
    /// Its type in words.
    pub kind: String,
    /// Its bounds.
    pub bounds: Bounds,
    /// The allowed values, if they are listed.
    pub values: Vec<String>,
    /// The default, as JSON.
    pub default: Option<String>,
    /// The Rust name, if it differs from the wire name.
    pub name: Option<String>,
    /// Its description.
    pub doc: Option<String>,
    /// The reason of the correction that makes it required.
    pub why: Option<String>,
    /// The alternatives that have it, or none if all have it.
    pub alternatives: Vec<usize>,
}

/// Returns the fields of one side by path, such as `messages[].role`.
#[must_use]
pub fn from_model(model: &Model, side: Side) -> BTreeMap<String, View> {
    let mut walk = Walk { model, found: BTreeMap::new(), open: Vec::new() };
    match side {
        Side::Input => walk.fields("", &model.input.fields),
        Side::Output => {
            for answer in &model.output.json {
                let prefix = if answer.name.is_empty() { String::new() } else { format!("<{}>", answer.name) };
                walk.below(&prefix, &answer.place);
            }
        }
    }
    walk.found
}

/// Returns the type of a place in words.
#[must_use]
pub fn kind(model: &Model, place: &Place) -> String {
    let text = match &place.kind {
        Kind::Boolean => "boolean".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::String => "string".to_owned(),
        Kind::Json => "any JSON".to_owned(),
        Kind::Object => "any object".to_owned(),
        Kind::Constant(value) => format!("always {value}"),
        Kind::List(item) => format!("list of {}", kind(model, item)),
        Kind::Map(value) => format!("map of {}", kind(model, value)),
        Kind::OneOrMany(item) => format!("{0}, or list of {0}", kind(model, item)),
        Kind::Shape(name) => name.clone(),
        Kind::Type(index) => match model.types.get(*index) {
            Some(named) => match &named.form {
                Form::Object { .. } => format!("object `{}`", named.name),
                Form::Enum { .. } => "one of several strings".to_owned(),
                Form::Union { variants } => {
                    let mut ways: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
                    ways.sort_unstable();
                    format!("either {}", ways.join(" or "))
                }
            },
            None => "unknown".to_owned(),
        },
    };
    if place.nullable { format!("{text}, or null") } else { text }
}

/// Returns the values that a place allows, if they are listed.
#[must_use]
pub fn values(model: &Model, place: &Place) -> Vec<String> {
    match &place.kind {
        Kind::Type(index) => match model.types.get(*index).map(|named| &named.form) {
            Some(Form::Enum { values }) => values.clone(),
            _ => place.bounds.values.clone(),
        },
        Kind::List(item) | Kind::OneOrMany(item) | Kind::Map(item) => values(model, item),
        _ => place.bounds.values.clone(),
    }
}

/// Returns bounds in words, such as `1 to 8`.
#[must_use]
pub fn bounds(bounds: &Bounds) -> Vec<String> {
    fn range(from: Option<String>, to: Option<String>, what: &str) -> Option<String> {
        match (from, to) {
            (Some(from), Some(to)) => Some(format!("{from} to {to}{what}")),
            (Some(from), None) if from == "1" && what == " characters" => Some("not empty".to_owned()),
            (Some(from), None) => Some(format!("at least {from}{what}")),
            (None, Some(to)) => Some(format!("at most {to}{what}")),
            (None, None) => None,
        }
    }
    let number = |number: Option<f64>| number.map(|number| number.to_string());
    let count = |count: Option<u64>| count.map(|count| count.to_string());
    let mut texts: Vec<String> = [
        range(number(bounds.minimum), number(bounds.maximum), ""),
        range(count(bounds.min_length), count(bounds.max_length), " characters"),
        range(count(bounds.min_items), count(bounds.max_items), " items"),
        range(count(bounds.min_members), count(bounds.max_members), " members"),
    ]
    .into_iter()
    .flatten()
    .collect();
    texts.extend(bounds.pattern.as_ref().map(|pattern| format!("like `{pattern}`")));
    texts
}

struct Walk<'m> {
    model: &'m Model,
    found: BTreeMap<String, View>,
    /// The types that are being walked, so that recursive types end.
    open: Vec<usize>,
}

impl<'m> Walk<'m> {
    fn fields(&mut self, prefix: &str, fields: &'m [Field]) {
        for field in fields {
            let path = if prefix.is_empty() { field.wire.clone() } else { format!("{prefix}.{}", field.wire) };
            let view = View {
                presence: field.presence,
                kind: kind(self.model, &field.place),
                bounds: field.place.bounds.clone(),
                values: values(self.model, &field.place),
                default: field.default.as_ref().map(ToString::to_string),
                name: Some(field.name.clone()).filter(|name| *name != field.wire),
                doc: field.doc.as_ref().map(|doc| doc.as_str().to_owned()),
                why: field.why.clone(),
                alternatives: field.alternatives.clone(),
            };
            self.found.insert(path.clone(), view);
            self.below(&path, &field.place);
        }
    }

    fn below(&mut self, path: &str, place: &'m Place) {
        match &place.kind {
            Kind::List(item) | Kind::OneOrMany(item) => self.below(&format!("{path}[]"), item),
            Kind::Map(value) => self.below(&format!("{path}{{}}"), value),
            Kind::Type(index) if !self.open.contains(index) => {
                let Some(named) = self.model.types.get(*index) else { return };
                self.open.push(*index);
                match &named.form {
                    Form::Object { fields, .. } => self.fields(path, fields),
                    Form::Union { variants } => {
                        for variant in variants {
                            self.below(&format!("{path}<{}>", variant.name), &variant.place);
                        }
                    }
                    Form::Enum { .. } => {}
                }
                self.open.pop();
            }
            _ => {}
        }
    }
}
