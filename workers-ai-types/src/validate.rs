//! Checks an input against its model's rules, by walking what would be sent.

use std::fmt;

use serde::{Serialize, Serializer, ser};
use serde_json::Value;

use crate::{
    InvalidInput, Violation,
    extra::Extra,
    fields::FieldValue,
    invalid::{listed, short},
    json::to_text,
    rules::{Check, Rule, Rules},
    wire::{Members, Object, Wire},
};

/// Checks an input, and reports every rule that it breaks.
///
/// # Errors
/// Names each field that breaks a rule, the rule's limit, and the value.
pub fn validate<T: Object>(input: &T, model: &'static str, rules: Rules) -> Result<(), InvalidInput> {
    check(input, model, rules.0)
}

/// Checks an input against the rules of the model with this ID.
pub(crate) fn check<T: Object>(input: &T, model: &'static str, rules: &'static [Rule]) -> Result<(), InvalidInput> {
    let mut walk = Walk { rules, at: Vec::new(), found: Vec::new() };
    input.members(&mut walk);
    walk.end(model)
}

/// Checks members that were added to an input's JSON after it was encoded.
///
/// # Errors
/// Names each member that breaks a rule.
pub fn validate_members<'j>(
    members: impl IntoIterator<Item = (&'j str, &'j Value)>,
    model: &'static str,
    rules: &'static [Rule],
) -> Result<(), InvalidInput> {
    let mut walk = Walk { rules, at: Vec::new(), found: Vec::new() };
    for (name, value) in members {
        walk.json_below(Step::Name(name.to_owned()), value);
    }
    walk.end(model)
}

/// Returns `true` if a value would be written as null.
pub(crate) fn is_null<T: Serialize + ?Sized>(value: &T) -> bool {
    let mut walk = Walk { rules: &[], at: Vec::new(), found: Vec::new() };
    matches!(value.serialize(&mut walk), Ok(Kind::Null))
}

struct Walk {
    rules: &'static [Rule],
    at: Vec<Step>,
    found: Vec<Violation>,
}

enum Step {
    Name(String),
    Item(usize),
}

/// The kind of a value.
enum Kind {
    Null,
    Other,
}

/// The error of a walk that a value's own `Serialize` stopped.
#[derive(Debug)]
struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value cannot be written")
    }
}

impl std::error::Error for Stopped {}

impl ser::Error for Stopped {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl Walk {
    fn end(self, model: &'static str) -> Result<(), InvalidInput> {
        if self.found.is_empty() { Ok(()) } else { Err(InvalidInput { model, violations: self.found }) }
    }

    /// Checks what was found against the rules for the current path.
    fn check(&mut self, found: &Found<'_>) {
        self.check_with(self.rules, found);
    }

    fn check_with(&mut self, rules: &'static [Rule], found: &Found<'_>) {
        for rule in rules {
            if let Check::Also(rules) = rule.check {
                self.check_with(rules, found);
            } else if let Some(check) = rule.check.bounds().into_iter().flatten().find(|check| !found.meets(*check))
                && self.is_at(rule.path)
            {
                let violation = Violation {
                    field: self.name(rule.field),
                    path: self.name(rule.path),
                    check,
                    rule: rule.message.into(),
                    value: found.shown(check),
                };
                self.found.push(violation);
            }
        }
    }

    /// Refuses a number that JSON does not have.
    fn refuse_not_finite(&mut self, value: f64) {
        let mut path = String::new();
        for step in &self.at {
            match step {
                Step::Name(name) if path.is_empty() => path.push_str(name),
                Step::Name(name) => path.extend([".", name]),
                Step::Item(index) => path.extend(["[", &index.to_string(), "]"]),
            }
        }
        self.found.push(Violation {
            field: path.clone(),
            path,
            check: Check::Number { min: f64::MIN, max: f64::MAX },
            rule: "must be a finite number".into(),
            value: value.to_string(),
        });
    }

    /// Returns whether the items here must differ.
    fn must_differ(&self) -> bool {
        self.rules.iter().any(|rule| rule.check == Check::Unique && self.is_at(rule.path))
    }

    fn is_at(&self, pattern: &str) -> bool {
        let mut rest = pattern;
        for step in &self.at {
            match step {
                Step::Item(index) => {
                    let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
                        return false;
                    };
                    if !inside.is_empty() && inside.parse() != Ok(*index) {
                        return false;
                    }
                    rest = after;
                }
                Step::Name(name) => {
                    rest = rest.strip_prefix('.').unwrap_or(rest);
                    let after = rest
                        .strip_prefix(name.as_str())
                        .filter(|after| after.is_empty() || after.starts_with(['.', '[']));
                    match after.or_else(|| rest.strip_prefix('*')) {
                        Some(after) => rest = after,
                        None => return false,
                    }
                }
            }
        }
        rest.is_empty()
    }

    /// Returns the path of a rule with the actual indexes and names.
    fn name(&self, pattern: &str) -> String {
        let mut indexes = self.at.iter().filter_map(|step| match step {
            Step::Item(index) => Some(*index),
            Step::Name(_) => None,
        });
        let mut name = String::new();
        for (position, part) in pattern.split("[]").enumerate() {
            if position > 0 {
                let index = indexes.next().unwrap_or_default();
                name.extend(["[", &index.to_string(), "]"]);
            }
            name.push_str(part);
        }
        if let (Some(stem), Some(Step::Name(last))) = (name.strip_suffix('*'), self.at.last()) {
            return format!("{stem}{last}");
        }
        name
    }

    /// Returns whether a rule asks for the value here as a whole.
    fn asks_for_whole(&self) -> bool {
        let asks = |rule: &Rule| matches!(rule.check, Check::Types(_) | Check::Equals(_));
        self.rules.iter().any(|rule| asks(rule) && self.is_at(rule.path))
    }

    /// Checks a value of any type.
    fn below<T: Serialize + ?Sized>(&mut self, step: Step, value: &T) -> Result<(), Stopped> {
        self.at.push(step);
        if self.asks_for_whole()
            && let Ok(value) = serde_json::to_value(value)
        {
            self.check(&Found::Whole(&value));
        }
        let result = value.serialize(&mut *self).map(|_| ());
        self.at.pop();
        result
    }

    /// Does the same for JSON, which is what inputs keep: without the code that a serializer is.
    fn json_below(&mut self, step: Step, value: &Value) {
        self.at.push(step);
        if self.asks_for_whole() {
            self.check(&Found::Whole(value));
        }
        self.json(value);
        self.at.pop();
    }

    fn json(&mut self, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(flag) => self.check(&Found::Flag(*flag)),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(integer), _) => self.check(&Found::Signed(integer)),
                (None, Some(integer)) => self.check(&Found::Unsigned(integer)),
                (None, None) => self.number(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => self.check(&Found::Text(text)),
            Value::Array(items) => {
                let twice = self.must_differ().then(|| {
                    let before = |at: usize| items[..at].contains(&items[at]);
                    (0..items.len()).rfind(|at| before(*at)).map(|at| to_text(&items[at]))
                });
                for (at, item) in items.iter().enumerate() {
                    self.json_below(Step::Item(at), item);
                }
                self.items(items.len(), twice.flatten().as_deref());
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.json_below(Step::Name(name.clone()), member);
                }
                self.check(&Found::Members(&members.keys().map(String::as_str).collect::<Vec<_>>()));
            }
        }
    }

    fn number(&mut self, value: f64) {
        if value.is_finite() {
            self.check(&Found::Number(value));
        } else {
            self.refuse_not_finite(value);
        }
    }

    /// Checks a list whose items have been checked. `twice` is one that is there twice.
    fn items(&mut self, count: usize, twice: Option<&str>) {
        self.check(&Found::Items(count as u64));
        if let Some(twice) = twice {
            self.check(&Found::Twice(twice));
        }
    }
}

/// The findings of the walk.
enum Found<'v> {
    Flag(bool),
    Signed(i64),
    Unsigned(u64),
    Number(f64),
    Text(&'v str),
    /// A list with so many items.
    Items(u64),
    /// A list with this item twice.
    Twice(&'v str),
    /// An object with these members.
    Members(&'v [&'v str]),
    /// Any value, for the rules that ask for it as a whole.
    Whole(&'v Value),
}

impl Found<'_> {
    fn meets(&self, check: Check) -> bool {
        match *self {
            Self::Flag(_) => check.flag(),
            Self::Signed(value) => check.integer(value.into()),
            Self::Unsigned(value) => check.integer(value.into()),
            Self::Number(value) => check.number(value),
            Self::Text(text) => check.text(text),
            Self::Items(count) => check.items(count),
            Self::Twice(_) => check.unique(false),
            Self::Members(names) => check.members(names),
            Self::Whole(value) => check.whole(value),
        }
    }

    fn shown(&self, check: Check) -> String {
        match self {
            Self::Flag(value) => value.to_string(),
            Self::Signed(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => short(text),
            Self::Items(count) => counted(*count, "item", "items"),
            Self::Twice(item) => format!("{} twice", short(item)),
            Self::Members(names) if matches!(check, Check::Present(_) | Check::Absent(_)) => listed(names),
            Self::Members(names) => counted(names.len() as u64, "entry", "entries"),
            Self::Whole(value) => short(&to_text(value)),
        }
    }
}

// A value that cannot be walked fails when it is sent.
impl Members for Walk {
    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        if value.is_absent() || value.as_media().is_some() {
            return self;
        }
        let step = Step::Name(name.to_owned());
        match value.as_field() {
            Some(FieldValue::Json(json)) => self.json_below(step, json),
            Some(FieldValue::NotFinite(number)) => {
                self.at.push(step);
                self.number(*number);
                self.at.pop();
            }
            Some(FieldValue::File(..) | FieldValue::Failed(_)) => {}
            None => _ = self.below(step, value),
        }
        self
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        let _ = self.below(Step::Name(name.to_owned()), value);
        self
    }

    fn extra(&mut self, _: &Extra) -> &mut Self {
        self
    }
}

macro_rules! integers {
    ($as:ident: $($method:ident $of:ty),*) => { $(
        fn $method(self, value: $of) -> Result<Kind, Stopped> {
            self.check(&Found::$as(value.into()));
            Ok(Kind::Other)
        }
    )* };
}

impl<'w> Serializer for &'w mut Walk {
    type Ok = Kind;
    type Error = Stopped;
    type SerializeSeq = Several<'w>;
    type SerializeTuple = Several<'w>;
    type SerializeTupleStruct = Several<'w>;
    type SerializeTupleVariant = Several<'w>;
    type SerializeMap = Named<'w>;
    type SerializeStruct = Named<'w>;
    type SerializeStructVariant = Named<'w>;

    integers!(Signed: serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    integers!(Unsigned: serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_f32(self, value: f32) -> Result<Kind, Stopped> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<Kind, Stopped> {
        self.number(value);
        Ok(Kind::Other)
    }

    fn serialize_str(self, value: &str) -> Result<Kind, Stopped> {
        self.check(&Found::Text(value));
        Ok(Kind::Other)
    }

    fn serialize_char(self, value: char) -> Result<Kind, Stopped> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_bool(self, value: bool) -> Result<Kind, Stopped> {
        self.check(&Found::Flag(value));
        Ok(Kind::Other)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Kind, Stopped> {
        Ok(Kind::Other)
    }

    fn serialize_none(self) -> Result<Kind, Stopped> {
        Ok(Kind::Null)
    }

    fn serialize_unit(self) -> Result<Kind, Stopped> {
        Ok(Kind::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Kind, Stopped> {
        Ok(Kind::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Kind, Stopped> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Kind, Stopped> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Kind, Stopped> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Kind, Stopped> {
        self.below(Step::Name(variant.to_owned()), value)?;
        Ok(Kind::Other)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Several<'w>, Stopped> {
        let seen = self.must_differ().then(Vec::new);
        Ok(Several { walk: self, count: 0, seen, twice: None })
    }

    fn serialize_tuple(self, _: usize) -> Result<Several<'w>, Stopped> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Several<'w>, Stopped> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Several<'w>, Stopped> {
        self.serialize_seq(None)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Named<'w>, Stopped> {
        Ok(Named { walk: self, names: Vec::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Named<'w>, Stopped> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Named<'w>, Stopped> {
        self.serialize_map(None)
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A list on the walk.
struct Several<'w> {
    walk: &'w mut Walk,
    count: usize,
    /// The items so far as JSON, if they must differ.
    seen: Option<Vec<String>>,
    twice: Option<String>,
}

impl Several<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stopped> {
        let at = self.count;
        self.count += 1;
        if let Some(seen) = &mut self.seen {
            let item = serde_json::to_string(value).map_err(|_| Stopped)?;
            if seen.contains(&item) {
                self.twice = Some(item);
            } else {
                seen.push(item);
            }
        }
        self.walk.below(Step::Item(at), value)
    }

    fn finish(self) -> Kind {
        self.walk.items(self.count, self.twice.as_deref());
        Kind::Other
    }
}

macro_rules! several {
    ($($of:ident $method:ident),*) => { $(
        impl ser::$of for Several<'_> {
            type Ok = Kind;
            type Error = Stopped;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stopped> {
                self.item(value)
            }
            fn end(self) -> Result<Kind, Stopped> {
                Ok(self.finish())
            }
        }
    )* };
}
several!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field, SerializeTupleVariant serialize_field);

/// An object or map on the walk.
struct Named<'w> {
    walk: &'w mut Walk,
    names: Vec<String>,
}

impl Named<'_> {
    fn finish(self) -> Kind {
        self.walk.check(&Found::Members(&self.names.iter().map(String::as_str).collect::<Vec<_>>()));
        Kind::Other
    }
}

impl ser::SerializeMap for Named<'_> {
    type Ok = Kind;
    type Error = Stopped;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stopped> {
        let name = match serde_json::to_value(key) {
            Ok(Value::String(name)) => name,
            Ok(other) => to_text(&other),
            Err(_) => return Err(Stopped),
        };
        self.names.push(name);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stopped> {
        let name = self.names.last().cloned().unwrap_or_default();
        self.walk.below(Step::Name(name), value)
    }

    fn end(self) -> Result<Kind, Stopped> {
        Ok(self.finish())
    }
}

macro_rules! named {
    ($($of:ident),*) => { $(
        impl ser::$of for Named<'_> {
            type Ok = Kind;
            type Error = Stopped;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Stopped> {
                self.names.push(key.to_owned());
                self.walk.below(Step::Name(key.to_owned()), value)
            }
            fn end(self) -> Result<Kind, Stopped> {
                Ok(self.finish())
            }
        }
    )* };
}
named!(SerializeStruct, SerializeStructVariant);
