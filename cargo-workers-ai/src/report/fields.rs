//! A model's input and output as flat lists of fields, with everything that affects callers.

use std::collections::BTreeMap;

use workers_ai_catalog::{BatchItem, Bounds, Field, Form, Kind, Limit, Model, Place, Presence, Side};

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
    /// Its type.
    pub place: Place,
    /// Whether it is an object that keeps members that the schema does not name.
    pub open: bool,
}

/// Returns the fields of one side by path, such as `messages[].role`.
#[must_use]
pub fn from_model(model: &Model, side: Side) -> BTreeMap<String, View> {
    let mut walk = Walk { model, found: BTreeMap::new(), open: Vec::new() };
    match side {
        Side::Input => walk.fields("", &model.input.fields),
        Side::Output => {
            for answer in &model.output.json {
                walk.below(&prefix(&answer.name), &answer.place);
            }
        }
    }
    walk.found
}

/// Returns the fields of one side, the answers themselves, and the item of a batch with its fields.
#[must_use]
pub fn with_wholes(model: &Model, side: Side) -> BTreeMap<String, View> {
    let mut walk = Walk { model, found: from_model(model, side), open: Vec::new() };
    match side {
        Side::Input => {
            let Some(batch) = &model.input.batch else { return walk.found };
            let item = match batch.item {
                BatchItem::Type(index) => Kind::Type(index),
                BatchItem::Input => Kind::Object,
            };
            let place = Place {
                kind: item,
                bounds: Bounds::default(),
                nullable: false,
                inside: Vec::new(),
                unchecked: Vec::new(),
            };
            walk.whole(BATCH_ITEM, &place, Presence::Optional);
            walk.below(BATCH_ITEM, &place);
        }
        Side::Output => {
            for answer in &model.output.json {
                walk.whole(&prefix(&answer.name), &answer.place, Presence::Required);
            }
        }
    }
    walk.found
}

/// The path of an item of a batch.
const BATCH_ITEM: &str = "requests[]";

/// Returns the path of an answer.
fn prefix(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("<{name}>") }
}

/// Returns the bounds of the items of a place, by the path below it.
#[must_use]
pub fn items(place: &Place) -> Vec<(String, Bounds)> {
    let (item, step) = match &place.kind {
        Kind::List(item) | Kind::OneOrMany(item) => (item, "[]"),
        Kind::Map(value) => (value, ".*"),
        _ => return Vec::new(),
    };
    let below = items(item).into_iter().map(|(path, bounds)| (format!("{step}{path}"), bounds));
    let item = (step.to_owned(), item.bounds.clone());
    std::iter::once(item).chain(below).collect()
}

/// The end of the words for a type that can be null.
pub(super) const OR_NULL: &str = ", or null";

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
    if place.nullable { format!("{text}{OR_NULL}") } else { text }
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
    let number = |limit: Option<Limit>| limit.map(|limit| limit.to_string());
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
    texts.extend(bounds.exclusive_minimum.map(|limit| format!("above {limit}")));
    texts.extend(bounds.exclusive_maximum.map(|limit| format!("below {limit}")));
    texts.extend(bounds.multiple_of.map(|limit| format!("a multiple of {limit}")));
    texts.extend(bounds.unique_items.then(|| "no item twice".to_owned()));
    for (words, list) in bounds.demands.iter().flat_map(|demands| {
        [
            ("of the type", &demands.types),
            ("one of", &demands.equals),
            ("with", &demands.present),
            ("without", &demands.absent),
        ]
    }) {
        texts.extend((!list.is_empty()).then(|| format!("{words} `{}`", list.join("`, `"))));
    }
    texts.extend(bounds.pattern.as_ref().map(|pattern| format!("like `{pattern}`")));
    texts
}

struct Walk<'m> {
    model: &'m Model,
    found: BTreeMap<String, View>,
    /// The types that are being walked, so that recursive types end.
    open: Vec<usize>,
}

impl Walk<'_> {
    /// Adds a place that is no field: an answer, or an item of a batch.
    fn whole(&mut self, path: &str, place: &Place, presence: Presence) {
        let form = match place.kind {
            Kind::Type(index) => self.model.types.get(index).map(|named| &named.form),
            _ => None,
        };
        let kind = match (form, path) {
            // The type of an answer has the name of the model's output.
            (Some(Form::Object { .. }), _) => "object".to_owned(),
            (None, BATCH_ITEM) => "an ordinary input".to_owned(),
            _ => kind(self.model, place),
        };
        let view = View {
            place: place.clone(),
            open: self.is_open(place),
            presence,
            kind,
            bounds: place.bounds.clone(),
            values: values(self.model, place),
            default: None,
            name: None,
            doc: None,
            why: None,
            alternatives: Vec::new(),
        };
        self.found.insert(path.to_owned(), view);
    }

    fn is_open(&self, place: &Place) -> bool {
        let Kind::Type(index) = place.kind else { return false };
        matches!(self.model.types.get(index).map(|named| &named.form), Some(Form::Object { open: true, .. }))
    }

    fn fields(&mut self, prefix: &str, fields: &[Field]) {
        for field in fields {
            let path = if prefix.is_empty() { field.wire.clone() } else { format!("{prefix}.{}", field.wire) };
            let view = View {
                place: field.place.clone(),
                open: self.is_open(&field.place),
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

    fn below(&mut self, path: &str, place: &Place) {
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
