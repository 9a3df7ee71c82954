//! What is set of an input. Its values are kept by name and not as members of a generated struct, so that how they are cloned,
//! compared, checked and written is compiled once, here.

use std::{fmt, panic::AssertUnwindSafe};

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{
    extra::Extra,
    media::Media,
    wire::{Members, Wire},
};

/// The fields of an input that are set.
#[derive(Clone, Default)]
pub struct Fields {
    /// In the order of the schema.
    set: Vec<Field>,
    extra: Extra,
}

struct Field {
    /// The position in the schema.
    at: u16,
    /// The name on the wire.
    name: &'static str,
    value: AssertUnwindSafe<Box<dyn FieldValue>>,
}

impl Clone for Field {
    fn clone(&self) -> Self {
        Self { value: AssertUnwindSafe(self.value.boxed()), ..*self }
    }
}

impl Fields {
    /// Creates fields of which none is set.
    #[must_use]
    pub const fn new() -> Self {
        Self { set: Vec::new(), extra: Extra::new() }
    }

    /// Sets a field.
    pub fn set<T: Owned>(&mut self, at: u16, name: &'static str, value: T) {
        self.set_boxed(Field { at, name, value: AssertUnwindSafe(Box::new(value)) });
    }

    fn set_boxed(&mut self, field: Field) {
        match self.set.binary_search_by_key(&field.at, |other| other.at) {
            Ok(found) => self.set[found] = field,
            Err(next) => self.set.insert(next, field),
        }
    }

    /// Sets a field that was read, if it was there.
    #[must_use]
    pub fn read<T: Owned>(mut self, at: u16, name: &'static str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.set(at, name, value);
        }
        self
    }

    /// Sets a field that was read, or null.
    #[must_use]
    pub fn read_or_null<T: Owned>(mut self, at: u16, name: &'static str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.set(at, name, value),
            None => self.set(at, name, Null),
        }
        self
    }

    /// Sets the members that the catalog does not know.
    #[must_use]
    pub fn with_extra(mut self, extra: Extra) -> Self {
        self.extra = extra;
        self
    }

    /// Sets a member that the catalog does not know.
    pub fn set_extra(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.extra.set(name, value);
    }

    /// Returns the members that the catalog does not know.
    #[must_use]
    pub fn extra(&self) -> &Extra {
        &self.extra
    }

    /// Returns whether a field is set.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.set.iter().any(|field| field.name == name)
    }

    /// Writes everything that is set.
    pub fn write<W: Members>(&self, to: &mut W) {
        to.extra(&self.extra);
        self.write_known(to);
    }

    /// Writes the fields that the catalog knows.
    pub fn write_known<W: Members>(&self, to: &mut W) {
        for field in &self.set {
            to.member(field.name, &**field.value);
        }
    }

    /// Formats what is set as a struct of this name.
    ///
    /// # Errors
    /// Returns the formatter's error.
    pub fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(name);
        for field in self.set.iter().filter(|field| !FieldValue::is_absent(&**field.value)) {
            shown.field(field.name, &*field.value);
        }
        for (name, value) in &self.extra {
            shown.field(name, value);
        }
        shown.finish()
    }
}

/// Compares what would be sent.
impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        let pairs = || self.set.iter().zip(other.set.iter());
        self.extra == other.extra
            && self.set.len() == other.set.len()
            && pairs().all(|(one, other)| one.name == other.name)
            && pairs().all(|(one, other)| {
                let [one, other] = [one, other].map(|field| serde_json::to_value(&**field.value));
                matches!((one, other), (Ok(one), Ok(other)) if one == other)
            })
    }
}

/// A value that an input can own.
pub trait Owned: Wire + Clone + Send + Sync + 'static {}

impl<T: Wire + Clone + Send + Sync + 'static> Owned for T {}

/// The value of a field, whatever its type.
pub trait FieldValue: fmt::Debug + Send + Sync + erased_serde::Serialize {
    /// Clones the value.
    fn boxed(&self) -> Box<dyn FieldValue>;

    /// Returns `true` if it is not sent.
    fn is_absent(&self) -> bool;

    /// Returns its bytes, if it is a file.
    fn as_media(&self) -> Option<&Media>;
}

impl<T: Owned> FieldValue for T {
    fn boxed(&self) -> Box<dyn FieldValue> {
        Box::new(self.clone())
    }

    fn is_absent(&self) -> bool {
        Wire::is_absent(self)
    }

    fn as_media(&self) -> Option<&Media> {
        Wire::as_media(self)
    }
}

impl Serialize for dyn FieldValue {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        erased_serde::serialize(self, to)
    }
}

impl Wire for dyn FieldValue {
    fn is_absent(&self) -> bool {
        FieldValue::is_absent(self)
    }

    fn as_media(&self) -> Option<&Media> {
        FieldValue::as_media(self)
    }
}

/// A null that is sent.
#[derive(Debug, Clone)]
struct Null;

impl Serialize for Null {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_unit()
    }
}

impl Wire for Null {}
