//! A model's input: alternatives, batch items, the way its body is made.

use serde_json::Value;

use super::types::{Types, is_required};
use crate::{
    Alternative, Batch, Body, Error, Field, Input, Kind, Place, Presence, Side, limits::MAX_ALTERNATIVES, schema::Node,
};

/// A branch that is an input by itself: the schemas that all hold for it, outermost first.
type Leaf<'a> = Vec<Node<'a>>;

pub(crate) fn read(types: &mut Types, node: &Node<'_>, efforts: &[String]) -> Result<Input, Error> {
    types.side = Side::Input;
    let mut leaves = Vec::new();
    collect(node, &[], &mut leaves)?;
    let mut input = Input { body: body(node), ..Input::default() };
    let (batches, mut leaves): (Vec<Leaf<'_>>, Vec<Leaf<'_>>) = leaves
        .into_iter()
        .partition(|leaf| leaf.iter().any(|node| node.get("properties").is_some_and(|p| p.get("requests").is_some())));
    let count = leaves.len();
    leaves.retain(|leaf| leaf.last().is_none_or(|node| node.text("type") != Some("string")));
    if leaves.is_empty() {
        return Err(node.error("no alternative of the input is an object"));
    }
    if leaves.len() > MAX_ALTERNATIVES {
        return Err(node.error(format!("the input has more than {MAX_ALTERNATIVES} alternatives")));
    }
    if leaves.len() < count {
        types.note(node, "the bytes alone are an input too; here they are a field");
    }
    fields(types, &leaves, &mut input)?;
    if let Some(batch) = batches.first() {
        input.batch = Some(batch_item(types, batch, &leaves)?);
    }
    input.open = node.get("additionalProperties").is_none_or(|more| more != &Value::Bool(false));
    keep_known_efforts(&mut input, efforts);
    for field in &input.fields {
        match (&field.place.kind, &mut input.body) {
            (Kind::Shape(shape), body) if shape == "RawBody" => *body = Body::Raw { field: field.wire.clone() },
            (Kind::Shape(shape), Body::Bytes { field: of }) if shape == "ByteArray" => of.clone_from(&field.wire),
            _ => {}
        }
    }
    Ok(input)
}

fn body(node: &Node<'_>) -> Body {
    match node.text("body") {
        Some("form") => Body::Form,
        Some("bytes") => Body::Bytes { field: String::new() },
        _ => Body::Json,
    }
}

/// Where the schema lists no efforts of its own, those of the catalog's property are the ones.
fn keep_known_efforts(input: &mut Input, efforts: &[String]) {
    for field in &mut input.fields {
        if field.wire == "reasoning_effort" && field.place.bounds.values.is_empty() {
            field.place.bounds.values = efforts.to_vec();
        }
    }
}

fn collect<'a>(node: &Node<'a>, above: &[Node<'a>], leaves: &mut Vec<Leaf<'a>>) -> Result<(), Error> {
    let mut chain = above.to_vec();
    chain.push(node.clone());
    for part in node.items("allOf")? {
        chain.push(part);
    }
    for union in ["oneOf", "anyOf"] {
        if node.get(union).is_some() {
            for branch in node.items(union)? {
                collect(&branch, &chain, leaves)?;
            }
            return Ok(());
        }
    }
    leaves.push(chain);
    Ok(())
}

fn properties<'a>(leaf: &[Node<'a>]) -> Result<Vec<(String, Node<'a>)>, Error> {
    let mut found: Vec<(String, Node<'a>)> = Vec::new();
    for node in leaf {
        for (name, child) in node.children("properties")? {
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, child));
            }
        }
    }
    Ok(found)
}

fn fields(types: &mut Types, leaves: &[Leaf<'_>], input: &mut Input) -> Result<(), Error> {
    let mut described = Vec::new();
    for leaf in leaves {
        described.push(properties(leaf)?);
    }
    let mut fields: Vec<Field> = Vec::new();
    let mut first_seen: Vec<&Node<'_>> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut keys: Vec<Option<String>> = Vec::new();
    for (index, (leaf, members)) in leaves.iter().zip(&described).enumerate() {
        for (wire, child) in members {
            if wire == "stream" {
                input.stream = Some(child.get("default").and_then(Value::as_bool).unwrap_or(false));
                continue;
            }
            let required = leaf.iter().any(|node| is_required(node, wire));
            if let Some(at) = names.iter().position(|name| name == wire) {
                fields[at].alternatives.push(index);
                if !same(first_seen[at], child) {
                    types.note(
                        child,
                        format!("`{wire}` differs between the alternatives; the first one's form is taken"),
                    );
                }
                let presence = types.presence(child, wire.clone(), required)?;
                if presence != fields[at].presence {
                    types.note(child, format!("`{wire}` is required in some alternatives only"));
                    fields[at].presence = Presence::Optional;
                }
                continue;
            }
            let mut field = types.field(child, wire.clone(), required, &[])?;
            field.alternatives.push(index);
            let sent_always =
                described.iter().all(|others| others.iter().any(|(name, of)| name == wire && same(of, child)));
            if let (Kind::Constant(value), false) = (&field.place.kind, sent_always) {
                types.note(child, format!("may only be {value}, in some alternatives only"));
                field.place.kind = kind_of(value);
            }
            fields.push(field);
            first_seen.push(child);
            names.push(wire);
        }
        let own = |required: bool| {
            members.iter().find(|(wire, _)| {
                wire != "stream"
                    && described
                        .iter()
                        .enumerate()
                        .all(|(at, others)| at == index || !others.iter().any(|(name, _)| name == wire))
                    && (!required || leaf.iter().any(|node| is_required(node, wire)))
            })
        };
        keys.push(own(true).or_else(|| own(false)).map(|(wire, _)| wire.clone()));
    }
    if leaves.len() > 1 {
        for (leaf, key) in leaves.iter().zip(&keys) {
            let Some(last) = leaf.last() else { continue };
            let Some(key) = key else {
                return Err(last.error("this alternative of the input has no field of its own"));
            };
            let key = names.iter().position(|name| name == key).map_or(key, |at| &fields[at].name);
            let output = last.get("output").and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
            input.alternatives.push(Alternative { key: key.clone(), output });
        }
        for field in &mut fields {
            if field.alternatives.len() == leaves.len() {
                field.alternatives.clear();
            } else if input.alternatives.iter().any(|alternative| alternative.key == field.name) {
                field.presence = Presence::Required;
            }
        }
    } else {
        for field in &mut fields {
            field.alternatives.clear();
        }
    }
    fields.sort_by_key(|field| field.presence != Presence::Required);
    input.fields = fields;
    Ok(())
}

/// The kind of a constant that is not the same everywhere.
fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Integer,
        _ => Kind::String,
    }
}

/// Whether two places have the same schema, as far as types go.
fn same(a: &Node<'_>, b: &Node<'_>) -> bool {
    std::ptr::eq(a.raw(), b.raw()) || a.raw() == b.raw() || a.structure() == b.structure()
}

fn batch_item(types: &mut Types, batch: &Leaf<'_>, leaves: &[Leaf<'_>]) -> Result<Batch, Error> {
    let Some((_, requests)) = properties(batch)?.into_iter().find(|(name, _)| name == "requests") else {
        return Ok(Batch::Input);
    };
    let Some(items) = requests.child("items")? else { return Ok(Batch::Input) };
    let mut item_leaves = Vec::new();
    collect(&items, &[], &mut item_leaves)?;
    let known =
        |leaf: &Leaf<'_>| leaves.iter().any(|of| matches!((of.last(), leaf.last()), (Some(a), Some(b)) if same(a, b)));
    if item_leaves.iter().all(known) {
        return Ok(Batch::Input);
    }
    let [one] = item_leaves.as_slice() else {
        types.note(&items, "the items of a batch differ from an ordinary input; ordinary inputs are taken");
        return Ok(Batch::Input);
    };
    let before = types.list.len();
    let mut place: Place = types.object(one, &["request".to_owned()])?;
    if let Kind::Type(index) = &mut place.kind {
        if let Some(crate::Form::Object { fields, .. }) = types.list.get_mut(*index).map(|known| &mut known.form) {
            fields.retain(|field| !matches!(field.wire.as_str(), "stream" | "external_reference"));
        }
        return Ok(Batch::Type(*index));
    }
    types.list.truncate(before);
    Ok(Batch::Input)
}
