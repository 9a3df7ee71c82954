//! How answers are read: an object lists its members, and reads them one by one.

use std::{fmt, marker::PhantomData};

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::{DecodeError, extra::Extra};

/// A value that is read from an object.
pub trait ReadObject<'de>: Sized {
    /// The members' names on the wire.
    const MEMBERS: &'static [&'static str];

    /// Reads every member.
    ///
    /// # Errors
    /// The reader's.
    fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error>;
}

/// Where the members of an object come from.
pub trait Reader<'de> {
    /// What can go wrong.
    type Error;

    /// The position of the next member's name among `names`, or their number for another name.
    ///
    /// # Errors
    /// When the document is damaged.
    fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, Self::Error>;

    /// The value of the member just named; null is `None`.
    ///
    /// # Errors
    /// When it is of another type.
    fn value<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, Self::Error>;

    /// The value of the member just named, null included.
    ///
    /// # Errors
    /// When it is of another type.
    fn whole<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, Self::Error>;

    /// The whole number just named, written with or without a decimal point.
    ///
    /// # Errors
    /// When it is no whole number.
    fn integer(&mut self) -> Result<Option<i64>, Self::Error>;

    /// The number just named.
    ///
    /// # Errors
    /// When it is no number.
    fn number(&mut self) -> Result<Option<f64>, Self::Error> {
        self.value()
    }

    /// Passes over the value just named.
    ///
    /// # Errors
    /// When the document is damaged.
    fn skip(&mut self) -> Result<(), Self::Error>;

    /// Keeps the member just named.
    ///
    /// # Errors
    /// When the document is damaged.
    fn keep(&mut self, extra: &mut Extra) -> Result<(), Self::Error>;

    /// The value of a member that must be there.
    ///
    /// # Errors
    /// When it is not.
    fn required<T>(&mut self, name: &'static str, value: Option<T>) -> Result<T, Self::Error>;
}

/// Reads an object with any deserializer.
///
/// # Errors
/// The deserializer's.
pub fn deserialize<'de, T: ReadObject<'de>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: ReadObject<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut FromMap { map, next: 0, name: String::new() })
    }
}

struct FromMap<A> {
    map: A,
    /// The name that is the likeliest: members mostly come in their order.
    next: usize,
    /// The last name, where it is not one of the expected.
    name: String,
}

impl<'de, A: MapAccess<'de>> Reader<'de> for FromMap<A> {
    type Error = A::Error;

    fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, A::Error> {
        let found = self.map.next_key_seed(Name { names, likeliest: self.next, other: &mut self.name })?;
        if let Some(index) = found {
            self.next = index + 1;
        }
        Ok(found)
    }

    fn value<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, A::Error> {
        self.map.next_value()
    }

    fn whole<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, A::Error> {
        self.map.next_value().map(Some)
    }

    fn integer(&mut self) -> Result<Option<i64>, A::Error> {
        Ok(self.map.next_value::<Option<Integer>>()?.map(|Integer(number)| number))
    }

    fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| ())
    }

    fn keep(&mut self, extra: &mut Extra) -> Result<(), A::Error> {
        let value: Value = self.map.next_value()?;
        extra.set(std::mem::take(&mut self.name), value);
        Ok(())
    }

    fn required<T>(&mut self, name: &'static str, value: Option<T>) -> Result<T, A::Error> {
        value.ok_or_else(|| A::Error::custom(format_args!("`{name}` is missing")))
    }
}

/// Finds a name among those expected; any other is kept.
struct Name<'n> {
    names: &'static [&'static str],
    likeliest: usize,
    other: &'n mut String,
}

impl<'de> serde::de::DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let Self { names, likeliest, other } = self;
        if names.get(likeliest) == Some(&name) {
            return Ok(likeliest);
        }
        Ok(names.iter().position(|known| *known == name).unwrap_or_else(|| {
            name.clone_into(other);
            names.len()
        }))
    }
}

/// A whole number, written with or without a decimal point.
pub(crate) struct Integer(pub(crate) i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Whole;
        impl Visitor<'_> for Whole {
            type Value = Integer;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Integer, E> {
                Ok(Integer(number))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Integer, E> {
                i64::try_from(number).map(Integer).map_err(|_| E::custom(format_args!("{number} is too large")))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Integer, E> {
                const MOST_EXACT: f64 = 9_007_199_254_740_992.0;
                if number.fract() == 0.0 && number.abs() <= MOST_EXACT {
                    #[allow(clippy::cast_possible_truncation, reason = "whole and small enough")]
                    return Ok(Integer(number as i64));
                }
                Err(E::custom(format_args!("{number} is not a whole number")))
            }
        }
        from.deserialize_any(Whole)
    }
}

/// A value read once, so that its kind can be looked at before it is read as one type or another.
pub struct Buffered<E> {
    value: Value,
    error: PhantomData<E>,
}

impl<E: Error> Buffered<E> {
    /// Reads the value.
    ///
    /// # Errors
    /// The deserializer's.
    pub fn read<'de, D: Deserializer<'de, Error = E>>(from: D) -> Result<Self, E> {
        Ok(Self { value: Value::deserialize(from)?, error: PhantomData })
    }

    /// Whether it is an object whose member has that value.
    #[must_use]
    pub fn has(&self, member: &str, value: &str) -> bool {
        self.value.get(member).and_then(Value::as_str) == Some(value)
    }

    /// Whether it is an object with these members.
    #[must_use]
    pub fn is_object(&self, members: &[&str]) -> bool {
        self.value.is_object() && members.iter().all(|member| self.value.get(member).is_some())
    }

    /// Whether it is text.
    #[must_use]
    pub fn is_string(&self) -> bool {
        self.value.is_string()
    }

    /// Whether it is true or false.
    #[must_use]
    pub fn is_bool(&self) -> bool {
        self.value.is_boolean()
    }

    /// Whether it is a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.value.is_number()
    }

    /// Whether it is a list.
    #[must_use]
    pub fn is_array(&self) -> bool {
        self.value.is_array()
    }

    /// Reads it as one type.
    ///
    /// # Errors
    /// When it is another.
    pub fn read_as<T: for<'de> Deserialize<'de>>(&self) -> Result<T, E> {
        T::deserialize(&self.value).map_err(E::custom)
    }

    /// The error for a value that is none of the types it may be.
    #[must_use]
    pub fn none_fits(&self) -> E {
        E::custom(format_args!(
            "none of the answers that the model gives: {}",
            crate::invalid::short(&self.value.to_string())
        ))
    }
}

/// Reads a JSON body.
///
/// # Errors
/// When it is not JSON, or not of that type. The body is kept.
pub fn decode_json<T: for<'de> Deserialize<'de>>(content_type: Option<&str>, body: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(body).map_err(|error| DecodeError::new(error.to_string(), content_type, body))
}

/// Any error, as a deserializer's.
pub fn custom<E: Error>(error: impl fmt::Display) -> E {
    E::custom(error)
}
