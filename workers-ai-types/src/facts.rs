//! All that a call needs to know about a model, and how the models of a set differ.

use serde_json::Value;

use crate::{
    fields::{FieldValue, FileJson},
    info::ModelInfo,
    rules::Rule,
    wire::{BodyKind, Wire},
};

/// A model's ID, the catalog's facts about it, and the rules that its inputs are checked against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelFacts {
    /// The ID.
    pub id: &'static str,
    /// The catalog's facts.
    pub info: &'static ModelInfo,
    /// The rules that inputs are checked against.
    pub rules: &'static [Rule],
    variation: Option<&'static Variation>,
}

impl ModelFacts {
    /// Creates the facts of a model.
    #[must_use]
    pub const fn new(id: &'static str, info: &'static ModelInfo, rules: &'static [Rule]) -> Self {
        Self { id, info, rules, variation: None }
    }

    /// Replaces the ID, for a model of your own with the types of another.
    #[must_use]
    pub const fn with_id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    /// Sets how inputs of the model's set are sent to it.
    #[doc(hidden)]
    #[must_use]
    pub const fn varied(self, variation: &'static Variation) -> Self {
        Self { variation: Some(variation), ..self }
    }

    pub(crate) const fn variation(&self) -> Option<&'static Variation> {
        self.variation
    }

    /// Converts a response format to the form that the model takes.
    #[doc(hidden)]
    #[must_use]
    pub fn response_format(&self, format: Value) -> Value {
        match self.variation {
            Some(variation) if variation.native_format => native(format),
            _ => format,
        }
    }
}

/// How an input that all models of a set take is sent to one of them.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variation {
    /// How a body is built from the input.
    pub body: BodyKind,
    /// Whether the service streams the output by default.
    pub streams_by_default: bool,
    /// The members with another name, each with that name.
    pub renamed: &'static [(&'static str, &'static str)],
    /// The members that are sent unless the input has them, as JSON.
    pub sent: &'static [(&'static str, &'static str)],
    /// The files that are written in another way inside JSON.
    pub files: &'static [(&'static str, FileJson)],
    /// Whether the response format is sent without the schema's name.
    pub native_format: bool,
}

impl Variation {
    /// Returns the name of a member on the wire.
    pub(crate) fn name(&self, member: &'static str) -> &'static str {
        self.renamed.iter().find(|(name, _)| *name == member).map_or(member, |(_, own)| own)
    }

    /// Returns the value of a member, if it is sent in another form.
    pub(crate) fn value<T: Wire + ?Sized>(&self, member: &str, value: &T) -> Option<FieldValue> {
        if let Some((_, json)) = self.files.iter().find(|(name, _)| *name == member) {
            return Some(FieldValue::File(value.as_media()?.clone(), *json));
        }
        if self.native_format && member == "response_format" {
            return Some(FieldValue::Json(native(value.to_json().ok()?)));
        }
        None
    }
}

/// Returns a response format with its schema as it is, instead of in an envelope with a name.
fn native(mut format: Value) -> Value {
    let envelope = format.get_mut("json_schema");
    if let Some(envelope) = envelope
        && let Some(schema) = envelope.get_mut("schema").map(Value::take)
    {
        *envelope = schema;
    }
    format
}
