//! How outputs are read: an object lists its members, and reads them one by one.

use std::{fmt, marker::PhantomData};

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::{extra::Extra, wire::MAX_EXACT_INTEGER};

/// A value that is read from an object.
pub trait ReadObject<'de>: Sized {
    /// The names of the members on the wire.
    const MEMBERS: &'static [&'static str];

    /// Reads every member.
    ///
    /// # Errors
    /// Returns the reader's error.
    fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error>;
}

/// The source of an object's members.
pub trait Reader<'de> {
    /// The error of the source.
    type Error;

    /// Returns the index of the next member's name in `names`, or their number for another name.
    ///
    /// # Errors
    /// Fails if the document is invalid.
    fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, Self::Error>;

    /// Reads the value of the current member; null is `None`.
    ///
    /// # Errors
    /// Fails if it has another type.
    fn value<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, Self::Error>;

    /// Reads the value of the current member, null included.
    ///
    /// # Errors
    /// Fails if it has another type.
    fn whole<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, Self::Error>;

    /// Reads an integer, written with or without a decimal point.
    ///
    /// # Errors
    /// Fails if it is not an integer.
    fn integer(&mut self) -> Result<Option<i64>, Self::Error>;

    /// Reads a number.
    ///
    /// # Errors
    /// Fails if it is not a number.
    fn number(&mut self) -> Result<Option<f64>, Self::Error> {
        self.value()
    }

    /// Skips the value of the current member.
    ///
    /// # Errors
    /// Fails if the document is invalid.
    fn skip(&mut self) -> Result<(), Self::Error>;

    /// Keeps the current member.
    ///
    /// # Errors
    /// Fails if the document is invalid.
    fn keep(&mut self, extra: &mut Extra) -> Result<(), Self::Error>;

    /// Returns the value of a required member.
    ///
    /// # Errors
    /// Fails if it is missing.
    fn required<T>(&mut self, name: &'static str, value: Option<T>) -> Result<T, Self::Error>;
}

/// Reads an object with any deserializer.
///
/// # Errors
/// Returns the deserializer's error.
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
    /// The index of the likeliest name: members usually arrive in order.
    next: usize,
    /// The current name, if it is not one of the expected.
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

/// An integer, written with or without a decimal point.
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
                if number.fract() == 0.0 && number.abs() <= MAX_EXACT_INTEGER {
                    #[allow(clippy::cast_possible_truncation, reason = "whole and small enough")]
                    return Ok(Integer(number as i64));
                }
                Err(E::custom(format_args!("{number} is not a whole number")))
            }
        }
        from.deserialize_any(Whole)
    }
}

/// A value that is read once, so that its kind can be inspected before it is read as one type or another.
pub struct Buffered<E> {
    value: Value,
    error: PhantomData<E>,
}

impl<E: Error> Buffered<E> {
    /// Reads the value.
    ///
    /// # Errors
    /// Returns the deserializer's error.
    pub fn read<'de, D: Deserializer<'de, Error = E>>(from: D) -> Result<Self, E> {
        Ok(Self { value: Value::deserialize(from)?, error: PhantomData })
    }

    /// Returns `true` for an object with a member of this value.
    #[must_use]
    pub fn has(&self, member: &str, value: &str) -> bool {
        self.value.get(member).and_then(Value::as_str) == Some(value)
    }

    /// Returns `true` for an object with these members.
    #[must_use]
    pub fn is_object(&self, members: &[&str]) -> bool {
        self.value.is_object() && members.iter().all(|member| self.value.get(member).is_some())
    }

    /// Returns `true` for a string.
    #[must_use]
    pub fn is_string(&self) -> bool {
        self.value.is_string()
    }

    /// Returns `true` for a boolean.
    #[must_use]
    pub fn is_bool(&self) -> bool {
        self.value.is_boolean()
    }

    /// Returns `true` for a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.value.is_number()
    }

    /// Returns `true` for an array.
    #[must_use]
    pub fn is_array(&self) -> bool {
        self.value.is_array()
    }

    /// Reads it as a type.
    ///
    /// # Errors
    /// Fails if it has another type.
    pub fn read_as<T: for<'de> Deserialize<'de>>(&self) -> Result<T, E> {
        T::deserialize(&self.value).map_err(E::custom)
    }

    /// Returns the error for a value that has none of the expected types.
    #[must_use]
    pub fn none_fits(&self) -> E {
        E::custom(format_args!(
            "none of the answers that the model gives: {}",
            crate::invalid::short(&self.value.to_string())
        ))
    }
}

/// Converts an error to a deserializer's.
pub fn custom<E: Error>(error: impl fmt::Display) -> E {
    E::custom(error)
}
