//! Reads a model's document into the intermediate form.

mod alternatives;
mod input;
mod names;
mod output;
mod types;
mod unions;

use serde_json::Value;

use crate::{
    Batch, BatchItem, Body, Bounds, Capability, Correction, Decision, Document, Error, Info, Input, Kind, Model,
    Output, ShapePlace,
    correction::Effect,
    facts,
    schema::Node,
    shapes::{self, Decided},
    shared::Shared,
};

/// The result of reading a model.
pub(crate) struct Read<'a> {
    pub(crate) model: Model,
    pub(crate) effects: Vec<Effect>,
    root: Node<'a>,
}

impl Read<'_> {
    /// Returns the decisions about shared types that were not made ahead.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        self.root.decisions()
    }

    /// Returns the places that shared types stand for.
    pub(crate) fn shapes(&self) -> Vec<ShapePlace> {
        self.root.shapes()
    }
}

pub(crate) fn model<'a>(
    document: &'a Document,
    shared: &'a Shared,
    decided: &'a Decided,
    corrections: &[&'a Correction],
) -> Result<Read<'a>, Error> {
    let id = document.value.get("id").and_then(Value::as_str).unwrap_or_default();
    let root = Node::root(id, &document.value, shared, decided, corrections)?;
    let mut info = facts::read(&root)?;
    let (Some(input), Some(output)) = (root.child("input")?, root.child("output")?) else {
        return Err(Error::NoSchema { id: id.to_owned(), catalog: Box::default() });
    };
    let mut types = types::Types::new(info.capabilities.contains(&Capability::Vision));
    let (mut input, outputs) = input::read(&mut types, &input, &facts::efforts(&root))?;
    let output = output::read(&mut types, &output)?;
    for (alternative, name) in input.alternatives.iter_mut().zip(outputs) {
        alternative.output = name.and_then(|name| output.json.iter().position(|answer| answer.name == name));
    }
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
    if output.json.iter().any(|answer| answer.place.kind == Kind::Shape("Embeddings".to_owned())) {
        info.capabilities.push(Capability::TextEmbedding);
    }
    // Gateways do not forward forms.
    if input.body != Body::Form && info.capabilities.contains(&Capability::Run) {
        info.capabilities.push(Capability::GatewayCompatible);
    }
    info.capabilities.sort_unstable();
    if info.capabilities.contains(&Capability::Batch) {
        input.batch.get_or_insert(Batch { item: BatchItem::Input, bounds: Bounds::default(), described: false });
    }
    let model = Model { id: id.to_owned(), info, input, output, types: types.list, notes: types.notes };
    Ok(Read { model, effects: root.outcomes(), root })
}

/// Reads what a shared type sends or reads, as the type of a model, and returns its index.
pub(crate) fn shape(name: &str) -> Result<(Model, usize), Error> {
    let shape = shapes::shape(name)?;
    let (document, decided) = (serde_json::Value::Null, Decided::default());
    let root = Node::root(name, &document, &Shared::Embedded, &decided, &[])?;
    let mut types = types::Types::new(false);
    types.side = shape.side;
    let place = types.place(&root.elsewhere(shape.schema().0), &[name.to_owned()])?;
    let Kind::Type(index) = place.kind else { return Err(root.error("the shape is not a type")) };
    let model = Model {
        id: name.to_owned(),
        info: Info::default(),
        input: Input::default(),
        output: Output::default(),
        types: types.list,
        notes: types.notes,
    };
    Ok((model, index))
}

/// Reads only a model's facts.
pub(crate) fn info(document: &Document, shared: &Shared, corrections: &[&Correction]) -> Result<Info, Error> {
    let id = document.value.get("id").and_then(Value::as_str).unwrap_or_default();
    facts::read(&Node::root(id, &document.value, shared, &Decided::default(), corrections)?)
}
