//! One value or several, and unknown values of enums.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    read::{Buffered, Way},
    wire::Wire,
};

/// One value, or a list of values. It is sent as it was given.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::shapes::OneOrMany;
///
/// let one: OneOrMany<String> = "a".into();
/// let many: OneOrMany<String> = ["a", "b"].into();
/// assert_eq!(serde_json::to_string(&[one, many]).unwrap(), r#"["a",["a","b"]]"#);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum OneOrMany<T> {
    /// One value.
    One(T),
    /// Several values.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// Returns the values, in order.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(one) => one.serialize(to),
            Self::Many(many) => many.serialize(to),
        }
    }
}

impl<'de, T: for<'a> Deserialize<'a>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Buffered::one_of(from, &[Way::List, Way::Any], |way, value| match way {
            0 => value.read_as().map(Self::Many),
            _ => value.read_as().map(Self::One),
        })
    }
}

impl<T: Wire> Wire for OneOrMany<T> {
    fn into_json(self) -> Result<serde_json::Value, serde_json::Error> {
        match self {
            Self::One(one) => one.into_json(),
            Self::Many(many) => many.into_json(),
        }
    }
}

impl From<&str> for OneOrMany<String> {
    fn from(one: &str) -> Self {
        Self::One(one.to_owned())
    }
}

impl From<String> for OneOrMany<String> {
    fn from(one: String) -> Self {
        Self::One(one)
    }
}

impl From<&String> for OneOrMany<String> {
    fn from(one: &String) -> Self {
        Self::One(one.clone())
    }
}

impl From<Cow<'_, str>> for OneOrMany<String> {
    fn from(one: Cow<'_, str>) -> Self {
        Self::One(one.into_owned())
    }
}

/// Several values, also of an iterator that yields one: `texts.lines().collect::<OneOrMany<String>>()`.
impl<T, U: Into<T>> FromIterator<U> for OneOrMany<T> {
    fn from_iter<I: IntoIterator<Item = U>>(many: I) -> Self {
        Self::Many(many.into_iter().map(Into::into).collect())
    }
}

impl<T, U: Into<T>> From<Vec<U>> for OneOrMany<T> {
    fn from(many: Vec<U>) -> Self {
        Self::Many(many.into_iter().map(Into::into).collect())
    }
}

impl<T, U: Into<T>, const N: usize> From<[U; N]> for OneOrMany<T> {
    fn from(many: [U; N]) -> Self {
        Self::Many(many.into_iter().map(Into::into).collect())
    }
}

impl<T, U: Clone + Into<T>> From<&[U]> for OneOrMany<T> {
    fn from(many: &[U]) -> Self {
        Self::Many(many.iter().cloned().map(Into::into).collect())
    }
}

impl<T, U: Clone + Into<T>> From<&Vec<U>> for OneOrMany<T> {
    fn from(many: &Vec<U>) -> Self {
        Self::from(many.as_slice())
    }
}

/// A string that is not a value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownVariant {
    /// The name of the enum.
    pub choice: &'static str,
    /// The string.
    pub text: String,
    /// The values of the enum.
    pub known: &'static [&'static str],
}

impl UnknownVariant {
    #[doc(hidden)]
    #[must_use]
    pub fn new(choice: &'static str, text: &str, known: &'static [&'static str]) -> Self {
        Self { choice, text: text.to_owned(), known }
    }
}

impl fmt::Display for UnknownVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a valid `{}`; expected one of ", crate::invalid::short(&self.text), self.choice)?;
        for (position, value) in self.known.iter().enumerate() {
            write!(f, "{}`{value}`", if position == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownVariant {}
