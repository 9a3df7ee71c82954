//! Bounds of values, read from the keywords of JSON Schema.

use std::{cmp::Ordering, fmt};

use serde_json::Value;

/// The bounds of a value.
#[derive(Debug, Clone, PartialEq, Default)]
#[allow(missing_docs, reason = "the names of JSON Schema")]
pub struct Bounds {
    pub minimum: Option<Limit>,
    pub maximum: Option<Limit>,
    /// A number that the value must be above. Integers have a minimum instead.
    pub exclusive_minimum: Option<Limit>,
    /// A number that the value must be below. Integers have a maximum instead.
    pub exclusive_maximum: Option<Limit>,
    pub multiple_of: Option<Limit>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub min_members: Option<u64>,
    pub max_members: Option<u64>,
    pub pattern: Option<String>,
    /// The valid values, if the kind does not list them.
    pub values: Vec<String>,
    /// Constraints that are rarely used.
    pub demands: Option<Box<Demands>>,
}

/// Constraints on a value that are rarely used.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Demands {
    /// The types of JSON that are valid, if the kind does not tell.
    pub types: Vec<String>,
    /// The only valid values, as JSON, if the kind does not list them.
    pub equals: Vec<String>,
    /// The members that an object must have, if the kind does not list them.
    pub present: Vec<String>,
    /// The members that an object must not have.
    pub absent: Vec<String>,
}

/// A bound of a number: exact, if it is an integer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// An integer.
    Whole(i64),
    /// An integer beyond those.
    Large(u64),
    /// Any other number.
    Number(f64),
}

impl Limit {
    /// Returns a JSON number.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        let whole = value.as_i64().map(Self::Whole).or_else(|| value.as_u64().map(Self::Large));
        let number = value.as_f64()?;
        let exact = (number.fract() == 0.0 && number.abs() < EXACT).then(|| Self::whole(whole_of(number)));
        Some(whole.or(exact).unwrap_or(Self::Number(number)))
    }

    /// Returns the nearest bound that is an integer.
    fn whole(number: i128) -> Self {
        match (i64::try_from(number), u64::try_from(number)) {
            (Ok(number), _) => Self::Whole(number),
            (_, Ok(number)) => Self::Large(number),
            _ => Self::Whole(if number < 0 { i64::MIN } else { i64::MAX }),
        }
    }

    /// Returns the nearest floating-point number.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "the nearest is what is asked for")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Large(large) => large as f64,
            Self::Number(number) => number,
        }
    }

    /// Returns the least integer that is not below.
    #[must_use]
    pub fn ceil(self) -> i128 {
        match self {
            Self::Whole(whole) => whole.into(),
            Self::Large(large) => large.into(),
            Self::Number(number) => whole_of(number.ceil()),
        }
    }

    /// Returns the greatest integer that is not above.
    #[must_use]
    pub fn floor(self) -> i128 {
        match self {
            Self::Whole(whole) => whole.into(),
            Self::Large(large) => large.into(),
            Self::Number(number) => whole_of(number.floor()),
        }
    }
}

/// The magnitude below which floating-point numbers hold every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns what a multiple of both is a multiple of, or one of them if that is not a whole number, or too large.
pub(crate) fn common_multiple(a: Option<Limit>, b: Option<Limit>) -> Option<Limit> {
    let (Some(Limit::Whole(one)), Some(Limit::Whole(other))) = (a, b) else { return a.or(b) };
    let (mut divisor, mut rest) = (one, other);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    one.checked_div(divisor).and_then(|part| part.checked_mul(other)).map(Limit::Whole).or(a)
}

/// Returns whether matching a pattern can take exponential time: it repeats a group that repeats something.
#[must_use]
pub fn is_explosive(pattern: &str) -> bool {
    let repeats = |rest: &str| rest.starts_with(['*', '+', '{']);
    let (mut groups, mut class, mut chars) = (Vec::new(), false, pattern.char_indices());
    while let Some((at, c)) = chars.next() {
        let rest = &pattern[at + c.len_utf8()..];
        match c {
            '\\' => drop(chars.next()),
            '[' => class = true,
            ']' => class = false,
            _ if class => {}
            '(' => groups.push(false),
            ')' => {
                let inside = groups.pop().unwrap_or_default();
                if inside && repeats(rest) {
                    return true;
                }
                if let Some(outer) = groups.last_mut() {
                    *outer |= inside || repeats(rest);
                }
            }
            '*' | '+' | '{' => {
                if let Some(group) = groups.last_mut() {
                    *group = true;
                }
            }
            _ => {}
        }
    }
    false
}

#[allow(clippy::cast_possible_truncation, reason = "`as` saturates")]
fn whole_of(number: f64) -> i128 {
    number as i128
}

impl PartialOrd for Limit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(_), _) | (_, Self::Number(_)) => self.as_f64().partial_cmp(&other.as_f64()),
            (a, b) => a.floor().partial_cmp(&b.floor()),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(whole) => whole.fmt(f),
            Self::Large(large) => large.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl Bounds {
    /// Returns the bounds of a value that is within these or within others.
    #[must_use]
    pub fn either(&self, other: &Self) -> Self {
        fn looser<T: PartialOrd>(a: Option<T>, b: Option<T>, lower: bool) -> Option<T> {
            let (a, b) = (a?, b?);
            Some(if (a < b) == lower { a } else { b })
        }
        Self {
            minimum: looser(self.minimum, other.minimum, true),
            maximum: looser(self.maximum, other.maximum, false),
            exclusive_minimum: looser(self.exclusive_minimum, other.exclusive_minimum, true),
            exclusive_maximum: looser(self.exclusive_maximum, other.exclusive_maximum, false),
            multiple_of: self.multiple_of.filter(|_| self.multiple_of == other.multiple_of),
            min_length: looser(self.min_length, other.min_length, true),
            max_length: looser(self.max_length, other.max_length, false),
            min_items: looser(self.min_items, other.min_items, true),
            max_items: looser(self.max_items, other.max_items, false),
            unique_items: self.unique_items && other.unique_items,
            min_members: looser(self.min_members, other.min_members, true),
            max_members: looser(self.max_members, other.max_members, false),
            pattern: self.pattern.clone().filter(|_| self.pattern == other.pattern),
            values: Vec::new(),
            demands: self.demands.clone().filter(|_| self.demands == other.demands),
        }
    }

    /// Returns the bounds of a value that is within these and within others.
    pub(crate) fn both(&self, other: &Self) -> Self {
        fn tighter<T: PartialOrd>(a: Option<T>, b: Option<T>, lower: bool) -> Option<T> {
            match (a, b) {
                (Some(a), Some(b)) => Some(if (a < b) == lower { b } else { a }),
                (a, b) => a.or(b),
            }
        }
        Self {
            minimum: tighter(self.minimum, other.minimum, true),
            maximum: tighter(self.maximum, other.maximum, false),
            exclusive_minimum: tighter(self.exclusive_minimum, other.exclusive_minimum, true),
            exclusive_maximum: tighter(self.exclusive_maximum, other.exclusive_maximum, false),
            multiple_of: common_multiple(self.multiple_of, other.multiple_of),
            min_length: tighter(self.min_length, other.min_length, true),
            max_length: tighter(self.max_length, other.max_length, false),
            min_items: tighter(self.min_items, other.min_items, true),
            max_items: tighter(self.max_items, other.max_items, false),
            unique_items: self.unique_items || other.unique_items,
            min_members: tighter(self.min_members, other.min_members, true),
            max_members: tighter(self.max_members, other.max_members, false),
            pattern: self.pattern.clone().or_else(|| other.pattern.clone()),
            values: if self.values.is_empty() { other.values.clone() } else { self.values.clone() },
            demands: self.demands.clone().or_else(|| other.demands.clone()),
        }
    }

    /// Returns whether a keyword is a bound.
    pub(crate) fn has(keyword: &str) -> bool {
        matches!(
            keyword,
            "minimum"
                | "maximum"
                | "exclusiveMinimum"
                | "exclusiveMaximum"
                | "multipleOf"
                | "minLength"
                | "maxLength"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
                | "minProperties"
                | "maxProperties"
                | "pattern"
        )
    }

    /// Adds the bounds of a schema, given its keywords.
    pub(crate) fn add<'a>(&mut self, keyword: impl Fn(&str) -> Option<&'a Value>) {
        let number = |name: &str| keyword(name).and_then(Limit::of);
        let count = |name: &str| number(name).and_then(|count| u64::try_from(count.ceil()).ok());
        // Before draft 6 they were flags of `minimum` and `maximum`.
        let exclusive = |name: &str| keyword(name) == Some(&Value::Bool(true));
        let end = |plain: &str, flag: &str| match (number(flag), exclusive(flag)) {
            (None, true) => (None, number(plain)),
            (above, _) => (number(plain), above),
        };
        let (minimum, exclusive_minimum) = end("minimum", "exclusiveMinimum");
        let (maximum, exclusive_maximum) = end("maximum", "exclusiveMaximum");
        *self = self.both(&Self {
            minimum,
            maximum,
            exclusive_minimum,
            exclusive_maximum,
            multiple_of: number("multipleOf").filter(|of| of.as_f64() > 0.0),
            min_length: count("minLength"),
            max_length: count("maxLength"),
            min_items: count("minItems"),
            max_items: count("maxItems"),
            unique_items: keyword("uniqueItems") == Some(&Value::Bool(true)),
            min_members: count("minProperties"),
            max_members: count("maxProperties"),
            pattern: keyword("pattern").and_then(Value::as_str).map(str::to_owned),
            values: Vec::new(),
            demands: None,
        });
    }

    /// Returns what else is demanded, to add to it.
    pub(crate) fn demands(&mut self) -> &mut Demands {
        self.demands.get_or_insert_default()
    }

    /// Replaces the bounds of an integer by the integers that are within them.
    pub(crate) fn make_whole(&mut self) {
        let least = self.minimum.map(Limit::ceil);
        let above = self.exclusive_minimum.take().map(|limit| limit.floor() + 1);
        let most = self.maximum.map(Limit::floor);
        let below = self.exclusive_maximum.take().map(|limit| limit.ceil() - 1);
        self.minimum = least.into_iter().chain(above).max().map(Limit::whole);
        self.maximum = most.into_iter().chain(below).min().map(Limit::whole);
        self.multiple_of = self.multiple_of.filter(|of| *of != Limit::Whole(1));
    }

    /// Returns the bounds that no value is within, in words.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let numbers = [
            (self.minimum, self.maximum, true),
            (self.exclusive_minimum, self.maximum, false),
            (self.minimum, self.exclusive_maximum, false),
            (self.exclusive_minimum, self.exclusive_maximum, false),
        ];
        let crossed = numbers.into_iter().find_map(|(least, most, inclusive)| {
            let (least, most) = (least?, most?);
            (least > most || (least == most && !inclusive)).then(|| format!("at least {least} and at most {most}"))
        });
        let counts = [
            (self.min_length, self.max_length, "characters"),
            (self.min_items, self.max_items, "items"),
            (self.min_members, self.max_members, "members"),
        ];
        crossed.or_else(|| {
            counts.into_iter().find_map(|(least, most, unit)| {
                let (least, most) = (least?, most?);
                (least > most).then(|| format!("at least {least} and at most {most} {unit}"))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Bounds, Limit};

    fn bounds(schema: &serde_json::Value) -> Bounds {
        let mut bounds = Bounds::default();
        bounds.add(|name| schema.get(name));
        bounds
    }

    #[test]
    fn integers_beyond_the_precision_of_numbers_are_exact() {
        let read = bounds(&json!({"minimum": 9_007_199_254_740_993_u64, "maximum": u64::MAX}));
        assert_eq!(read.minimum, Some(Limit::Whole(9_007_199_254_740_993)));
        assert_eq!(read.maximum, Some(Limit::Large(u64::MAX)));
    }

    #[test]
    fn the_exclusive_bounds_of_an_integer_are_the_next_integers() {
        let mut read = bounds(&json!({"exclusiveMinimum": 0, "exclusiveMaximum": 9.5}));
        read.make_whole();
        assert_eq!((read.minimum, read.maximum), (Some(Limit::Whole(1)), Some(Limit::Whole(9))));
        let mut old = bounds(&json!({"minimum": 3, "exclusiveMinimum": true}));
        assert_eq!((old.minimum, old.exclusive_minimum), (None, Some(Limit::Whole(3))));
        old.make_whole();
        assert_eq!(old.minimum, Some(Limit::Whole(4)));
    }

    #[test]
    fn bounds_that_cross_are_told() {
        for (schema, told) in [
            (json!({"minimum": 5, "maximum": 3}), true),
            (json!({"minimum": 3, "maximum": 3}), false),
            (json!({"exclusiveMinimum": 3, "maximum": 3}), true),
            (json!({"minLength": 2, "maxLength": 1}), true),
            (json!({"minItems": 1, "maxItems": 2}), false),
        ] {
            assert_eq!(bounds(&schema).contradiction().is_some(), told, "{schema}");
        }
    }
}
