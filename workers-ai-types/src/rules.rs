//! Rules that no type can express, as data: checked at compile time for literals, and before sending for everything else.

use crate::part::Part;

/// A rule for a field of an input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The path on the wire: `[]` is each item, `*` the value of each entry, empty the input itself.
    pub path: &'static str,
    /// The path with Rust names.
    pub field: &'static str,
    /// The check.
    pub check: Check,
    /// The message for people: "`num_steps` must be between 1 and 8".
    pub message: &'static str,
}

/// A check of a value. An open bound is the greatest or least value of its type.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "`min` and `max` are inclusive ends")]
#[non_exhaustive]
pub enum Check {
    /// An integer within bounds.
    Integer { min: i64, max: i64 },
    /// A number within bounds.
    Number { min: f64, max: f64 },
    /// An integer within bounds that an `i64` cannot hold.
    Unsigned { min: u64, max: u64 },
    /// A number between two others, and neither of them.
    Between { min: f64, max: f64 },
    /// A multiple of this number.
    Multiple(f64),
    /// The length of a string, in code points.
    Length { min: u64, max: u64 },
    /// The number of items of an array.
    Items { min: u64, max: u64 },
    /// An array without two equal items.
    Unique,
    /// The number of entries of a map.
    Members { min: u64, max: u64 },
    /// A string of digits.
    Digits,
    /// A string with this prefix.
    Prefix(&'static str),
    /// A string with at least this many ASCII letters or digits in a row.
    Alphanumeric(u32),
    /// A string that matches this regular expression of ECMA-262. It is checked with the feature `patterns` only.
    Pattern(&'static str),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A value of one of these types of JSON Schema.
    Types(&'static [&'static str]),
    /// One of these values, as JSON.
    Equals(&'static [&'static str]),
    /// An object without these members.
    Absent(&'static [&'static str]),
    /// An object with these members.
    Present(&'static [&'static str]),
    /// The members of an input and their types, which its own type ensures where it has one.
    Form,
    /// Any string.
    Text,
    /// Any object.
    Object,
    /// All of these rules, which several models share. Their paths do not depend on the path of this one.
    Also(&'static [Rule]),
}

impl Check {
    /// Returns a check for each bound of a length or count, so that a violation tells which one was broken.
    pub(crate) fn bounds(self) -> [Option<Self>; 2] {
        const MAX: u64 = u64::MAX;
        match self {
            Self::Length { min, max } if min > 0 && max < MAX => {
                [Some(Self::Length { min, max: MAX }), Some(Self::Length { min: 0, max })]
            }
            Self::Items { min, max } if min > 0 && max < MAX => {
                [Some(Self::Items { min, max: MAX }), Some(Self::Items { min: 0, max })]
            }
            Self::Members { min, max } if min > 0 && max < MAX => {
                [Some(Self::Members { min, max: MAX }), Some(Self::Members { min: 0, max })]
            }
            other => [Some(other), None],
        }
    }

    pub(crate) fn integer(self, value: i128) -> bool {
        match self {
            Self::Integer { min, max } => {
                (min == i64::MIN || value >= i128::from(min)) && (max == i64::MAX || value <= i128::from(max))
            }
            Self::Unsigned { min, max } => value >= i128::from(min) && (max == u64::MAX || value <= i128::from(max)),
            #[allow(clippy::cast_precision_loss, reason = "bounds are far below 2^53")]
            Self::Number { .. } | Self::Between { .. } | Self::Multiple(_) => self.number(value as f64),
            Self::Text | Self::Object => false,
            _ => true,
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "bounds are far below 2^53")]
    pub(crate) fn number(self, value: f64) -> bool {
        match self {
            Self::Integer { min, max } => value >= min as f64 && value <= max as f64,
            Self::Unsigned { min, max } => value >= min as f64 && value <= max as f64,
            Self::Number { min, max } => value >= min && value <= max,
            Self::Between { min, max } => value > min && value < max,
            Self::Multiple(of) => is_multiple(value, of),
            Self::Text | Self::Object => false,
            _ => true,
        }
    }

    pub(crate) fn flag(self) -> bool {
        !matches!(self, Self::Text | Self::Object)
    }

    pub(crate) fn text(self, value: &str) -> bool {
        match self {
            // A code point has one to four bytes: they are only counted near the bounds.
            Self::Length { min, max } => {
                let bytes = value.len() as u64;
                (bytes <= max && bytes / 4 >= min) || (min..=max).contains(&(value.chars().count() as u64))
            }
            Self::Digits => !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()),
            Self::Prefix(start) => value.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)),
            Self::Alphanumeric(count) => {
                let runs = value.split(|c: char| !c.is_ascii_alphanumeric());
                runs.map(str::len).max().unwrap_or(0) >= count as usize
            }
            Self::Pattern(pattern) => matches_pattern(pattern, value),
            Self::OneOf(values) => values.contains(&value),
            Self::Object => false,
            _ => true,
        }
    }

    pub(crate) fn items(self, count: u64) -> bool {
        match self {
            Self::Items { min, max } => (min..=max).contains(&count),
            Self::Text | Self::Object => false,
            _ => true,
        }
    }

    /// Checks a whole value.
    pub(crate) fn whole(self, value: &serde_json::Value) -> bool {
        match self {
            Self::Types(names) => names.iter().any(|name| is_of(value, name)),
            Self::Equals(texts) => texts.iter().any(|text| is_equal(value, text)),
            _ => true,
        }
    }

    pub(crate) fn unique(self, unique: bool) -> bool {
        unique || self != Self::Unique
    }

    pub(crate) fn members(self, names: &[&str]) -> bool {
        match self {
            Self::Members { min, max } => (min..=max).contains(&(names.len() as u64)),
            Self::Present(wanted) => wanted.iter().all(|name| names.contains(name)),
            Self::Absent(unwanted) => !unwanted.iter().any(|name| names.contains(name)),
            Self::Text => false,
            _ => true,
        }
    }
}

/// Returns whether a value is of a type of JSON Schema.
fn is_of(value: &serde_json::Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

/// Returns whether a value is that of a JSON text. Integers may be written with a decimal point.
fn is_equal(value: &serde_json::Value, text: &str) -> bool {
    let mut value = value.clone();
    crate::whole::make_whole(&mut value);
    let Ok(mut wanted) = crate::json::from_text(text) else { return false };
    crate::whole::make_whole(&mut wanted);
    value == wanted
}

/// Returns whether a text matches a pattern. What is no regular expression matches everything.
#[cfg(feature = "patterns")]
fn matches_pattern(pattern: &'static str, text: &str) -> bool {
    use std::{
        collections::BTreeMap,
        sync::{Arc, Mutex, PoisonError},
    };
    static COMPILED: Mutex<BTreeMap<&str, Option<Arc<regress::Regex>>>> = Mutex::new(BTreeMap::new());
    // Matching may take a while, during which others must not wait.
    let regex = {
        let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = || regress::Regex::with_flags(pattern, "u").ok().map(Arc::new);
        compiled.entry(pattern).or_insert_with(compile).clone()
    };
    regex.is_none_or(|regex| regex.find(text).is_some())
}

#[cfg(not(feature = "patterns"))]
fn matches_pattern(_: &'static str, _: &str) -> bool {
    true
}

/// Returns whether a number is a multiple of another one, but for the error of binary fractions.
fn is_multiple(value: f64, of: f64) -> bool {
    let times = value / of;
    times.is_finite() && (times - times.round()).abs() <= 1e-9 * times.abs().max(1.0)
}

/// The rules of a model, which `inputs!` checks for literals: in constants, so that a broken rule is a compile error.
#[derive(Debug, Clone, Copy)]
pub struct Rules(pub &'static [Rule]);

/// The literal of a field.
#[derive(Clone, Copy)]
enum Literal<'l> {
    Integer(i128),
    Number(f64),
    Text(&'l str),
    Items(usize),
}

impl Rules {
    /// Starts building a part of the input.
    #[must_use]
    pub fn part<P: Part>(self) -> P::Builder {
        P::Builder::default()
    }

    /// Checks an integer literal.
    ///
    /// # Panics
    /// Panics if the value breaks a rule: in a constant, that is a compile error.
    #[track_caller]
    pub const fn check_int(self, field: &str, value: i128) {
        self.check(field, Literal::Integer(value));
    }

    /// Checks a number literal.
    ///
    /// # Panics
    /// Panics if the value breaks a rule: in a constant, that is a compile error.
    #[track_caller]
    pub const fn check_float(self, field: &str, value: f64) {
        self.check(field, Literal::Number(value));
    }

    /// Checks a string literal.
    ///
    /// # Panics
    /// Panics if the value breaks a rule: in a constant, that is a compile error.
    #[track_caller]
    pub const fn check_str(self, field: &str, value: &str) {
        self.check(field, Literal::Text(value));
    }

    /// Checks the length of an array literal.
    ///
    /// # Panics
    /// Panics if the value breaks a rule: in a constant, that is a compile error.
    #[track_caller]
    pub const fn check_items(self, field: &str, count: usize) {
        self.check(field, Literal::Items(count));
    }

    #[track_caller]
    const fn check(self, field: &str, literal: Literal<'_>) {
        let mut at = 0;
        while at < self.0.len() {
            let rule = &self.0[at];
            assert!(!same(rule.field, field) || holds(rule.check, literal), "{}", rule.message);
            at += 1;
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "bounds are far below 2^53")]
const fn holds(check: Check, literal: Literal<'_>) -> bool {
    match (check, literal) {
        // If the minimum is not negative, the field's type is unsigned, and the compiler refuses the sign itself.
        (Check::Integer { min, .. }, Literal::Integer(value)) if min >= 0 && value < 0 => true,
        (Check::Integer { min, max }, Literal::Integer(value)) => value >= min as i128 && value <= max as i128,
        (Check::Unsigned { min, max }, Literal::Integer(value)) => {
            value < 0 || (value >= min as i128 && value <= max as i128)
        }
        (Check::Between { min, max }, Literal::Integer(value)) => value as f64 > min && (value as f64) < max,
        (Check::Between { min, max }, Literal::Number(value)) => value > min && value < max,
        (Check::Number { min, max }, Literal::Integer(value)) => value as f64 >= min && value as f64 <= max,
        (Check::Number { min, max }, Literal::Number(value)) => value >= min && value <= max,
        (Check::Length { min, max }, Literal::Text(text)) => {
            let count = characters(text.as_bytes());
            count >= min && count <= max
        }
        (Check::Digits, Literal::Text(text)) => digits(text.as_bytes()),
        (Check::Prefix(start), Literal::Text(text)) => starts(text.as_bytes(), start.as_bytes()),
        (Check::Items { min, max }, Literal::Items(count)) => count as u64 >= min && count as u64 <= max,
        _ => true,
    }
}

const fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && starts(a.as_bytes(), b.as_bytes())
}

const fn starts(text: &[u8], start: &[u8]) -> bool {
    if text.len() < start.len() {
        return false;
    }
    let mut at = 0;
    while at < start.len() {
        if !text[at].eq_ignore_ascii_case(&start[at]) {
            return false;
        }
        at += 1;
    }
    true
}

const fn digits(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if !text[at].is_ascii_digit() {
            return false;
        }
        at += 1;
    }
    !text.is_empty()
}

/// Counts code points: bytes that do not continue one.
const fn characters(text: &[u8]) -> u64 {
    let (mut at, mut count) = (0, 0);
    while at < text.len() {
        if text[at] & 0b1100_0000 != 0b1000_0000 {
            count += 1;
        }
        at += 1;
    }
    count
}
