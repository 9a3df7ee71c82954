//! How inputs are encoded: an object names its members, and a writer decides how each one is represented.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{extra::Extra, fields::FieldValue, media::Media, whole::MAX_EXACT_INTEGER};

/// How the body of a request is built from the members of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// A JSON object.
    Json,
    /// A multipart form.
    Form,
    /// One member as it is, with the others beside it.
    Raw {
        /// The name of the member on the wire.
        field: &'static str,
    },
    /// One member as it is, with the others beside it; the service also takes a JSON object.
    Bytes {
        /// The name of the member on the wire.
        field: &'static str,
    },
}

/// A value that is encoded as an object.
pub trait Object {
    /// How a body is built from it.
    const BODY: BodyKind = BodyKind::Json;

    /// Whether the service streams the output by default.
    const STREAMS_BY_DEFAULT: bool = false;

    /// Writes every member.
    fn members<W: Members>(&self, to: &mut W);
}

/// The destination of an object's members. It keeps its first error: a branch for each member would be most of what is compiled
/// for an object.
pub trait Members {
    /// Writes a member, unless it is absent.
    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self;

    /// Writes a member of a type that implements `Serialize` only.
    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self;

    /// Writes the members that the catalog does not know. They come first, and take precedence over members of the same name.
    fn extra(&mut self, extra: &Extra) -> &mut Self;
}

/// A destination that fails member by member.
pub(crate) trait TryMembers {
    type Error;

    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error>;

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Self::Error>;

    fn extra(&mut self, extra: &Extra) -> Result<(), Self::Error>;
}

/// Writes an object's members until one fails.
pub(crate) fn try_members<T: Object, W: TryMembers>(object: &T, to: W) -> Result<W, W::Error> {
    let mut members = UntilError { to, error: None };
    object.members(&mut members);
    match members.error {
        Some(error) => Err(error),
        None => Ok(members.to),
    }
}

struct UntilError<W: TryMembers> {
    to: W,
    error: Option<W::Error>,
}

impl<W: TryMembers> UntilError<W> {
    fn step(&mut self, write: impl FnOnce(&mut W) -> Result<(), W::Error>) -> &mut Self {
        if self.error.is_none() {
            self.error = write(&mut self.to).err();
        }
        self
    }
}

impl<W: TryMembers> Members for UntilError<W> {
    fn member<T: Wire + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        self.step(|to| to.member(name, value))
    }

    fn value<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Self {
        self.step(|to| to.value(name, value))
    }

    fn extra(&mut self, extra: &Extra) -> &mut Self {
        self.step(|to| to.extra(extra))
    }
}

/// The value of a member.
pub trait Wire: Serialize {
    /// Converts it to JSON.
    ///
    /// # Errors
    /// Fails if JSON cannot express it.
    fn into_json(self) -> Result<Value, serde_json::Error>
    where
        Self: Sized,
    {
        self.to_json()
    }

    /// Returns it as JSON.
    ///
    /// # Errors
    /// Fails if JSON cannot express it.
    fn to_json(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(self)
    }

    /// Returns it as what an input keeps, if it is that.
    fn as_field(&self) -> Option<&FieldValue> {
        None
    }

    /// Converts it to what an input keeps.
    fn into_field(self) -> FieldValue
    where
        Self: Sized,
    {
        match self.into_json() {
            Ok(value) => FieldValue::Json(value),
            Err(error) => FieldValue::Failed(error.to_string()),
        }
    }

    /// Returns `true` if it is not sent.
    fn is_absent(&self) -> bool {
        false
    }

    /// Returns its bytes, if it is a file.
    fn as_media(&self) -> Option<&Media> {
        None
    }
}

macro_rules! wire {
    ($($of:ty),*) => { $(
        impl Wire for $of {
            fn to_json(&self) -> Result<Value, serde_json::Error> {
                Ok(Value::from(self.to_owned()))
            }
        }
    )* };
}
wire!(str, bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, f32, f64, Cow<'_, str>);

impl Wire for String {
    fn into_json(self) -> Result<Value, serde_json::Error> {
        Ok(Value::String(self))
    }
}

impl Wire for Num {
    fn into_json(self) -> Result<Value, serde_json::Error> {
        match self.whole() {
            Some(whole) => Ok(whole.into()),
            None if self.0.is_finite() => Ok(self.0.into()),
            None => Err(serde::ser::Error::custom(format_args!("{} is not a finite number", self.0))),
        }
    }

    fn into_field(self) -> FieldValue {
        self.into_json().map_or(FieldValue::NotFinite(self.0), FieldValue::Json)
    }
}

impl Wire for Value {
    fn into_json(self) -> Result<Value, serde_json::Error> {
        Ok(self)
    }
    fn is_absent(&self) -> bool {
        self.is_null()
    }
}

impl<T: Wire + ?Sized> Wire for &T {
    fn to_json(&self) -> Result<Value, serde_json::Error> {
        (**self).to_json()
    }
    fn as_field(&self) -> Option<&FieldValue> {
        (**self).as_field()
    }
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
    fn as_media(&self) -> Option<&Media> {
        (**self).as_media()
    }
}
/// A member that is sent if it is null, too.
pub struct Kept<'v, T>(pub &'v T);

impl<T: Serialize> Serialize for Kept<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<T: Serialize> Wire for Kept<'_, T> {}

impl<T: Wire + ?Sized> Wire for Box<T> {}
impl<T: Wire> Wire for Vec<T> {
    fn into_json(self) -> Result<Value, serde_json::Error> {
        self.into_iter().map(Wire::into_json).collect()
    }
}
impl<T: Wire> Wire for BTreeMap<String, T> {
    fn into_json(self) -> Result<Value, serde_json::Error> {
        let entries = self.into_iter().map(|(name, value)| Ok((name, value.into_json()?)));
        entries.collect::<Result<Map<String, Value>, _>>().map(Value::Object)
    }
}
impl<T: Wire> Wire for Option<T> {
    fn to_json(&self) -> Result<Value, serde_json::Error> {
        self.as_ref().map_or(Ok(Value::Null), Wire::to_json)
    }
    fn as_field(&self) -> Option<&FieldValue> {
        self.as_ref().and_then(Wire::as_field)
    }
    fn into_json(self) -> Result<Value, serde_json::Error> {
        self.map_or(Ok(Value::Null), Wire::into_json)
    }
    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Wire::is_absent)
    }
    fn as_media(&self) -> Option<&Media> {
        self.as_ref().and_then(Wire::as_media)
    }
}

/// A number. Integers are written without a decimal point.
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

impl Num {
    /// Returns it as an integer, if it is one.
    fn whole(self) -> Option<i64> {
        #[allow(clippy::cast_possible_truncation, reason = "whole and small enough")]
        (self.0.fract() == 0.0 && self.0.abs() < MAX_EXACT_INTEGER).then_some(self.0 as i64)
    }
}

impl Serialize for Num {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.whole() {
            Some(whole) => to.serialize_i64(whole),
            None => to.serialize_f64(self.0),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Num {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        f64::deserialize(from).map(Self)
    }
}
