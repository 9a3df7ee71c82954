//! Merges the alternatives of an input into one list of fields, of which one selects each alternative.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::types::{NEVER, Types};
use crate::{
    Alternative, Error, Field, Input, Kind, Place, Presence,
    limits::{MAX_MEMBERS, MAX_REQUIRED},
    schema::Node,
};

/// One alternative of an input.
pub(crate) struct Leaf<'a> {
    pub(crate) node: Node<'a>,
    members: Vec<(String, Node<'a>)>,
    /// The positions of the members.
    positions: BTreeMap<String, usize>,
    required: BTreeSet<String>,
    /// The members that are required and not described.
    undescribed: Vec<String>,
}

impl<'a> Leaf<'a> {
    pub(crate) fn new(types: &mut Types, node: Node<'a>) -> Result<Self, Error> {
        let mut members = node.children("properties")?;
        if members.len() > MAX_MEMBERS {
            return Err(node.error(format!("the input has more than {MAX_MEMBERS} fields")));
        }
        let mut required: BTreeSet<String> = node.required().into_iter().map(str::to_owned).collect();
        required.extend(members.iter().filter(|(_, member)| member.flag("required")).map(|(wire, _)| wire.clone()));
        if required.len() > MAX_REQUIRED {
            return Err(node.error(format!("the input requires more than {MAX_REQUIRED} fields")));
        }
        if let Some((_, never)) = members.iter().find(|(wire, member)| required.contains(wire) && member.is_never()) {
            return Err(never.error("the member is required, and nothing is valid there"));
        }
        for (_, never) in members.iter().filter(|(_, member)| member.is_never()) {
            types.note(never, NEVER);
        }
        members.retain(|(_, member)| !member.is_never());
        let positions: BTreeMap<String, usize> =
            members.iter().enumerate().map(|(at, (wire, _))| (wire.clone(), at)).collect();
        let mut undescribed = Vec::new();
        for wire in required.iter().filter(|wire| !positions.contains_key(*wire)) {
            if !node.is_removed(wire)? {
                undescribed.push(wire.clone());
            }
        }
        Ok(Self { node, members, positions, required, undescribed })
    }

    fn member(&self, wire: &str) -> Option<&Node<'a>> {
        self.positions.get(wire).and_then(|at| self.members.get(*at)).map(|(_, member)| member)
    }
}

/// The fields that an input is about, of which an alternative is selected by the first.
const MAIN: [&str; 8] = ["messages", "prompt", "text", "input", "image", "audio", "contexts", "query"];

/// Returns the field that selects an alternative: one that no other has, or that no other requires.
fn key<'l>(leaves: &'l [Leaf<'_>], index: usize) -> Option<&'l str> {
    let leaf = leaves.get(index)?;
    let others = || leaves.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, other)| other);
    // A constant is sent in any case: it selects nothing.
    let is_choice = |(wire, member): &&(String, Node<'_>)| wire != "stream" && constant(member).is_none();
    let own = leaf.members.iter().filter(is_choice).filter_map(|(wire, _)| {
        let required = leaf.required.contains(wire);
        let alone = others().all(|other| !other.positions.contains_key(wire));
        let needed = required && others().all(|other| !other.required.contains(wire));
        if !alone && !needed {
            return None;
        }
        let main = MAIN.iter().position(|name| name == wire);
        Some(((!required, main.is_none(), main, !alone), wire.as_str()))
    });
    own.min_by_key(|(rank, _)| *rank).map(|(_, wire)| wire)
}

/// Returns the only value that a place can have.
fn constant<'a>(node: &Node<'a>) -> Option<&'a Value> {
    match node.values()?.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

/// The alternatives of an input that can be told apart.
pub(crate) struct Ways<'a> {
    pub(crate) leaves: Vec<Leaf<'a>>,
    /// The field that selects each. Without any, all alternatives are read as one.
    keys: Vec<String>,
}

/// Returns the alternatives that can be told apart. If none can, they are one.
pub(crate) fn distinct<'a>(types: &mut Types, mut leaves: Vec<Leaf<'a>>) -> Ways<'a> {
    if leaves.len() < 2 {
        return Ways { leaves, keys: Vec::new() };
    }
    let keys: Vec<Option<String>> = (0..leaves.len()).map(|index| key(&leaves, index).map(str::to_owned)).collect();
    let is_clear = |(leaf, key): (&Leaf<'_>, &Option<String>)| {
        key.as_deref().is_some_and(|key| leaf.required.contains(key) || MAIN.contains(&key))
    };
    if keys.iter().all(Option::is_none) || (has_tag(&leaves) && !leaves.iter().zip(&keys).any(is_clear)) {
        types.note(&leaves[0].node, "one of several alternatives that no field selects; the fields of all are offered");
        return Ways { leaves, keys: Vec::new() };
    }
    let mut found = keys.iter();
    leaves.retain(|leaf| {
        let kept = found.next().is_some_and(Option::is_some);
        if !kept {
            types.note(&leaf.node, "an alternative without a field of its own; the other alternatives are offered");
        }
        kept
    });
    let keys = if leaves.len() > 1 { keys.into_iter().flatten().collect() } else { Vec::new() };
    Ways { leaves, keys }
}

/// Returns whether a required constant tells all alternatives apart.
fn has_tag(leaves: &[Leaf<'_>]) -> bool {
    let value = |leaf: &Leaf<'_>, wire: &str| {
        let member = leaf.member(wire).filter(|_| leaf.required.contains(wire));
        member.and_then(constant).map(ToString::to_string)
    };
    let tells = |wire: &str| {
        let values: Option<BTreeSet<String>> = leaves.iter().map(|leaf| value(leaf, wire)).collect();
        values.is_some_and(|values| values.len() == leaves.len())
    };
    leaves.first().is_some_and(|first| first.members.iter().any(|(wire, _)| tells(wire)))
}

/// A field of one alternative: the position of the alternative, its schema, and whether it is required.
type Use<'l, 'a> = (usize, &'l Node<'a>, bool);

/// Reads the fields of all alternatives, required ones first.
pub(crate) fn fields(types: &mut Types, ways: &Ways<'_>, input: &mut Input) -> Result<(), Error> {
    let mut order: Vec<&str> = Vec::new();
    let mut uses: BTreeMap<&str, Vec<Use<'_, '_>>> = BTreeMap::new();
    for (index, leaf) in ways.leaves.iter().enumerate() {
        types.note_unchecked(&leaf.node);
        for (wire, member) in &leaf.members {
            let known = uses.entry(wire).or_default();
            if known.is_empty() {
                order.push(wire);
            }
            known.push((index, member, leaf.required.contains(wire)));
        }
    }
    for wire in order {
        let uses = uses.remove(wire).unwrap_or_default();
        if wire == "stream" {
            let default = uses.iter().find_map(|(_, member, _)| member.get("default").and_then(Value::as_bool));
            input.stream = Some(default.unwrap_or(false));
        } else {
            input.fields.extend(ways.field(types, wire, uses)?);
        }
    }
    for (index, leaf) in ways.leaves.iter().enumerate() {
        for wire in &leaf.undescribed {
            match input.fields.iter_mut().find(|field| field.wire == *wire) {
                Some(known) if !known.alternatives.is_empty() => known.alternatives.push(index),
                Some(_) => {}
                None => {
                    let mut field = types.undescribed(&leaf.node, wire);
                    let everywhere = ways.leaves.iter().all(|leaf| leaf.required.contains(wire));
                    if !everywhere && ways.keys.is_empty() {
                        field.presence = Presence::Optional;
                    } else if !everywhere {
                        field.alternatives.push(index);
                    }
                    input.fields.push(field);
                }
            }
        }
    }
    for key in &ways.keys {
        let name = input.fields.iter().find(|field| field.wire == *key).map_or(key, |field| &field.name);
        input.alternatives.push(Alternative { key: name.clone(), output: None });
    }
    input.fields.sort_by_key(|field| field.presence != Presence::Required);
    Ok(())
}

impl Ways<'_> {
    /// Reads a field of one or several alternatives. Constants that differ are a field each.
    fn field(&self, types: &mut Types, wire: &str, mut uses: Vec<Use<'_, '_>>) -> Result<Vec<Field>, Error> {
        if let Some(key) = self.keys.iter().position(|key| key == wire) {
            if let Some((_, other, _)) = uses.iter().find(|(index, ..)| *index != key) {
                types.note(other, format!("`{wire}` selects another alternative; it is not offered in this one"));
            }
            uses.retain(|(index, ..)| *index == key);
        }
        let constants: Option<Vec<&Value>> = uses.iter().map(|(_, member, _)| constant(member)).collect();
        if let Some(constants) = constants.filter(|constants| constants.iter().any(|value| *value != constants[0])) {
            return self.constants(types, wire, &uses, &constants);
        }
        let Some(&(_, first, required)) = uses.first() else { return Ok(Vec::new()) };
        let mut field = types.field(first, wire.to_owned(), required, &[])?;
        for (_, member, required) in &uses[1..] {
            if !first.is_same(member) {
                types.note(member, format!("`{wire}` differs between the alternatives; the first one is used"));
            }
            if types.presence(member, *required, field.place.nullable).0 != field.presence {
                types.note(member, format!("`{wire}` is required in some alternatives only; it is optional"));
                field.presence = Presence::Optional;
            }
        }
        let varies = uses[1..].iter().any(|(_, member, _)| !first.is_same(member) && constant(member).is_none());
        if let (Kind::Constant(value), true) = (&field.place.kind, varies) {
            let text = "in some alternatives and something else in others; any value is accepted";
            types.note(first, format!("must be {value} {text}"));
            field.place.kind = kind_of(value);
        }
        if self.keys.iter().any(|key| key == wire) {
            field.presence = Presence::Required;
        } else if self.keys.is_empty() && uses.len() < self.leaves.len() {
            field.presence = Presence::Optional;
        }
        self.limit(&mut field, uses.iter().map(|(index, ..)| *index));
        Ok(vec![field])
    }

    /// Reads a field that is another constant in each alternative.
    fn constants(
        &self,
        types: &mut Types,
        wire: &str,
        uses: &[Use<'_, '_>],
        constants: &[&Value],
    ) -> Result<Vec<Field>, Error> {
        let mut fields: Vec<Field> = Vec::new();
        types.tags.extend(uses.iter().map(|(_, member, _)| member.pointer.clone()));
        for &(index, member, required) in uses {
            let mut field = types.field(member, wire.to_owned(), required, &[])?;
            match fields.iter_mut().find(|known| known.place.kind == field.place.kind) {
                Some(known) => known.alternatives.push(index),
                None => {
                    field.alternatives.push(index);
                    fields.push(field);
                }
            }
        }
        if !self.keys.is_empty() {
            return Ok(fields);
        }
        let texts: Option<Vec<String>> = constants.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        let Some(&(_, first, _)) = uses.first() else { return Ok(fields) };
        fields.truncate(1);
        if let Some(field) = fields.first_mut() {
            field.alternatives.clear();
            field.place = match texts {
                Some(texts) => types.strings(first, texts, &[wire.to_owned()]),
                None => Place::new(kind_of(constants[0])),
            };
            let everywhere = uses.len() == self.leaves.len() && uses.iter().all(|(.., required)| *required);
            field.presence = if everywhere { Presence::Required } else { Presence::Optional };
        }
        Ok(fields)
    }

    /// Sets the alternatives that have a field.
    fn limit(&self, field: &mut Field, uses: impl Iterator<Item = usize>) {
        let uses: Vec<usize> = uses.collect();
        if !self.keys.is_empty() && uses.len() < self.leaves.len() {
            field.alternatives = uses;
        }
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
