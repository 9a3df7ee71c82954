//! Reads a model's input: its alternatives, batch items and request body.

use serde_json::Value;

use super::types::{Types, is_required};
use crate::{
    Alternative, Batch, Body, Error, Field, Input, Kind, Place, Presence, Side,
    limits::{MAX_ALTERNATIVES, MAX_PLACES},
    schema::Node,
};

/// One alternative of the input: the schemas that all apply to it, outermost first.
type Leaf<'a> = Vec<Node<'a>>;

/// Reads the input, and the names of the outputs that its alternatives have.
pub(crate) fn read(
    types: &mut Types,
    node: &Node<'_>,
    efforts: &[String],
) -> Result<(Input, Vec<Option<String>>), Error> {
    types.side = Side::Input;
    let leaves = collect(node)?;
    let mut input = Input { body: body(node), ..Input::default() };
    let (batches, mut leaves): (Vec<Leaf<'_>>, Vec<Leaf<'_>>) = leaves
        .into_iter()
        .partition(|leaf| leaf.iter().any(|node| node.get("properties").is_some_and(|p| p.get("requests").is_some())));
    let count = leaves.len();
    leaves.retain(|leaf| leaf.last().is_none_or(|node| node.type_name() != Some("string")));
    if leaves.is_empty() {
        return Err(node.error("no alternative of the input is an object"));
    }
    if leaves.len() > MAX_ALTERNATIVES {
        return Err(node.error(format!("the input has more than {MAX_ALTERNATIVES} alternatives")));
    }
    if leaves.len() < count {
        types.note(node, "the bytes alone are a valid input too; they are represented as a field");
    }
    fields(types, &leaves, &mut input)?;
    let output = |leaf: &Leaf<'_>| leaf.last().and_then(|node| node.text("output")).map(str::to_owned);
    let outputs = leaves.iter().map(output).collect();
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
    Ok((input, outputs))
}

fn body(node: &Node<'_>) -> Body {
    match node.text("body") {
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
fn collect<'a>(node: &Node<'a>) -> Result<Vec<Leaf<'a>>, Error> {
    let mut leaves = vec![vec![node.clone()]];
    for part in node.items("allOf")? {
        leaves = combine(&leaves, &collect(&part)?, node)?;
    }
    for union in ["oneOf", "anyOf"] {
        let mut branches = Vec::new();
        for branch in node.items(union)? {
            branches.extend(collect(&branch)?);
        }
        if !branches.is_empty() {
            leaves = combine(&leaves, &branches, node)?;
        }
    }
    Ok(leaves)
}

/// Returns the combinations of alternatives that apply together.
fn combine<'a>(outer: &[Leaf<'a>], inner: &[Leaf<'a>], node: &Node<'a>) -> Result<Vec<Leaf<'a>>, Error> {
    if outer.len() * inner.len() > MAX_PLACES {
        return Err(node.error("the input has too many alternatives"));
    }
    Ok(outer.iter().flat_map(|outer| inner.iter().map(|inner| [outer.as_slice(), inner].concat())).collect())
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

/// Reads the fields of all alternatives.
fn fields(types: &mut Types, leaves: &[Leaf<'_>], input: &mut Input) -> Result<(), Error> {
    let mut members = Vec::new();
    for leaf in leaves {
        members.push(properties(leaf)?);
    }
    let mut merged = Merged { members: &members, fields: Vec::new(), wires: Vec::new(), schemas: Vec::new() };
    for (index, (leaf, own)) in leaves.iter().zip(&members).enumerate() {
        for (wire, schema) in own {
            if wire == "stream" {
                input.stream = Some(schema.get("default").and_then(Value::as_bool).unwrap_or(false));
                continue;
            }
            let required = leaf.iter().any(|node| is_required(node, wire));
            match merged.wires.iter().position(|known| known == wire) {
                Some(at) => merged.repeat(types, at, index, schema, required)?,
                None => merged.add(types, index, wire, schema, required)?,
            }
        }
    }
    if leaves.len() > 1 {
        for (index, leaf) in leaves.iter().enumerate() {
            input.alternatives.extend(merged.alternative(index, leaf)?);
        }
    }
    input.fields = merged.finish(leaves.len(), &input.alternatives);
    Ok(())
}

/// The fields that an input is about, of which an alternative is selected by the first.
const MAIN: [&str; 8] = ["messages", "prompt", "text", "input", "image", "audio", "contexts", "query"];

/// The fields of all alternatives read so far.
struct Merged<'m, 'a> {
    /// The members of each alternative.
    members: &'m [Vec<(String, Node<'a>)>],
    fields: Vec<Field>,
    /// The wire name of each field, and the schema that it was read from.
    wires: Vec<&'m str>,
    schemas: Vec<&'m Node<'a>>,
}

impl<'m, 'a> Merged<'m, 'a> {
    /// Adds a field that no alternative before had.
    fn add(
        &mut self,
        types: &mut Types,
        index: usize,
        wire: &'m str,
        schema: &'m Node<'a>,
        required: bool,
    ) -> Result<(), Error> {
        let mut field = types.field(schema, wire.to_owned(), required, &[])?;
        field.alternatives.push(index);
        let everywhere = self.members.iter().flatten().all(|(name, other)| name != wire || same(other, schema));
        if let (Kind::Constant(value), false) = (&field.place.kind, everywhere) {
            types.note(
                schema,
                format!("must be {value} in some alternatives and something else in others; any value is accepted"),
            );
            field.place.kind = kind_of(value);
        }
        self.fields.push(field);
        self.wires.push(wire);
        self.schemas.push(schema);
        Ok(())
    }

    /// Notes that another alternative has the field at a position too.
    fn repeat(
        &mut self,
        types: &mut Types,
        at: usize,
        index: usize,
        schema: &Node<'_>,
        required: bool,
    ) -> Result<(), Error> {
        let wire = self.wires[at];
        let field = &mut self.fields[at];
        field.alternatives.push(index);
        if !same(self.schemas[at], schema) {
            types.note(schema, format!("`{wire}` differs between the alternatives; the first one is used"));
        }
        if types.presence(schema, wire.to_owned(), required)? != field.presence {
            types.note(schema, format!("`{wire}` is required in some alternatives only; it is optional"));
            field.presence = Presence::Optional;
        }
        Ok(())
    }

    /// Returns an alternative, which is selected by a field that no other has: one that the input is about, or a required one.
    fn alternative(&self, index: usize, leaf: &Leaf<'_>) -> Result<Option<Alternative>, Error> {
        let Some(last) = leaf.last() else { return Ok(None) };
        let own = self.members[index].iter().filter(|(wire, _)| {
            let mut others = self.members.iter().enumerate().filter(|(at, _)| *at != index);
            wire != "stream" && !others.any(|(_, others)| others.iter().any(|(name, _)| name == wire))
        });
        // A constant is sent in any case: it selects nothing.
        let choice = |wire: &str| {
            let field = self.wires.iter().position(|name| *name == wire).and_then(|at| self.fields.get(at));
            field.is_some_and(|field| !matches!(field.place.kind, Kind::Constant(_)))
        };
        let rank = |(wire, schema): &&(String, Node<'_>)| {
            let required = schema.flag("required") || leaf.iter().any(|node| is_required(node, wire));
            let main = MAIN.iter().position(|name| name == wire);
            (!choice(wire), !required, main.is_none(), main)
        };
        let Some((wire, _)) = own.min_by_key(rank).filter(|(wire, _)| choice(wire)) else {
            return Err(last.error("this alternative of the input has no field of its own"));
        };
        let key = self.wires.iter().position(|name| name == wire).map_or(wire, |at| &self.fields[at].name);
        Ok(Some(Alternative { key: key.clone(), output: None }))
    }

    /// Returns the fields, required ones first. The field that selects an alternative is required there.
    fn finish(mut self, count: usize, alternatives: &[Alternative]) -> Vec<Field> {
        for field in &mut self.fields {
            if field.alternatives.len() == count {
                field.alternatives.clear();
            } else if alternatives.iter().any(|alternative| alternative.key == field.name) {
                field.presence = Presence::Required;
            }
        }
        self.fields.sort_by_key(|field| field.presence != Presence::Required);
        self.fields
    }
}

/// Returns the kind of a constant that only some alternatives have.
fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Integer,
        _ => Kind::String,
    }
}

/// Returns whether two places have schemas of the same structure.
fn same(a: &Node<'_>, b: &Node<'_>) -> bool {
    std::ptr::eq(a.raw(), b.raw()) || a.raw() == b.raw() || a.structure() == b.structure()
}

fn batch_item(types: &mut Types, batch: &Leaf<'_>, leaves: &[Leaf<'_>]) -> Result<Batch, Error> {
    let Some((_, requests)) = properties(batch)?.into_iter().find(|(name, _)| name == "requests") else {
        return Ok(Batch::Input);
    };
    let Some(items) = requests.child("items")? else { return Ok(Batch::Input) };
    let item_leaves = collect(&items)?;
    let known =
        |leaf: &Leaf<'_>| leaves.iter().any(|of| matches!((of.last(), leaf.last()), (Some(a), Some(b)) if same(a, b)));
    if item_leaves.iter().all(known) {
        return Ok(Batch::Input);
    }
    let [one] = item_leaves.as_slice() else {
        types.note(&items, "the items of a batch differ from an ordinary input; ordinary inputs are used");
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
