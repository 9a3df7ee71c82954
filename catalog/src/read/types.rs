//! Reads a schema as a place. Unions are read in their own module.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::Value;

use super::{
    names::{camel, singular},
    unions,
};
use crate::{
    Bounds, Demands, Doc, Error, Field, Form, Kind, Limit, Note, Place, Presence, Side, Type, glossary,
    limits::{MAX_MEMBERS, MAX_REQUIRED, MAX_VALUES},
    schema::Node,
};

/// The note for a member that has no valid value.
pub(crate) const NEVER: &str = "nothing is valid here; the field is not offered";

/// The named types and notes so far.
pub(crate) struct Types {
    pub(crate) list: Vec<Type>,
    pub(crate) notes: Vec<Note>,
    pub(crate) side: Side,
    /// Whether the model has vision. Without it, messages are text.
    pub(crate) vision: bool,
    /// The schemas that are referred to and being read, with the type that represents each that refers to itself.
    open: Vec<(*const Value, Option<usize>)>,
    /// The places that were read from `$ref` targets, so that each target becomes one type.
    known: BTreeMap<(*const Value, bool), Place>,
    /// The pointers of the constants that tell the alternatives of a place apart: they are always sent.
    pub(crate) tags: BTreeSet<String>,
    /// The names of types so far, and the numbers tried for each.
    names: BTreeMap<(bool, String), usize>,
}

impl Types {
    pub(crate) fn new(vision: bool) -> Self {
        Self {
            list: Vec::new(),
            notes: Vec::new(),
            side: Side::Input,
            vision,
            open: Vec::new(),
            known: BTreeMap::new(),
            tags: BTreeSet::new(),
            names: BTreeMap::new(),
        }
    }

    /// Returns whether a member must be present, and the reason of the correction that says so.
    pub(crate) fn presence(&self, node: &Node<'_>, required: bool, nullable: bool) -> (Presence, Option<String>) {
        let is_defaulted = node.get("default").is_some();
        match (node.get("required").and_then(Value::as_bool), self.side) {
            (Some(true), Side::Input) => (Presence::Required, node.reason_of("required").map(str::to_owned)),
            (Some(true), Side::Output) => (Presence::Required, None),
            (None, Side::Input) if required && is_defaulted => (Presence::Defaulted, None),
            (None, _) if required && !(nullable && self.side == Side::Output) => (Presence::Required, None),
            (Some(false) | None, _) => (Presence::Optional, None),
        }
    }

    pub(crate) fn note(&mut self, node: &Node<'_>, text: impl Into<String>) {
        let new = Note { pointer: node.pointer.clone(), text: text.into() };
        // What applies to several alternatives is met in each.
        if !self.notes.contains(&new) {
            self.notes.push(new);
        }
    }

    /// Notes what is demanded of the values of an input and not checked.
    pub(crate) fn note_unchecked(&mut self, node: &Node<'_>) {
        if self.side == Side::Input {
            for keyword in node.unchecked() {
                self.note(node, format!("not checked: `{keyword}`"));
            }
        }
    }

    /// Notes that a keyword of an input's place is not checked.
    pub(crate) fn leave_unchecked(&mut self, node: &Node<'_>, place: &mut Place, keyword: &'static str) {
        if self.side == Side::Input && !place.unchecked.contains(&keyword) {
            self.note(node, format!("not checked: `{keyword}`"));
            place.unchecked.push(keyword);
        }
    }

    /// Reads a place. `names` are the words that lead to it, outermost first.
    pub(crate) fn place(&mut self, node: &Node<'_>, names: &[String]) -> Result<Place, Error> {
        let mut place = self.kind(node, names)?;
        if node.shape().is_none() {
            for keyword in node.unchecked() {
                self.leave_unchecked(node, &mut place, keyword);
            }
        }
        if node.is_bounded() {
            self.bound(node, &mut place);
        }
        if node.flag("nullable") {
            place.nullable = true;
        }
        Ok(place)
    }

    /// Adds the bounds of a place. Those of a union are those of its alternatives.
    fn bound(&mut self, node: &Node<'_>, place: &mut Place) {
        if matches!(&place.kind, Kind::Type(index) if matches!(self.form(*index), Some(Form::Union { .. }))) {
            return;
        }
        place.bounds = place.bounds.both(&node.bounds());
        if place.kind == Kind::Integer {
            place.bounds.make_whole();
        }
        if let Some(contradiction) = place.bounds.contradiction() {
            self.note(node, format!("no value is valid: {contradiction}"));
        }
    }

    fn form(&self, index: usize) -> Option<&Form> {
        self.list.get(index).map(|known| &known.form)
    }

    fn kind(&mut self, node: &Node<'_>, names: &[String]) -> Result<Place, Error> {
        if let Some(shape) = node.shape() {
            let shape = if shape.starts_with("Messages<") && !self.vision { "Messages<Text>" } else { shape };
            let mut place = Place::new(Kind::Shape(shape.to_owned()));
            place.bounds.values = values(node)?;
            if self.side == Side::Input {
                inside(node, "", &mut place.inside)?;
            }
            return Ok(place);
        }
        let Some(identity) = node.identity() else { return self.schema(node, names) };
        let next = self.list.len();
        if let Some((_, index)) = self.open.iter_mut().find(|(at, _)| *at == identity) {
            let index = *index.get_or_insert(next);
            if index == next {
                self.list.push(Type {
                    name: String::new(),
                    side: self.side,
                    form: Form::Enum { values: Vec::new() },
                    pointer: node.pointer.clone(),
                });
            }
            return Ok(Place::new(Kind::Type(index)));
        }
        let key = (identity, self.side == Side::Input);
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        self.open.push((identity, None));
        let corrected = node.corrected();
        let place = self.schema(node, names);
        let recursive = self.open.pop().and_then(|(_, index)| index);
        let place = match recursive {
            Some(index) => self.close_recursion(index, place?, names),
            None => place?,
        };
        // Corrections concern one of the places that refer here.
        if node.corrected() == corrected {
            self.known.insert(key, place.clone());
        }
        Ok(place)
    }

    /// Fills in the type that represented a recursive place while it was read.
    fn close_recursion(&mut self, index: usize, place: Place, names: &[String]) -> Place {
        let name = self.free_name(names);
        self.list[index].name = name;
        self.list[index].form = match &place.kind {
            Kind::Type(inner) if *inner != index => self.list[*inner].form.clone(),
            _ => Form::Union { variants: vec![crate::Variant { name: "Value".to_owned(), place, tag: None }] },
        };
        Place::new(Kind::Type(index))
    }

    fn schema(&mut self, node: &Node<'_>, names: &[String]) -> Result<Place, Error> {
        match node.raw() {
            Value::Object(_) => {}
            Value::Bool(true) => return Ok(Place::new(Kind::Json)),
            Value::Bool(false) => return Err(node.error("nothing is valid here")),
            _ => return Err(node.error("not a schema")),
        }
        if let Some(values) = node.values() {
            return self.choice(node, &values, names);
        }
        if node.has_alternatives() {
            return unions::read(self, node, names);
        }
        let (kinds, nullable) = node.types()?;
        let mut place = match kinds.as_slice() {
            [implied @ ("object" | "array")] if !node.has_type() => {
                self.note(node, format!("has no `type`; values of the type {implied} are accepted"));
                if *implied == "object" { self.object(node, names)? } else { self.list(node, names)? }
            }
            ["object"] => self.object(node, names)?,
            ["array"] => self.list(node, names)?,
            ["string"] => Place::new(Kind::String),
            ["boolean"] => Place::new(Kind::Boolean),
            ["integer"] => Place::new(Kind::Integer),
            ["number"] => Place::new(Kind::Number),
            [] if nullable => self.any_of(node, &["null"]),
            [] => {
                let mut place = Place::new(Kind::Json);
                let present: Vec<String> = node.required().into_iter().map(str::to_owned).collect();
                if !present.is_empty() {
                    place.bounds.demands().present = present;
                }
                place
            }
            several => {
                let types: Vec<&str> = several.iter().copied().chain(nullable.then_some("null")).collect();
                self.any_of(node, &types)
            }
        };
        place.nullable |= nullable;
        Ok(place)
    }

    /// Returns a place of any of several types.
    fn any_of(&mut self, node: &Node<'_>, types: &[&str]) -> Place {
        let mut place = Place::new(Kind::Json);
        place.bounds.demands().types = types.iter().map(|&name| name.to_owned()).collect();
        if self.side == Side::Output {
            self.note(node, format!("can be any of {}; any JSON value is accepted", types.join(", ")));
        }
        place
    }

    /// Returns a place of any of several values of several types.
    pub(crate) fn equal_to(&mut self, node: &Node<'_>, values: &[&Value]) -> Place {
        let mut place = Place::new(Kind::Json);
        place.bounds.demands().equals = values.iter().map(ToString::to_string).collect();
        if self.side == Side::Output {
            self.note(node, "several values of several types; any JSON value is accepted");
        }
        place
    }

    /// Reads a constant. An output may have another value.
    fn constant(&mut self, node: &Node<'_>, value: &Value) -> Place {
        if value.is_null() || value.is_array() || value.is_object() {
            return self.equal_to(node, &[value]);
        }
        Place::new(match (self.side, value) {
            (Side::Input, value) => Kind::Constant(value.clone()),
            (Side::Output, Value::String(_)) => Kind::String,
            (Side::Output, Value::Bool(_)) => Kind::Boolean,
            (Side::Output, value) if matches!(Limit::of(value), Some(Limit::Whole(_) | Limit::Large(_))) => {
                Kind::Integer
            }
            (Side::Output, _) => Kind::Number,
        })
    }

    /// Reads a choice of values.
    pub(crate) fn choice(&mut self, node: &Node<'_>, values: &[&Value], names: &[String]) -> Result<Place, Error> {
        if values.len() > MAX_VALUES {
            return Err(node.error(format!("the choice has more than {MAX_VALUES} values")));
        }
        let nullable = values.iter().any(|value| value.is_null());
        let values: Vec<&Value> = values.iter().copied().filter(|value| !value.is_null()).collect();
        let texts: Vec<String> = values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
        let mut place_values: Vec<String> = Vec::new();
        let mut place = match values.as_slice() {
            [] if nullable => self.equal_to(node, &[&Value::Null]),
            [] => return Err(node.error("`enum` has no value: nothing is valid")),
            [one] if !nullable || self.side == Side::Output => self.constant(node, one),
            _ if texts.len() == values.len() => self.strings(node, texts, names),
            _ if values.iter().all(|value| value.is_boolean()) => Place::new(Kind::Boolean),
            _ if values.iter().all(|value| value.is_i64() || value.is_u64()) => {
                if self.side == Side::Input && values.len() > 1 {
                    place_values = values.iter().map(ToString::to_string).collect();
                }
                let limits: Vec<Limit> = values.iter().filter_map(|value| Limit::of(value)).collect();
                let mut place = Place::new(Kind::Integer);
                let by = |a: &&Limit, b: &&Limit| a.partial_cmp(b).unwrap_or(Ordering::Equal);
                place.bounds.minimum = limits.iter().min_by(by).copied();
                place.bounds.maximum = limits.iter().max_by(by).copied();
                place
            }
            _ => {
                let all: Vec<&Value> = values.iter().copied().chain(nullable.then_some(&Value::Null)).collect();
                self.equal_to(node, &all)
            }
        };
        place.nullable = nullable;
        if !place_values.is_empty() {
            place.bounds.demands().equals = place_values;
        }
        Ok(place)
    }

    /// Returns a choice of strings.
    pub(crate) fn strings(&mut self, node: &Node<'_>, values: Vec<String>, names: &[String]) -> Place {
        Place::new(Kind::Type(self.add(&names_with(names, node), Form::Enum { values }, node)))
    }

    fn list(&mut self, node: &Node<'_>, names: &[String]) -> Result<Place, Error> {
        let (positions, rest) = node.positions()?;
        if !positions.is_empty() {
            return Ok(self.tuple(node, &positions, rest.as_ref()));
        }
        let Some(items) = rest else { return Ok(Place::new(Kind::List(Box::new(Place::new(Kind::Json))))) };
        if items.is_never() {
            let mut empty = Place::new(Kind::List(Box::new(Place::new(Kind::Json))));
            empty.bounds.max_items = Some(0);
            return Ok(empty);
        }
        let mut names = names.to_vec();
        if let Some(last) = names.last_mut() {
            *last = singular(last);
        }
        Ok(Place::new(Kind::List(Box::new(self.place(&items, &names)?))))
    }

    /// Reads a list whose items have a schema by their position: they are checked, and their types are not known.
    fn tuple(&mut self, node: &Node<'_>, positions: &[Node<'_>], rest: Option<&Node<'_>>) -> Place {
        self.note(node, "a tuple; a list of any JSON values is accepted");
        let mut place = Place::new(Kind::List(Box::new(Place::new(Kind::Json))));
        let never = positions.iter().position(Node::is_never);
        let last = rest.filter(|rest| rest.is_never()).map(|_| positions.len());
        place.bounds.max_items = never.or(last).and_then(|count| u64::try_from(count).ok());
        for (at, item) in positions.iter().enumerate().filter(|_| self.side == Side::Input) {
            let mut bounds = item.bounds();
            if let Some(values) = item.values() {
                bounds.demands().equals = values.iter().map(ToString::to_string).collect();
            }
            if let (true, Ok((types, nullable))) = (item.has_type(), item.types()) {
                let types = types.into_iter().chain(nullable.then_some("null"));
                bounds.demands().types = types.map(str::to_owned).collect();
            }
            if bounds != Bounds::default() {
                place.inside.push((format!("[{at}]"), bounds));
            }
        }
        place
    }

    /// Reads an object.
    pub(crate) fn object(&mut self, node: &Node<'_>, names: &[String]) -> Result<Place, Error> {
        let extra = node.child("additionalProperties")?;
        let closed = extra.as_ref().is_none_or(Node::is_never);
        let fields = self.fields(node, names)?;
        let absent = self.forbidden(node)?;
        if fields.is_empty() {
            let mut place = match extra {
                Some(values) if !closed && values.raw() != &Value::Bool(true) => {
                    let mut names = names.to_vec();
                    if let Some(last) = names.last_mut() {
                        *last = singular(last);
                    }
                    let value = self.place(&values, &names)?;
                    Place::new(Kind::Map(Box::new(value)))
                }
                _ => Place::new(Kind::Object),
            };
            let present: Vec<String> = node.required().into_iter().map(str::to_owned).collect();
            if !present.is_empty() || !absent.is_empty() {
                *place.bounds.demands() = Demands { present, absent, ..Demands::default() };
            }
            return Ok(place);
        }
        let name = names_with(names, node);
        // Members that match a pattern are not checked, and kept.
        let without_patterns = node.get("patternProperties").is_none();
        let form = Form::Object { fields, open: !closed, closed: extra.is_some() && closed && without_patterns };
        let mut place = Place::new(Kind::Type(self.add(&name, form, node)));
        if !absent.is_empty() {
            place.bounds.demands().absent = absent;
        }
        if extra.is_some_and(|others| !others.is_never() && others.raw() != &Value::Bool(true)) {
            self.leave_unchecked(node, &mut place, "additionalProperties");
        }
        Ok(place)
    }

    /// Returns the members for which nothing is valid.
    fn forbidden(&self, node: &Node<'_>) -> Result<Vec<String>, Error> {
        if self.side == Side::Output {
            return Ok(Vec::new());
        }
        let members = node.children("properties")?;
        Ok(members.into_iter().filter(|(_, member)| member.is_never()).map(|(name, _)| name).collect())
    }

    /// Reads the members of an object, required ones first.
    pub(crate) fn fields(&mut self, node: &Node<'_>, names: &[String]) -> Result<Vec<Field>, Error> {
        let wanted = node.required();
        if wanted.len() > MAX_REQUIRED {
            return Err(node.error(format!("the object requires more than {MAX_REQUIRED} members")));
        }
        let required: BTreeSet<&str> = wanted.iter().copied().collect();
        let members = node.children("properties")?;
        if members.len() > MAX_MEMBERS {
            return Err(node.error(format!("the object has more than {MAX_MEMBERS} members")));
        }
        let mut fields: Vec<Field> = Vec::new();
        for (wire, child) in &members {
            let required = required.contains(wire.as_str());
            if !child.is_never() {
                fields.push(self.field(child, wire.clone(), required, names)?);
            } else if required {
                return Err(child.error("the member is required, and nothing is valid there"));
            } else {
                self.note(child, NEVER);
            }
        }
        if node.get("properties").is_some() {
            let known: BTreeSet<&str> = members.iter().map(|(wire, _)| wire.as_str()).collect();
            for wire in wanted.into_iter().filter(|wire| !known.contains(wire)) {
                if !node.is_removed(wire)? && !fields.iter().any(|field| field.wire == wire) {
                    fields.push(self.undescribed(node, wire));
                }
            }
        }
        fields.sort_by_key(|field| field.presence != Presence::Required);
        Ok(fields)
    }

    /// Returns a member that is required and has no schema.
    pub(crate) fn undescribed(&mut self, node: &Node<'_>, wire: &str) -> Field {
        self.note(node, format!("`{wire}` is required but not described; any JSON value is accepted"));
        Field {
            wire: wire.to_owned(),
            name: wire.to_owned(),
            place: Place::new(Kind::Json),
            presence: Presence::Required,
            keeps_null: true,
            why: None,
            doc: None,
            default: None,
            alternatives: Vec::new(),
            pointer: node.pointer.clone(),
        }
    }

    pub(crate) fn field(
        &mut self,
        node: &Node<'_>,
        wire: String,
        required: bool,
        names: &[String],
    ) -> Result<Field, Error> {
        let name = node.note("rename").unwrap_or(&wire).to_owned();
        let wire = node.note("wire").map_or(wire, str::to_owned);
        let mut path = names.to_vec();
        path.push(name.clone());
        let mut place = self.place(node, &path)?;
        // A result that is always there is an error if it is null.
        if self.side == Side::Output && node.reason_of("required").is_some() {
            place.nullable = false;
        }
        let (presence, why) = self.presence(node, required, place.nullable);
        if presence == Presence::Optional && self.side == Side::Input && !self.tags.contains(&node.pointer) {
            self.make_optional(node, &mut place, &path);
        }
        let keeps_null = required && (place.nullable || place.kind == Kind::Json);
        let default = node.get("default").cloned();
        let doc = match node.text("description") {
            Some(text) => Some(Doc::Upstream(text.to_owned())),
            None => glossary::lookup(self.side, &wire, &place.kind).map(Doc::Glossary),
        };
        Ok(Field {
            wire,
            name,
            place,
            presence,
            keeps_null,
            why,
            doc,
            default,
            alternatives: Vec::new(),
            pointer: node.pointer.clone(),
        })
    }

    /// Makes a constant that need not be sent a choice with one value.
    fn make_optional(&mut self, node: &Node<'_>, place: &mut Place, names: &[String]) {
        let Kind::Constant(value) = &place.kind else { return };
        match value.clone() {
            Value::String(text) => place.kind = self.strings(node, vec![text], names).kind,
            Value::Number(number) => {
                let limit = Limit::of(&Value::Number(number));
                let whole = matches!(limit, Some(Limit::Whole(_) | Limit::Large(_)));
                place.kind = if whole { Kind::Integer } else { Kind::Number };
                (place.bounds.minimum, place.bounds.maximum) = (limit, limit);
            }
            value => {
                self.note(node, format!("must be {value} if it is sent; any boolean is accepted"));
                place.kind = Kind::Boolean;
            }
        }
    }

    /// Adds a named type, or returns an earlier one with the same definition and name.
    pub(crate) fn add(&mut self, names: &[String], form: Form, node: &Node<'_>) -> usize {
        let wanted = camel(names.last().map_or("Value", String::as_str));
        let same = |known: &Type| known.side == self.side && known.name.ends_with(&wanted) && known.form == form;
        if let Some(index) = self.list.iter().position(same) {
            return index;
        }
        let name = self.free_name(names);
        self.list.push(Type { name, side: self.side, form, pointer: node.pointer.clone() });
        self.list.len() - 1
    }

    /// Returns the shortest run of the last words that is not yet the name of a type.
    fn free_name(&mut self, names: &[String]) -> String {
        let input = self.side == Side::Input;
        let mut name = String::new();
        for word in names.iter().rev() {
            let word = camel(word);
            if name.starts_with(&word) {
                continue;
            }
            name = word + &name;
            if self.names.insert((input, name.clone()), 1).is_none() {
                return name;
            }
        }
        let stem = if name.is_empty() { "Value".to_owned() } else { name };
        let mut number = self.names.get(&(input, stem.clone())).copied().unwrap_or(1);
        loop {
            number += 1;
            let name = format!("{stem}{number}");
            if self.names.insert((input, name.clone()), 1).is_none() {
                self.names.insert((input, stem), number);
                return name;
            }
        }
    }
}

/// Collects the bounds inside a shape, for places with a single path.
fn inside(node: &Node<'_>, path: &str, found: &mut Vec<(String, Bounds)>) -> Result<(), Error> {
    let mut children = Vec::new();
    if let Some(items) = node.child("items")? {
        children.push((format!("{path}[]"), items));
    }
    if node.get("properties").is_some() {
        children
            .extend(node.children("properties")?.into_iter().map(|(name, child)| (format!("{path}.{name}"), child)));
    }
    for (path, child) in children {
        let bounds = child.bounds();
        if bounds != Bounds::default() {
            found.push((path.clone(), bounds));
        }
        inside(&child, &path, found)?;
    }
    // The roles are all that a message's type leaves open.
    let roles = if path == "[]" { node.strings_of("role") } else { Vec::new() };
    if !roles.is_empty() {
        found.push((format!("{path}.role"), Bounds { values: roles, ..Bounds::default() }));
    }
    Ok(())
}

/// Returns the valid strings of a place, if nothing but them and null is valid.
fn values(node: &Node<'_>) -> Result<Vec<String>, Error> {
    if let Some(values) = node.values() {
        return Ok(values.into_iter().filter_map(Value::as_str).map(str::to_owned).collect());
    }
    let mut found: Vec<String> = Vec::new();
    for node in node.alternatives()?.iter().filter(|node| !node.is_null()) {
        let new = values(node)?;
        if new.is_empty() {
            return Ok(Vec::new());
        }
        found.extend(new.into_iter().filter(|value| !found.contains(value)).collect::<Vec<_>>());
    }
    Ok(found)
}

/// Returns the words that lead to a place, or the name that a correction gives it.
pub(crate) fn names_with(names: &[String], node: &Node<'_>) -> Vec<String> {
    match node.note("name") {
        Some(name) => vec![name.to_owned()],
        None => names.to_vec(),
    }
}
