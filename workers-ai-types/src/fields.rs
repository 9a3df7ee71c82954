//! The values that are set in an input. They are kept by name and not as members of a generated struct: how they are cloned,
//! compared, checked and written is compiled once, here.

use std::fmt;

use serde::{Serialize, Serializer, ser::Error as _};
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

#[derive(Clone)]
struct Field {
    /// The position in the schema.
    at: u16,
    /// The name on the wire.
    name: &'static str,
    value: FieldValue,
}

/// The value of a field, as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// JSON.
    Json(Value),
    /// A file, which may travel as it is.
    File(Media, FileJson),
    /// A number that JSON does not have. It is refused when the input is checked.
    NotFinite(f64),
    /// A value that could not be written as JSON, with the error.
    Failed(String),
}

/// How a file is written inside JSON. It has its function with it, so that only models with files bring the code for base64.
#[derive(Clone, Copy)]
pub struct FileJson {
    name: &'static str,
    /// `None`: an array of byte values.
    text: Option<fn(&Media) -> String>,
}

impl FileJson {
    /// As base64.
    pub const BASE64: Self = Self { name: "base64", text: Some(Media::to_base64) };
    /// As a data URI.
    pub const DATA_URI: Self = Self { name: "data URI", text: Some(Media::to_data_uri) };
    /// As an array of byte values.
    pub const BYTES: Self = Self { name: "bytes", text: None };

    /// Returns a file as JSON.
    fn of(self, media: &Media) -> Value {
        match self.text {
            Some(text) => text(media).into(),
            None => media.bytes().iter().copied().collect(),
        }
    }

    /// Writes a file.
    ///
    /// # Errors
    /// Returns the serializer's error.
    pub(crate) fn serialize<S: Serializer>(self, media: &Media, to: S) -> Result<S::Ok, S::Error> {
        match self.text {
            Some(text) => to.serialize_str(&text(media)),
            None => to.collect_seq(media.bytes()),
        }
    }
}

impl PartialEq for FileJson {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for FileJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Fields {
    /// Creates fields of which none is set.
    #[must_use]
    pub const fn new() -> Self {
        Self { set: Vec::new(), extra: Extra::new() }
    }

    /// Sets a field. Null unsets it.
    pub fn set(&mut self, at: u16, name: &'static str, value: FieldValue) {
        let found = self.set.binary_search_by_key(&at, |other| other.at);
        match (found, value) {
            (Ok(found), FieldValue::Json(Value::Null)) => {
                self.set.remove(found);
            }
            (Err(_), FieldValue::Json(Value::Null)) => {}
            (_, value) => self.set_or_null(at, name, value),
        }
    }

    /// Sets a field, to null as well.
    pub fn set_or_null(&mut self, at: u16, name: &'static str, value: FieldValue) {
        let field = Field { at, name, value };
        match self.set.binary_search_by_key(&at, |other| other.at) {
            Ok(found) => self.set[found] = field,
            Err(next) => self.set.insert(next, field),
        }
    }

    /// Sets a field to null, which is a value of it.
    pub fn set_null(&mut self, at: u16, name: &'static str) {
        self.set_or_null(at, name, FieldValue::Json(Value::Null));
    }

    /// Sets a field that was read, if it was there.
    #[must_use]
    pub fn read<T: Wire>(mut self, at: u16, name: &'static str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.set(at, name, value.into_field());
        }
        self
    }

    /// Sets a field that was read, or null.
    #[must_use]
    pub fn read_or_null<T: Wire>(mut self, at: u16, name: &'static str, value: Option<T>) -> Self {
        self.set_or_null(at, name, value.map_or(FieldValue::Json(Value::Null), Wire::into_field));
        self
    }

    /// Sets a field that was read, to null as well, if it was there.
    #[must_use]
    pub fn read_present<T: Wire>(self, at: u16, name: &'static str, value: Option<Option<T>>) -> Self {
        match value {
            Some(value) => self.read_or_null(at, name, value),
            None => self,
        }
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
            to.member(field.name, &field.value);
        }
    }

    /// Iterates over the known fields that are sent: members that the catalog does not know take precedence.
    fn sent(&self) -> impl Iterator<Item = &Field> {
        self.set.iter().filter(|field| self.extra.get(field.name).is_none())
    }

    /// Formats what is sent as a struct of this name, with its values as JSON.
    ///
    /// # Errors
    /// Returns the formatter's error.
    pub fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(name);
        for Field { name, value, .. } in self.sent() {
            match value {
                FieldValue::Json(value) => shown.field(name, &format_args!("{value}")),
                FieldValue::File(media, _) => shown.field(name, media),
                FieldValue::NotFinite(number) => shown.field(name, number),
                FieldValue::Failed(error) => shown.field(name, &format_args!("<{error}>")),
            };
        }
        for (name, value) in &self.extra {
            shown.field(name, &format_args!("{value}"));
        }
        shown.finish()
    }
}

/// Compares what is sent.
impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.extra == other.extra
            && self.sent().count() == other.sent().count()
            && self.sent().zip(other.sent()).all(|(one, other)| one.name == other.name && one.value == other.value)
    }
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(value) => value.serialize(to),
            Self::File(media, json) => json.serialize(media, to),
            Self::NotFinite(number) => to.serialize_f64(*number),
            Self::Failed(error) => Err(S::Error::custom(error)),
        }
    }
}

impl Wire for FieldValue {
    fn to_json(&self) -> Result<Value, serde_json::Error> {
        Ok(match self {
            Self::Json(value) => value.clone(),
            Self::File(media, json) => json.of(media),
            Self::NotFinite(_) => Value::Null,
            Self::Failed(error) => return Err(serde_json::Error::custom(error)),
        })
    }

    fn as_field(&self) -> Option<&FieldValue> {
        Some(self)
    }

    fn as_media(&self) -> Option<&Media> {
        match self {
            Self::File(media, _) => Some(media),
            _ => None,
        }
    }
}
