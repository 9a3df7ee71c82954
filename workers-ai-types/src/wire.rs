//! How inputs are encoded: an object names its members, and a writer decides how each one is represented.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{extra::Extra, media::Media};

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
