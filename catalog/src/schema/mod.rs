//! A place in a model's document: the schemas that apply there, with `$ref`s followed and corrections applied.

mod keywords;

use std::{cell::RefCell, rc::Rc};

use serde_json::{Map, Value};

use crate::{
    Error, Outcome,
    correction::{Change, Correction, Effect, Pending},
    limits::{MAX_DEPTH, MAX_PLACES},
    shapes::{self, Decided, Decision, Resolver, ShapePlace},
    shared::Shared,
    structure::Hashes,
};

/// The state that all places of a document share.
pub(crate) struct Reading<'a> {
    pub(crate) id: &'a str,
    root: &'a Value,
    shared: &'a Shared,
    decided: &'a Decided,
    decisions: RefCell<Vec<Decision>>,
    /// The places that shared types stand for: pointer, shape, schema, and what its references are relative to.
    shapes: RefCell<Vec<(String, &'a str, &'a Value, &'a Value)>>,
    outcomes: RefCell<Vec<Effect>>,
    places: RefCell<usize>,
    /// The schemas of which parts are being read.
    whole: RefCell<Vec<*const Value>>,
    structures: RefCell<Hashes>,
}

/// A place in a model's document.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    reading: Rc<Reading<'a>>,
    raw: &'a Value,
    /// The other schemas that apply here: the parts of `allOf`, the target of a `$ref` that has more beside it, and the schema
    /// that this one is an alternative of.
    parts: Vec<Part<'a>>,
    /// The schema is from a correction, whose own keywords (`name`, `shape`…) mean something only there.
    ours: bool,
    /// The alternatives of this schema are read on their own.
    without_unions: bool,
    /// The `$ref` that led here, and the document the next local `$ref` is relative to.
    pub(crate) reference: Option<&'a str>,
    base: &'a Value,
    pub(crate) pointer: String,
    depth: usize,
    pending: Pending<'a>,
    /// The corrections at this place that do not hold here, and may hold for an alternative of it.
    unexpected: Vec<usize>,
    sets: Vec<(&'a Map<String, Value>, &'a Correction)>,
    /// The shared type that a correction finds here.
    shape: Option<&'a str>,
    removed: bool,
    position: Position<'a>,
}

/// Another schema that applies at a place.
#[derive(Clone)]
enum Part<'a> {
    /// One that also describes the place: its title, its default.
    Same(Rc<Node<'a>>),
    /// One that the place is an alternative of: it demands, and describes something else.
    Outer(Rc<Node<'a>>),
}

/// The position of a place in the input.
#[derive(Clone)]
enum Position<'a> {
    /// The input itself, or one of its alternatives.
    Input,
    /// The list of the inputs of a batch, each of which is corrected like the input.
    Batch(Pending<'a>),
    Other,
}

impl<'a> Node<'a> {
    pub(crate) fn root(
        id: &'a str,
        document: &'a Value,
        shared: &'a Shared,
        decided: &'a Decided,
        corrections: &[&'a Correction],
    ) -> Result<Self, Error> {
        let reading = Rc::new(Reading {
            id,
            root: document,
            shared,
            decided,
            decisions: RefCell::default(),
            shapes: RefCell::default(),
            outcomes: RefCell::default(),
            places: RefCell::default(),
            whole: RefCell::default(),
            structures: RefCell::default(),
        });
        let node = Self {
            raw: document,
            parts: Vec::new(),
            ours: false,
            without_unions: false,
            base: document,
            reading,
            reference: None,
            pointer: String::new(),
            depth: 0,
            pending: Pending::all(corrections),
            unexpected: Vec::new(),
            sets: Vec::new(),
            shape: None,
            removed: false,
            position: Position::Other,
        };
        node.settle()
    }

    pub(crate) fn error(&self, cause: impl Into<String>) -> Error {
        Error::Schema {
            id: self.reading.id.to_owned(),
            pointer: self.pointer.clone(),
            cause: cause.into(),
            catalog: Box::default(),
        }
    }

    /// Follows `$ref` and applies the corrections for this place.
    fn settle(mut self) -> Result<Self, Error> {
        {
            let mut places = self.reading.places.borrow_mut();
            *places += 1;
            if *places > MAX_PLACES || self.depth > MAX_DEPTH {
                return Err(self.error("the schema is too deep or too large"));
            }
        }
        // The snapshot was checked when it was refreshed.
        let is_schema = matches!(self.reading.shared, Shared::Folder(_))
            && (self.pointer.starts_with("/input") || self.pointer.starts_with("/output"));
        if is_schema && let Some(cause) = malformed(self.raw) {
            return Err(self.error(cause));
        }
        self.follow(0)?;
        let here: Vec<(usize, &'a Correction)> = self.pending.here().collect();
        for (index, correction) in here {
            let outcome = self.apply(correction)?;
            if outcome == Outcome::Unexpected {
                self.unexpected.push(index);
            }
            self.reading.outcomes.borrow_mut().push((index, self.pointer.clone(), outcome));
        }
        for part in self.all_of()? {
            self.parts.push(Part::Same(Rc::new(part)));
        }
        Ok(self)
    }

    /// Returns the parts of `allOf`.
    fn all_of(&self) -> Result<Vec<Self>, Error> {
        if self.own("allOf").is_none() {
            return Ok(Vec::new());
        }
        let here = std::ptr::from_ref(self.raw);
        if self.reading.whole.borrow().contains(&here) {
            return Err(self.error("the schema is a part of itself, through `allOf`"));
        }
        self.reading.whole.borrow_mut().push(here);
        let parts = self.own_items("allOf");
        self.reading.whole.borrow_mut().pop();
        parts
    }

    /// Follows `$ref`. What stands beside it applies too, and describes the place better.
    fn follow(&mut self, hops: usize) -> Result<(), Error> {
        let Some(reference) = self.raw.get("$ref") else { return Ok(()) };
        let Some(reference) = reference.as_str() else { return Err(self.error("`$ref` is not a string")) };
        if hops == MAX_DEPTH {
            return Err(self.error(format!("`$ref` to `{reference}` leads back to itself")));
        }
        let target = self.resolver().target(reference);
        let target = target.ok_or_else(|| self.error(format!("unresolved `$ref` to `{reference}`")))?;
        if says_more(self.raw) {
            let mut part = Self { raw: target, reference: Some(reference), ..self.clone() };
            part.follow(hops + 1)?;
            for inside in part.all_of()? {
                part.parts.push(Part::Same(Rc::new(inside)));
            }
            self.parts.push(Part::Same(Rc::new(part)));
            return Ok(());
        }
        self.raw = target;
        self.reference = Some(reference);
        self.follow(hops + 1)
    }

    fn apply(&mut self, correction: &'a Correction) -> Result<Outcome, Error> {
        if !correction.expect.iter().all(|(name, wanted)| self.expected(name, wanted)) {
            return Ok(Outcome::Unexpected);
        }
        Ok(match &correction.change {
            Change::Set(set) => {
                if !correction.shapes.is_empty() {
                    let Some(shape) = self.choose(correction)? else { return Ok(Outcome::Unexpected) };
                    self.shape = Some(shape);
                    let place = (self.pointer.clone(), shape, self.raw, self.base);
                    self.reading.shapes.borrow_mut().push(place);
                }
                let said =
                    |(name, value): (&String, &Value)| self.upstream(name).is_some_and(|found| alike(found, value));
                let adopted = correction.shapes.is_empty() && set.iter().all(said);
                self.sets.push((set, correction));
                if adopted { Outcome::Adopted } else { Outcome::Applied }
            }
            Change::Value(value) => {
                // A place that a correction creates is not there because upstream has it.
                let adopted = !std::ptr::eq(self.raw, value) && self.raw == value;
                self.raw = value;
                self.ours = true;
                self.parts.clear();
                self.reference = None;
                if adopted { Outcome::Adopted } else { Outcome::Applied }
            }
            Change::Remove => {
                self.removed = true;
                Outcome::Applied
            }
        })
    }

    /// Returns whether an expectation of a correction holds: the type of a value that is accepted, declared members, or the
    /// value of any other keyword.
    fn expected(&self, name: &str, wanted: &Value) -> bool {
        match (name, wanted) {
            ("type", Value::String(wanted)) => {
                let wanted = shapes::types_named(wanted);
                self.resolver().forms(self.raw).iter().any(|form| form.types & wanted == wanted)
            }
            ("members", Value::Array(paths)) => {
                // The alternatives of a place are asked one by one.
                self.resolver().forms(self.raw).len() == 1
                    && paths.iter().filter_map(Value::as_str).all(|path| self.declares(path))
            }
            _ => self.get(name).is_some_and(|found| alike(found, wanted)),
        }
    }

    fn resolver(&self) -> Resolver<'a> {
        Resolver { base: self.base, shared: self.reading.shared }
    }

    /// Returns whether the place declares a member, in any form.
    pub(crate) fn declares(&self, path: &str) -> bool {
        shapes::declares((self.raw, self.resolver()), path)
    }

    /// Returns the strings that a member can be, in any form of this place. None if it can be others.
    pub(crate) fn strings_of(&self, member: &str) -> Vec<String> {
        let resolver = self.resolver();
        let mut found: Vec<String> = Vec::new();
        for form in resolver.forms(self.raw) {
            let Some(schema) = form.member(member) else { return Vec::new() };
            for of in resolver.forms(schema) {
                let Some(values) = of.values() else { return Vec::new() };
                for text in values.iter().filter_map(|value| value.as_str()) {
                    if !found.iter().any(|known| known == text) {
                        found.push(text.to_owned());
                    }
                }
            }
        }
        found
    }

    /// Returns the first shared type of a correction that fits this place.
    fn choose(&self, correction: &'a Correction) -> Result<Option<&'a str>, Error> {
        let structure = self.structure();
        if let Ok(known) = correction.decided.binary_search_by_key(&structure, |(structure, _)| *structure) {
            return Ok(correction.decided[known].1);
        }
        let candidates = &correction.shapes;
        let shape = match self.reading.decided.get(candidates, structure) {
            Some(known) => candidates.iter().find(|name| known.as_ref() == Some(name)).map(String::as_str),
            None => shapes::choose(candidates, (self.raw, self.resolver()))?,
        };
        let decision = Decision { candidates: candidates.clone(), structure, shape: shape.map(str::to_owned) };
        self.reading.decisions.borrow_mut().push(decision);
        Ok(shape)
    }

    /// Returns the place at a path below, with the schema there and whether that is from a correction.
    fn below(&self, path: &[&str], (raw, ours): (&'a Value, bool)) -> Result<Self, Error> {
        let mut pointer = self.pointer.clone();
        let mut pending: Option<Pending<'a>> = None;
        for segment in path {
            pointer.push('/');
            if segment.contains(['~', '/']) {
                pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
            } else {
                pointer.push_str(segment);
            }
            pending = Some(pending.as_ref().unwrap_or(&self.pending).step(segment));
        }
        let mut pending = pending.unwrap_or_default();
        let position = match (path, &self.position) {
            (["oneOf" | "anyOf" | "allOf", _], position) => {
                pending = pending.and(&self.pending.of_alternatives(&self.unexpected));
                position.clone()
            }
            (["properties", "requests"], Position::Input) => Position::Batch(self.pending.of_alternatives(&[])),
            (["items"], Position::Batch(of_input)) => {
                pending = pending.and(of_input);
                Position::Input
            }
            (["input"], _) if self.depth == 0 => Position::Input,
            _ => Position::Other,
        };
        let base = if self.depth == 0 { raw } else { self.base };
        let node = Self {
            reading: Rc::clone(&self.reading),
            raw,
            parts: Vec::new(),
            ours,
            without_unions: false,
            reference: None,
            base,
            pointer,
            depth: self.depth + 1,
            pending,
            unexpected: Vec::new(),
            sets: Vec::new(),
            shape: None,
            removed: false,
            position,
        };
        node.settle()
    }

    /// Returns the place of a shared type's own schema.
    pub(crate) fn elsewhere(&self, raw: &'a Value) -> Self {
        Self { raw, base: raw, ours: true, ..self.clone() }
    }

    /// Returns the number of times that corrections were considered so far.
    pub(crate) fn corrected(&self) -> usize {
        self.reading.outcomes.borrow().len()
    }

    /// Returns the effects of the corrections so far.
    pub(crate) fn outcomes(&self) -> Vec<Effect> {
        self.reading.outcomes.take()
    }

    /// Returns the places that shared types stand for.
    pub(crate) fn shapes(&self) -> Vec<ShapePlace> {
        let shared = self.reading.shared;
        let place = |(pointer, shape, raw, base): (String, _, _, _)| {
            shapes::place(&pointer, shape, (raw, Resolver { base, shared }))
        };
        shapes::merge(self.reading.shapes.take().into_iter().map(place).collect())
    }

    /// Returns the decisions about shared types that were not made ahead.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        self.reading.decisions.take()
    }

    pub(crate) fn document(&self) -> &'a Value {
        self.reading.root
    }
}

/// Compares values, with 8 equal to 8.0.
fn alike(a: &Value, b: &Value) -> bool {
    a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if a.total_cmp(&b).is_eq())
}

/// Returns what is wrong with a schema that no validator would accept.
fn malformed(schema: &Value) -> Option<String> {
    let Value::Object(keywords) = schema else {
        return (!schema.is_boolean()).then(|| "a schema is an object or a boolean".to_owned());
    };
    let strings = |value: &Value| value.as_array().is_some_and(|items| items.iter().all(Value::is_string));
    let wrong = |name: &&String| {
        let value = &keywords[name.as_str()];
        match name.as_str() {
            "properties" | "patternProperties" | "$defs" | "definitions" => !value.is_object(),
            // Draft 3 had a flag in the member.
            "required" => !strings(value) && !value.is_boolean(),
            "enum" => !value.is_array(),
            "items" => !value.is_object() && !value.is_boolean() && !value.is_array(),
            "minimum" | "maximum" | "multipleOf" => !value.is_number(),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
                value.as_f64().is_none_or(|count| count < 0.0)
            }
            "pattern" => !value.is_string(),
            _ => false,
        }
    };
    keywords.keys().find(wrong).map(|name| format!("invalid `{name}`: {}", shortened(&keywords[name.as_str()])))
}

/// Returns JSON for a message.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// The keywords that say nothing about values.
const ABOUT_THE_DOCUMENT: [&str; 6] = ["$defs", "definitions", "$comment", "$id", "$schema", "$anchor"];

/// Returns whether a schema says anything about its values beside a `$ref`.
fn says_more(schema: &Value) -> bool {
    crate::ir::members(Some(schema)).any(|(name, _)| name != "$ref" && !ABOUT_THE_DOCUMENT.contains(&name.as_str()))
}

impl Node<'_> {
    /// Returns the structure hash of upstream's schema here.
    pub(crate) fn structure(&self) -> u64 {
        let resolver = self.resolver();
        self.reading.structures.borrow_mut().of(self.raw, |reference| resolver.target(reference))
    }
}
