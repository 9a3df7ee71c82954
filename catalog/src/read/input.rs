//! Reads a model's input: its alternatives, batch items and request body.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    alternatives::{self, Leaf},
    types::Types,
};
use crate::{
    Batch, BatchItem, Body, Error, Input, Kind, Side,
    limits::{MAX_ALTERNATIVES, MAX_PLACES},
    schema::Node,
};

/// Reads the input, and the names of the outputs that its alternatives have.
pub(crate) fn read(
    types: &mut Types,
    node: &Node<'_>,
    efforts: &[String],
) -> Result<(Input, Vec<Option<String>>), Error> {
    types.side = Side::Input;
    if node.is_never() {
        return Err(node.error("nothing is valid here"));
    }
    let mut input = Input { body: body(node), ..Input::default() };
    let (batches, mut leaves): (Vec<Node<'_>>, Vec<Node<'_>>) =
        collect(node)?.into_iter().partition(|leaf| leaf.has_member("requests"));
    let count = leaves.len();
    leaves.retain(|leaf| leaf.types().map_or(true, |(types, _)| types.is_empty() || types.contains(&"object")));
    if leaves.is_empty() {
        return Err(node.error("no alternative of the input is an object"));
    }
    if leaves.len() < count {
        types.note(node, "the bytes alone are a valid input too; they are represented as a field");
    }
    let ways = leaves.iter().cloned().map(|leaf| Leaf::new(types, leaf)).collect::<Result<Vec<_>, Error>>()?;
    let ways = alternatives::distinct(types, ways);
    if ways.leaves.len() > MAX_ALTERNATIVES {
        return Err(node.error(format!("the input has more than {MAX_ALTERNATIVES} alternatives")));
    }
    alternatives::fields(types, &ways, &mut input)?;
    let outputs = ways.leaves.iter().map(|leaf| leaf.node.note("output").map(str::to_owned)).collect();
    input.batch = batches.first().map(|batch| read_batch(types, batch, &leaves)).transpose()?;
    let others = node.child("additionalProperties")?;
    input.open = others.as_ref().is_none_or(|others| !others.is_never());
    if others.is_some_and(|others| !others.is_never() && others.raw() != &Value::Bool(true)) {
        types.note(node, "not checked: `additionalProperties`");
    }
    keep_known_efforts(&mut input, efforts);
    for field in &input.fields {
        match (&field.place.kind, &mut input.body) {
            (Kind::Shape(shape), body) if shape == "RawBody" => *body = Body::Raw { field: field.wire.clone() },
            (Kind::Shape(shape), Body::Bytes { field: of }) if shape == "ByteArray" => of.clone_from(&field.wire),
            _ => {}
        }
    }
    Ok((input, outputs))
}

fn body(node: &Node<'_>) -> Body {
    match node.note("body") {
        Some("form") => Body::Form,
        Some("bytes") => Body::Bytes { field: String::new() },
        _ => Body::Json,
    }
}

/// Takes the efforts from the catalog's property if the schema lists none.
fn keep_known_efforts(input: &mut Input, efforts: &[String]) {
    for field in &mut input.fields {
        if field.wire == "reasoning_effort" && field.place.bounds.values.is_empty() {
            field.place.bounds.values = efforts.to_vec();
        }
    }
}

/// Returns the alternatives of a schema.
fn collect<'a>(node: &Node<'a>) -> Result<Vec<Node<'a>>, Error> {
    if !node.has_alternatives() {
        return Ok(vec![node.clone()]);
    }
    let mut leaves = Vec::new();
    for branch in node.alternatives_of_input()? {
        leaves.extend(collect(&branch)?);
        if leaves.len() > MAX_PLACES {
            return Err(node.error("the input has too many alternatives"));
        }
    }
    Ok(leaves)
}

fn read_batch<'a>(types: &mut Types, batch: &Node<'a>, leaves: &[Node<'a>]) -> Result<Batch, Error> {
    let requests = batch.children("properties")?.into_iter().find(|(name, _)| name == "requests");
    let Some((_, requests)) = requests else { return Err(batch.error("a batch has no `requests`")) };
    let bounds = requests.bounds();
    let item = match requests.child("items")? {
        Some(items) => batch_item(types, &items, leaves)?,
        None => BatchItem::Input,
    };
    Ok(Batch { item, bounds, described: true })
}

/// Returns whether an input of a batch is an ordinary input, of which the schema describes less.
fn is_like(item: &Node<'_>, ordinary: &Node<'_>) -> Result<bool, Error> {
    let names = |node: &Node<'_>| -> Result<BTreeSet<String>, Error> {
        Ok(node.children("properties")?.into_iter().map(|(name, _)| name).collect())
    };
    let (mut item_names, ordinary_names) = (names(item)?, names(ordinary)?);
    item_names.retain(|name| !of_batch(name));
    let needed = ordinary.required();
    Ok(!item_names.is_empty()
        && item_names.is_subset(&ordinary_names)
        && item.required().iter().all(|name| needed.contains(name) || of_batch(name))
        && needed.iter().all(|name| item_names.contains(*name)))
}

/// Returns whether a member of an input of a batch concerns the batch.
fn of_batch(name: &str) -> bool {
    matches!(name, "stream" | "external_reference")
}

fn batch_item<'a>(types: &mut Types, items: &Node<'a>, leaves: &[Node<'a>]) -> Result<BatchItem, Error> {
    let item_leaves = collect(items)?;
    if item_leaves.iter().all(|leaf| leaves.iter().any(|of| of.is_same(leaf))) {
        return Ok(BatchItem::Input);
    }
    let mut likes = Vec::new();
    for leaf in &item_leaves {
        for (at, of) in leaves.iter().enumerate() {
            if is_like(leaf, of)? {
                likes.push(at);
            }
        }
    }
    if likes.len() >= item_leaves.len() && (0..leaves.len()).all(|at| likes.contains(&at)) {
        types.note(
            items,
            "the inputs of a batch are described with less than an ordinary input; ordinary inputs are used",
        );
        return Ok(BatchItem::Input);
    }
    let [one] = item_leaves.as_slice() else {
        types.note(items, "the items of a batch differ from an ordinary input; ordinary inputs are used");
        return Ok(BatchItem::Input);
    };
    let before = types.list.len();
    let mut place = types.object(one, &["request".to_owned()])?;
    if let Kind::Type(index) = &mut place.kind {
        if let Some(crate::Form::Object { fields, .. }) = types.list.get_mut(*index).map(|known| &mut known.form) {
            fields.retain(|field| !of_batch(&field.wire));
        }
        return Ok(BatchItem::Type(*index));
    }
    types.list.truncate(before);
    Ok(BatchItem::Input)
}
