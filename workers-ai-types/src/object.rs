//! How inputs are written: an object names its members, and a writer decides what becomes of them.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use crate::Media;

/// How a request's body is made of an input's members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// A JSON object.
    Json,
    /// A multipart form.
    Form,
    /// One member as it is, the others beside it.
    Raw {
        /// The member's name on the wire.
        field: &'static str,
    },
    /// A JSON object over the binding; over REST one member as it is, the others beside it.
    Bytes {
        /// The member's name on the wire.
        field: &'static str,
    },
}

/// A value that is written as an object.
pub trait Object {
    /// How a body is made of it.
    const BODY: BodyKind = BodyKind::Json;

    /// Whether the service streams the answer unless told not to.
    const STREAMS_BY_DEFAULT: bool = false;

    /// Writes every member.
    ///
    /// # Errors
    /// The writer's.
    fn members<W: Members>(&self, to: &mut W) -> Result<(), W::Error>;
}

/// Where the members of an object go.
pub trait Members {
    /// What can go wrong.
    type Error;

    /// Writes one member, unless it is absent.
    ///
    /// # Errors
    /// The writer's.
    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error>;

    /// Writes one member of a type that is not ours.
    ///
    /// # Errors
    /// The writer's.
    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error>;

    /// Writes the members that the catalog does not know. They come first, and win over members of the same name.
    ///
    /// # Errors
    /// The writer's.
    fn extra(&mut self, extra: &Extra) -> Result<(), Self::Error>;
}

/// A member's value.
pub trait Wire: Serialize {
    /// Whether it is not sent at all.
    fn is_absent(&self) -> bool {
        false
    }

    /// Its bytes, where it is bytes and not text.
    fn as_media(&self) -> Option<&Media> {
        None
    }
}

macro_rules! wire {
    ($($of:ty),*) => { $(impl Wire for $of {})* };
}
wire!(str, String, bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, f32, f64, Num, Cow<'_, str>);

impl Wire for Value {
    fn is_absent(&self) -> bool {
        self.is_null()
    }
}

impl<T: Wire + ?Sized> Wire for &T {
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
    fn as_media(&self) -> Option<&Media> {
        (**self).as_media()
    }
}
impl<T: Wire + ?Sized> Wire for Box<T> {}
impl<T: Wire> Wire for Vec<T> {}
impl<T: Wire> Wire for BTreeMap<String, T> {}
impl<T: Wire> Wire for Option<T> {
    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Wire::is_absent)
    }
    fn as_media(&self) -> Option<&Media> {
        self.as_ref().and_then(Wire::as_media)
    }
}

/// A number. Whole ones are written without a decimal point.
///
/// ```
/// use workers_ai_types::__private::Num;
/// assert_eq!(serde_json::to_string(&[Num::from(1.0), Num::from(0.5)]).unwrap(), "[1,0.5]");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Num(pub f64);

impl From<f64> for Num {
    fn from(number: f64) -> Self {
        Self(number)
    }
}

impl Serialize for Num {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        const MOST_EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() < MOST_EXACT {
            #[allow(clippy::cast_possible_truncation, reason = "whole and small enough")]
            return to.serialize_i64(self.0 as i64);
        }
        to.serialize_f64(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Num {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        f64::deserialize(from).map(Self)
    }
}

/// Members that the catalog does not know.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extra(BTreeMap<String, Value>);

impl Extra {
    /// None.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds one, or replaces it.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// The one of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All but one.
    pub(crate) fn without(&self, name: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(other, _)| *other != name)
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }

    /// All of them, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What a setter does.
pub fn set<T>(field: &mut Option<T>, value: T) {
    *field = Some(value);
}

/// What a setter does that may have no value, and then changes nothing.
pub fn maybe<T, V>(field: &mut Option<T>, value: Option<V>, make: impl FnOnce(V) -> T) {
    if let Some(value) = value {
        *field = Some(make(value));
    }
}

/// The same, where the field holds the value as it is.
pub fn maybe_same<T>(field: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *field = value;
    }
}

/// A number as it is written.
pub fn number(number: impl Into<f64>) -> Num {
    Num(number.into())
}

/// The items of a list, each made into what the field holds.
pub fn list<T, I: Into<T>>(items: impl IntoIterator<Item = I>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}

/// The items of a list as they are.
pub fn collect<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect()
}

/// The entries of a map, each made into what the field holds.
pub fn map<T, K: Into<String>, V: Into<T>>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// Writes an object with any serializer.
///
/// # Errors
/// The serializer's.
pub fn serialize<T: Object, S: Serializer>(object: &T, to: S) -> Result<S::Ok, S::Error> {
    let mut map = ToMap { map: to.serialize_map(None)?, written: Vec::new() };
    object.members(&mut map)?;
    map.map.end()
}

struct ToMap<M> {
    map: M,
    /// The names of the members that the catalog does not know.
    written: Vec<String>,
}

impl<M> ToMap<M> {
    fn is_written(&self, name: &str) -> bool {
        self.written.iter().any(|written| written == name)
    }
}

impl<M: SerializeMap> Members for ToMap<M> {
    type Error = M::Error;

    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        if value.is_absent() || self.is_written(name) { Ok(()) } else { self.map.serialize_entry(name, value) }
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        if crate::validate::is_null(value) { Ok(()) } else { self.map.serialize_entry(name, value) }
    }

    fn extra(&mut self, extra: &Extra) -> Result<(), M::Error> {
        for (name, value) in extra.iter() {
            self.map.serialize_entry(name, value)?;
            self.written.push(name.to_owned());
        }
        Ok(())
    }
}
