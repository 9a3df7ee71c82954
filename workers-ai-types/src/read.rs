//! How outputs are read: an object lists its members, and reads them one by one.

use std::{fmt, marker::PhantomData};

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::{
    chat::{MaybeUsage, Usage},
    extra::Extra,
    invalid::{listed, short},
    json::to_text,
    whole::make_whole,
};

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
    fn value<T: Deserialize<'de>>(&mut self, to: &mut Option<T>) -> Result<(), Self::Error>;

    /// Reads the value of the current member, null included.
    ///
    /// # Errors
    /// Fails if it has another type.
    fn whole<T: Deserialize<'de>>(&mut self, to: &mut Option<T>) -> Result<(), Self::Error>;

    /// Reads an integer, written with or without a decimal point.
    ///
    /// # Errors
    /// Fails if it is not an integer, or one that the type cannot hold.
    fn integer<T: TryFrom<i64> + TryFrom<u64>>(&mut self, to: &mut Option<T>) -> Result<(), Self::Error>;

    /// Reads a collection of integers, written with or without a decimal point.
    ///
    /// # Errors
    /// Fails if it has another type.
    fn integers<T: for<'a> Deserialize<'a>>(&mut self, to: &mut Option<T>) -> Result<(), Self::Error>;

    /// Reads integers, written with or without a decimal point; null is a value.
    ///
    /// # Errors
    /// Fails if it has another type.
    fn whole_integers<T: for<'a> Deserialize<'a>>(&mut self, to: &mut Option<T>) -> Result<(), Self::Error>;

    /// Reads a value that is compared once the object's alternative is known.
    ///
    /// # Errors
    /// Fails if the document is invalid.
    fn undecided(&mut self, to: &mut Option<Value>) -> Result<(), Self::Error> {
        self.whole(to)
    }

    /// Compares what was read of a member that has only one value.
    ///
    /// # Errors
    /// Fails if it has another one, or if it is missing and required.
    fn expect(
        &mut self,
        name: &'static str,
        wanted: impl Into<Value>,
        found: Option<&Value>,
        required: bool,
    ) -> Result<(), Self::Error>;

    /// Refuses the current member, which the object must not have.
    ///
    /// # Errors
    /// Always fails.
    fn refuse(&mut self) -> Result<(), Self::Error>;

    /// Reads a member that has only one value.
    ///
    /// # Errors
    /// Fails if it has another one.
    fn constant(
        &mut self,
        name: &'static str,
        wanted: impl Into<Value>,
        to: &mut Option<()>,
    ) -> Result<(), Self::Error>;

    /// Reads usage, which is absent if it cannot be read.
    ///
    /// # Errors
    /// Fails if the document is invalid.
    fn usage(&mut self, to: &mut Option<Usage>) -> Result<(), Self::Error> {
        let mut usage = None;
        self.value(&mut usage)?;
        *to = usage.and_then(|MaybeUsage(usage)| usage);
        Ok(())
    }

    /// Reads a number.
    ///
    /// # Errors
    /// Fails if it is not a number.
    fn number(&mut self, to: &mut Option<f64>) -> Result<(), Self::Error> {
        self.value(to)
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

    /// Returns the error for required members of which some are missing.
    fn missing(&mut self, required: &[(&'static str, bool)]) -> Self::Error;

    /// Returns the value of a required member.
    ///
    /// # Errors
    /// Fails if it is missing.
    fn required<T>(&mut self, name: &'static str, value: Option<T>) -> Result<T, Self::Error> {
        value.ok_or_else(|| self.missing(&[(name, true)]))
    }
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

    fn value<T: Deserialize<'de>>(&mut self, to: &mut Option<T>) -> Result<(), A::Error> {
        *to = self.map.next_value()?;
        Ok(())
    }

    fn whole<T: Deserialize<'de>>(&mut self, to: &mut Option<T>) -> Result<(), A::Error> {
        *to = Some(self.map.next_value()?);
        Ok(())
    }

    fn integer<T: TryFrom<i64> + TryFrom<u64>>(&mut self, to: &mut Option<T>) -> Result<(), A::Error> {
        let mut json: Value = self.map.next_value()?;
        make_whole(&mut json);
        let signed = json.as_i64().map(|number| T::try_from(number).ok());
        let unsigned = json.as_u64().map(|number| T::try_from(number).ok());
        *to = match signed.or(unsigned) {
            Some(Some(integer)) => Some(integer),
            None if json.is_null() => None,
            found => {
                let is_not = if found.is_some() { "out of range" } else { "not a whole number" };
                return Err(A::Error::custom(format_args!("{} is {is_not}", shown(&json))));
            }
        };
        Ok(())
    }

    fn integers<T: for<'a> Deserialize<'a>>(&mut self, to: &mut Option<T>) -> Result<(), A::Error> {
        let mut value: Value = self.map.next_value()?;
        make_whole(&mut value);
        *to = Option::deserialize(value).map_err(A::Error::custom)?;
        Ok(())
    }

    fn constant(&mut self, name: &'static str, wanted: impl Into<Value>, to: &mut Option<()>) -> Result<(), A::Error> {
        let found: Value = self.map.next_value()?;
        self.expect(name, wanted, Some(&found), true)?;
        *to = Some(());
        Ok(())
    }

    fn expect(
        &mut self,
        name: &'static str,
        wanted: impl Into<Value>,
        found: Option<&Value>,
        required: bool,
    ) -> Result<(), A::Error> {
        let Some(mut found) = found.cloned() else {
            return if required { Err(self.missing(&[(name, true)])) } else { Ok(()) };
        };
        make_whole(&mut found);
        let mut wanted = wanted.into();
        make_whole(&mut wanted);
        if found == wanted {
            return Ok(());
        }
        Err(A::Error::custom(format_args!("`{name}` must be {}, not {}", to_text(&wanted), shown(&found))))
    }

    fn whole_integers<T: for<'a> Deserialize<'a>>(&mut self, to: &mut Option<T>) -> Result<(), A::Error> {
        let mut value: Value = self.map.next_value()?;
        make_whole(&mut value);
        *to = Some(T::deserialize(value).map_err(A::Error::custom)?);
        Ok(())
    }

    fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>().map(|_| ())
    }

    fn refuse(&mut self) -> Result<(), A::Error> {
        Err(A::Error::custom(format_args!("`{}` is not a member of this object", self.name)))
    }

    fn keep(&mut self, extra: &mut Extra) -> Result<(), A::Error> {
        let value: Value = self.map.next_value()?;
        extra.set(std::mem::take(&mut self.name), value);
        Ok(())
    }

    fn missing(&mut self, required: &[(&'static str, bool)]) -> A::Error {
        let names: Vec<&str> = required.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        A::Error::custom(format_args!("{} {verb} missing", listed(&names)))
    }
}

/// Shortens JSON for a message.
fn shown(json: &Value) -> String {
    let text = to_text(json);
    if text.chars().count() <= 40 { text } else { short(&text) }
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
        let mut value = Value::deserialize(from)?;
        make_whole(&mut value);
        Ok(Self { value, error: PhantomData })
    }

    /// Reads a value as the likeliest of several types that it can be read as.
    ///
    /// # Errors
    /// Returns the error of the likeliest type.
    pub fn one_of<'de, T, D: Deserializer<'de, Error = E>>(
        from: D,
        ways: &'static [Way],
        read: impl Fn(usize, &Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let value = Self::read(from)?;
        value.likeliest(ways, read).map_err(|error| error.unwrap_or_else(|| value.none_fits()))
    }

    /// Reads a value as the likeliest of several types that it can be read as. Any other is kept.
    ///
    /// # Errors
    /// Returns the deserializer's error.
    pub fn one_of_or<'de, T, D: Deserializer<'de, Error = E>>(
        from: D,
        ways: &'static [Way],
        read: impl Fn(usize, &Self) -> Result<T, E>,
        other: fn(Value) -> T,
    ) -> Result<T, E> {
        let value = Self::read(from)?;
        Ok(value.likeliest(ways, read).unwrap_or_else(|_| other(value.value)))
    }

    /// Reads the value as the likeliest type that it can be read as, or returns the error of the likeliest.
    fn likeliest<T>(&self, ways: &'static [Way], read: impl Fn(usize, &Self) -> Result<T, E>) -> Result<T, Option<E>> {
        let scores = ways.iter().enumerate().filter_map(|(at, way)| Some((way.score(&self.value)?, at)));
        let mut found: Vec<(usize, usize)> = scores.collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let mut error = None;
        for (_, at) in found {
            match read(at, self) {
                Ok(read) => return Ok(read),
                Err(found) => error = error.or(Some(found)),
            }
        }
        Err(error)
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
        E::custom(format_args!("none of the types that the model has here: {}", short(&to_text(&self.value))))
    }
}

/// What distinguishes one type of a union from the others.
#[derive(Debug)]
pub enum Way {
    /// An object with a member of this value.
    Tag(&'static str, &'static str),
    /// An object.
    Object {
        /// The members that it must have.
        required: &'static [&'static str],
        /// All members that it knows.
        members: &'static [&'static str],
        /// Whether it keeps others.
        open: bool,
    },
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A string.
    Text,
    /// A boolean.
    Flag,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// An array.
    List,
    /// Any value.
    Any,
}

impl Way {
    /// Returns how much speaks for this type. `None`: the value is of another one.
    fn score(&self, value: &Value) -> Option<usize> {
        let is_whole = |number: &serde_json::Number| {
            number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|number| number.fract() == 0.0)
        };
        match (self, value) {
            (Self::Any, _) => Some(0),
            (Self::Tag(member, text), Value::Object(found)) => {
                (found.get(*member).and_then(Value::as_str) == Some(*text)).then_some(usize::MAX)
            }
            (Self::Object { required, members, open }, Value::Object(found)) => {
                let known = members.iter().filter(|member| found.contains_key(**member)).count();
                // Reading it as this type would lose all that it has.
                let lost = known == 0 && !found.is_empty() && !open;
                let fits = required.iter().all(|member| found.contains_key(*member)) && !lost;
                fits.then(|| 1 + 1_000 * required.len() + known)
            }
            (Self::OneOf(texts), Value::String(text)) => texts.contains(&text.as_str()).then_some(2),
            (Self::Integer, Value::Number(number)) => is_whole(number).then_some(2),
            (Self::Text, Value::String(_))
            | (Self::Flag, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::List, Value::Array(_)) => Some(1),
            _ => None,
        }
    }
}

/// Converts an error to a deserializer's.
pub fn custom<E: Error>(error: impl fmt::Display) -> E {
    E::custom(error)
}
