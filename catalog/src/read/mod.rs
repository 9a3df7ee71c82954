//! Reads a model's document into the intermediate form.

mod input;
mod names;
mod output;
mod types;
mod unions;

use serde_json::Value;

use crate::{
    Batch, Body, Capability, Correction, Document, Error, Info, Kind, Model, correction::Effect, facts, schema::Node,
    shared::Shared,
};

/// The result of reading a model.
pub(crate) struct Read {
    pub(crate) model: Model,
    /// The type that the spelled-out shape was read as.
    pub(crate) spelled_as: Option<usize>,
}

pub(crate) fn model(
    document: &Document,
    shared: &Shared,
    corrections: &[&Correction],
    spelled: Option<&str>,
) -> Result<(Read, Vec<Effect>), Error> {
    let id = document.value.get("id").and_then(Value::as_str).unwrap_or_default();
    let root = Node::root(id, &document.value, shared, corrections)?;
    let mut info = facts::read(&root)?;
    let (Some(input), Some(output)) = (root.child("input")?, root.child("output")?) else {
        return Err(Error::NoSchema { id: id.to_owned() });
    };
    let mut types = types::Types::new(info.capabilities.contains(&Capability::Vision), spelled);
    let input = input::read(&mut types, &input, &facts::efforts(&root))?;
    let output = output::read(&mut types, &output)?;
    let can_stream =
        input.stream.is_some() || output.events || root.child("properties")?.is_some_and(|p| p.flag("streaming"));
    if can_stream {
        info.capabilities.push(Capability::Streaming);
    }
    let has_format = input.fields.iter().any(|field| {
        matches!(&field.place.kind, Kind::Shape(name) if name.ends_with("Format")) || field.wire == "guided_json"
    });
    let denied = root.child("properties")?.is_some_and(|p| p.get("json_mode") == Some(&Value::Bool(false)));
    if has_format && !denied {
        info.capabilities.push(Capability::JsonMode);
    }
    // Gateways do not forward forms.
    if input.body != Body::Form && info.capabilities.contains(&Capability::Run) {
        info.capabilities.push(Capability::GatewayCompatible);
    }
    info.capabilities.sort_unstable();
    let mut input = input;
    if info.capabilities.contains(&Capability::Batch) {
        input.batch.get_or_insert(Batch::Input);
    }
    let spelled_as = types.spelled_as;
    let model = Model { id: id.to_owned(), info, input, output, types: types.list, notes: types.notes };
    Ok((Read { model, spelled_as }, root.outcomes()))
}

/// Reads only a model's facts.
pub(crate) fn info(document: &Document, shared: &Shared, corrections: &[&Correction]) -> Result<Info, Error> {
    let id = document.value.get("id").and_then(Value::as_str).unwrap_or_default();
    facts::read(&Node::root(id, &document.value, shared, corrections)?)
}
