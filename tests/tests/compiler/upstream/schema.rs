//! A model's document with all schemas in place, and edits of it.

use serde_json::{Map, Value};

/// The file of a model, with shared parts inlined.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Document(pub(super) Value);

pub(super) type Object = Map<String, Value>;

impl Document {
    /// Edits every schema of the input, innermost first, with its path: `messages[].content`. Alternatives have the path of
    /// what they are alternatives of. Returns whether an edit said that it changed something.
    pub(super) fn edit_input(&mut self, edit: impl FnMut(&str, &mut Object) -> bool) -> bool {
        self.edit("input", edit)
    }

    /// Edits every schema of the output.
    pub(super) fn edit_output(&mut self, edit: impl FnMut(&str, &mut Object) -> bool) -> bool {
        self.edit("output", edit)
    }

    fn edit(&mut self, side: &str, mut edit: impl FnMut(&str, &mut Object) -> bool) -> bool {
        self.0.get_mut(side).is_some_and(|schema| each(schema, "", &mut edit))
    }

    pub(super) fn side(&mut self, side: &str) -> &mut Value {
        &mut self.0[side]
    }

    pub(super) fn property(&mut self, name: &str) -> &mut Value {
        &mut self.0["properties"][name]
    }

    /// Returns whether the model takes images. One family lacks the flag, and a correction adds it.
    pub(super) fn sees(&self) -> bool {
        self.0["properties"]["vision"] == true || self.0["id"].as_str().is_some_and(|id| id.contains("deepseek-v4"))
    }

    /// Returns whether the input takes a field, in any alternative.
    pub(super) fn takes(&self, field: &str) -> bool {
        self.clone().edit_input(|path, _| path == field)
    }
}

/// Edits a schema and all below it. Returns whether anything changed.
fn each(schema: &mut Value, path: &str, edit: &mut impl FnMut(&str, &mut Object) -> bool) -> bool {
    let Value::Object(members) = schema else { return false };
    let mut changed = false;
    for union in ["oneOf", "anyOf", "allOf"] {
        for branch in members.get_mut(union).and_then(Value::as_array_mut).into_iter().flatten() {
            changed |= each(branch, path, edit);
        }
    }
    for (name, member) in members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        // An input of a batch is an input.
        let path = if path == "requests" { String::new() } else { path };
        changed |= each(member, &path, edit);
    }
    if let Some(items) = members.get_mut("items") {
        changed |= each(items, &if path.is_empty() { String::new() } else { format!("{path}[]") }, edit);
    }
    if let Some(values) = members.get_mut("additionalProperties") {
        changed |= each(values, &format!("{path}.*"), edit);
    }
    changed | edit(path, members)
}

/// Returns the members that an object declares.
pub(super) fn members(schema: &mut Object) -> Option<&mut Object> {
    schema.get_mut("properties").and_then(Value::as_object_mut)
}

/// Returns whether a schema has a type.
pub(super) fn is(schema: &Object, kind: &str) -> bool {
    schema.get("type").and_then(Value::as_str) == Some(kind)
}

/// Returns the texts that a schema is limited to.
pub(super) fn texts(schema: &mut Object) -> Option<&mut Vec<Value>> {
    let values = schema.get_mut("enum")?.as_array_mut()?;
    values.iter().any(Value::is_string).then_some(values)
}

/// Returns whether a schema has alternatives.
pub(super) fn has_alternatives(schema: &Object) -> bool {
    schema.contains_key("oneOf") || schema.contains_key("anyOf")
}

/// Returns whether an object is an ordinary input, not the envelope of a batch.
pub(super) fn is_input(path: &str, schema: &Object) -> bool {
    let members = schema.get("properties").and_then(Value::as_object);
    path.is_empty() && members.is_some_and(|members| !members.contains_key("requests"))
}
