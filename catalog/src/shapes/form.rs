//! The forms that a schema allows: its unions, `allOf`s and references resolved into plain alternatives.

use serde_json::{Map, Value};

use crate::{Bounds, shared::Shared};

/// The maximum number of forms of one schema, and of the schemas that make them. Alternatives inside `allOf` multiply.
const MAX_FORMS: usize = 256;

/// Follows references: local ones inside a document, others to shared schemas.
#[derive(Clone, Copy)]
pub(crate) struct Resolver<'a> {
    pub(crate) base: &'a Value,
    pub(crate) shared: &'a Shared,
}

impl<'a> Resolver<'a> {
    /// Returns the schema that a `$ref` refers to.
    pub(crate) fn target(self, reference: &str) -> Option<&'a Value> {
        match reference.strip_prefix('#') {
            Some(local) if local.contains('%') => self.base.pointer(&decoded(local)?),
            Some(local) => self.base.pointer(local),
            None => self.shared.get(reference),
        }
    }

    /// Returns the forms that a schema allows. A schema that allows too many has none.
    pub(crate) fn forms(self, schema: &'a Value) -> Vec<Form<'a>> {
        let mut left = MAX_FORMS;
        let forms = self.forms_at(schema, &mut left);
        if left == 0 { Vec::new() } else { forms }
    }

    /// `left` is the number of schemas that may still be read: references can make a small file a large schema.
    fn forms_at(self, schema: &'a Value, left: &mut usize) -> Vec<Form<'a>> {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return Vec::new();
        }
        let members = match schema {
            Value::Bool(true) => return vec![Form { parts: Vec::new(), types: ANY }],
            Value::Object(members) => members,
            _ => return Vec::new(),
        };
        let mut forms = vec![Form { parts: vec![members], types: types_of(members) }];
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let target = self.target(reference).map_or_else(Vec::new, |target| self.forms_at(target, left));
            forms = if members.len() == 1 { target } else { cross(&forms, &target) };
        }
        for part in list(members, "allOf") {
            forms = cross(&forms, &self.forms_at(part, left));
        }
        for union in ["oneOf", "anyOf"] {
            if members.contains_key(union) {
                let mut branches = Vec::new();
                for branch in list(members, union) {
                    branches.extend(self.forms_at(branch, left));
                }
                forms = cross(&forms, &branches);
            }
        }
        if members.get("nullable") == Some(&Value::Bool(true)) {
            forms.push(Form { parts: Vec::new(), types: NULL });
        }
        forms
    }
}

/// Returns the text of a `$ref` with its percent-encoded characters.
fn decoded(reference: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(reference.len());
    let mut rest = reference.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Returns the combinations of forms that apply together.
fn cross<'a>(left: &[Form<'a>], right: &[Form<'a>]) -> Vec<Form<'a>> {
    let mut found = Vec::new();
    for a in left {
        for b in right {
            if a.types & b.types != 0 && found.len() <= MAX_FORMS {
                found.push(Form { parts: a.parts.iter().chain(&b.parts).copied().collect(), types: a.types & b.types });
            }
        }
    }
    found
}

/// A set of the types of JSON.
pub(crate) type Types = u8;

const NULL: Types = 1;
const BOOLEAN: Types = 2;
const INTEGER: Types = 4;
const FRACTION: Types = 8;
pub(crate) const NUMBER: Types = INTEGER | FRACTION;
pub(crate) const STRING: Types = 16;
pub(crate) const ARRAY: Types = 32;
pub(crate) const OBJECT: Types = 64;
const ANY: Types = 127;

/// Returns the types with that name in JSON Schema.
pub(crate) fn types_named(name: &str) -> Types {
    match name {
        "null" => NULL,
        "boolean" => BOOLEAN,
        "integer" => INTEGER,
        "number" => NUMBER,
        "string" => STRING,
        "array" => ARRAY,
        "object" => OBJECT,
        _ => 0,
    }
}

fn type_of(value: &Value) -> Types {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOLEAN,
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() != 0.0) => FRACTION,
        Value::Number(_) => INTEGER,
        Value::String(_) => STRING,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

/// Returns the types that the keywords of one schema allow.
fn types_of(members: &Map<String, Value>) -> Types {
    let named = match members.get("type") {
        Some(Value::String(name)) => types_named(name),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).fold(0, |types, name| types | types_named(name))
        }
        None if members.contains_key("properties") || members.contains_key("additionalProperties") => OBJECT,
        None if members.contains_key("items") => ARRAY,
        _ => ANY,
    };
    match values_of(members) {
        Some(values) => named & values.iter().fold(0, |types, value| types | type_of(value)),
        None => named,
    }
}

fn values_of(members: &Map<String, Value>) -> Option<Vec<&Value>> {
    match (members.get("const"), members.get("enum")) {
        (Some(value), _) => Some(vec![value]),
        (None, Some(Value::Array(values))) => Some(values.iter().collect()),
        _ => None,
    }
}

/// One form that a schema allows: no unions, and all of its parts apply.
#[derive(Clone)]
pub(crate) struct Form<'a> {
    parts: Vec<&'a Map<String, Value>>,
    pub(crate) types: Types,
}

impl<'a> Form<'a> {
    /// Returns its types, one at a time.
    pub(crate) fn each_type(&self) -> impl Iterator<Item = Types> + use<> {
        let types = self.types;
        (0..Types::BITS).map(|bit| 1 << bit).filter(move |of| types & of != 0)
    }

    /// Returns whether a part has a keyword with the value true.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.parts.iter().any(|part| part.get(keyword) == Some(&Value::Bool(true)))
    }

    /// Returns whether it says neither what its members nor what its items are, or is null.
    pub(crate) fn is_silent(&self) -> bool {
        self.types & !NULL == 0 || (self.members().next().is_none() && self.items().is_none())
    }

    /// Returns the values that it is limited to.
    pub(crate) fn values(&self) -> Option<Vec<&'a Value>> {
        let mut lists = self.parts.iter().filter_map(|part| values_of(part));
        let first = lists.next()?;
        Some(lists.fold(first, |known, next| known.into_iter().filter(|value| next.contains(value)).collect()))
    }

    /// Returns the values that it is limited to, if they are scalars that are always checked.
    pub(crate) fn scalars(&self) -> Option<Vec<&'a Value>> {
        let is_scalar = |value: &&Value| !value.is_object() && !value.is_array();
        self.values().filter(|values| values.iter().all(is_scalar) && !self.is("checked"))
    }

    /// Returns whether a scalar is allowed.
    pub(crate) fn allows(&self, value: &Value) -> bool {
        self.types & type_of(value) != 0 && self.values().is_none_or(|values| values.contains(&value))
    }

    /// Returns its bounds.
    pub(crate) fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::default();
        for part in &self.parts {
            bounds.add(|name| part.get(name));
        }
        bounds
    }

    /// Returns the members that it declares.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + '_ {
        let objects = self.parts.iter().filter_map(|part| part.get("properties")?.as_object());
        objects.flatten().map(|(name, schema)| (name.as_str(), schema))
    }

    pub(crate) fn member(&self, name: &str) -> Option<&'a Value> {
        self.parts.iter().find_map(|part| part.get("properties")?.get(name))
    }

    pub(crate) fn required(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.parts.iter().flat_map(|part| list(part, "required")).filter_map(Value::as_str)
    }

    /// Returns the schema of members that it does not declare.
    pub(crate) fn additional(&self) -> Option<&'a Value> {
        self.parts.iter().find_map(|part| part.get("additionalProperties"))
    }

    pub(crate) fn items(&self) -> Option<&'a Value> {
        self.parts.iter().find_map(|part| part.get("items"))
    }
}

fn list<'a>(members: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    members.get(name).and_then(Value::as_array).into_iter().flatten()
}
