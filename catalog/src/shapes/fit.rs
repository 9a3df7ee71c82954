//! Whether a shared type fits a place: where a model takes all that the type sends, or the type reads all that is returned.
//!
//! Bounds, patterns and defaults do not matter here: they are rules of the place.

use std::cell::Cell;

use serde_json::Value;

use super::form::{ARRAY, Form, OBJECT, Resolver, Types};
use crate::{
    Side,
    limits::{MAX_DEPTH, MAX_PLACES},
};

/// A schema, and what its references are relative to.
pub(crate) type Schema<'a> = (&'a Value, Resolver<'a>);

/// Returns whether a place takes all that a type with the schema `sends` sends.
pub(crate) fn takes(place: Schema<'_>, sends: Schema<'_>) -> bool {
    let left = Cell::new(MAX_PLACES);
    Comparison { narrow: sends.1, wide: place.1, side: Side::Input, left: &left, depth: 0 }.within(sends.0, place.0)
}

/// Returns whether a type with the schema `reads` reads all that a place may contain.
pub(crate) fn reads(place: Schema<'_>, reads: Schema<'_>) -> bool {
    let left = Cell::new(MAX_PLACES);
    Comparison { narrow: place.1, wide: reads.1, side: Side::Output, left: &left, depth: 0 }.within(place.0, reads.0)
}

/// The schema of any JSON value.
static ANYTHING: Value = Value::Bool(true);

/// A comparison of two schemas, of which all that the narrow one allows must be allowed by the wide one.
#[derive(Clone, Copy)]
struct Comparison<'a> {
    narrow: Resolver<'a>,
    wide: Resolver<'a>,
    /// The side of the place. A shared type is narrow in inputs and wide in outputs.
    side: Side,
    /// The number of places that may still be compared.
    left: &'a Cell<usize>,
    depth: usize,
}

impl<'a> Comparison<'a> {
    fn within(mut self, narrow: &'a Value, wide: &'a Value) -> bool {
        self.depth += 1;
        if self.left.get() == 0 || self.depth > MAX_DEPTH {
            return false;
        }
        self.left.set(self.left.get() - 1);
        let wide = self.wide.forms(wide);
        let mut any = false;
        for form in self.narrow.forms(narrow) {
            let fits = form.each_type().all(|of| wide.iter().any(|wide| self.form_within(&form, wide, of)));
            // A form that only some programs send does not decide whether others can use the type.
            if !fits && !form.is("optional") {
                return false;
            }
            any |= fits;
        }
        any
    }

    /// Returns whether all values of one type that a form allows are allowed by another form.
    fn form_within(self, narrow: &Form<'a>, wide: &Form<'a>, of: Types) -> bool {
        wide.types & of != 0
            && Self::values_within(narrow, wide)
            && match of {
                OBJECT => self.object_within(narrow, wide),
                ARRAY => match (narrow.items(), wide.items()) {
                    (_, None) => true,
                    (Some(narrow), Some(wide)) => self.within(narrow, wide),
                    (None, Some(wide)) => self.within(&ANYTHING, wide),
                },
                _ => true,
            }
    }

    fn values_within(narrow: &Form<'a>, wide: &Form<'a>) -> bool {
        let Some(allowed) = wide.values().filter(|_| !narrow.is("checked")) else { return true };
        narrow.values().is_some_and(|values| values.iter().all(|value| allowed.contains(value)))
    }

    fn object_within(self, narrow: &Form<'a>, wide: &Form<'a>) -> bool {
        let always: Vec<&str> = narrow.required().collect();
        if self.side == Side::Input && wide.required().any(|name| !always.contains(&name)) {
            return false;
        }
        narrow.members().all(|(name, member)| {
            // What a type does not name when it reads is kept, or nobody misses it.
            let others = wide.additional().filter(|_| self.side == Side::Input);
            wide.member(name).or(others).is_none_or(|wide| self.within(member, wide))
        })
    }
}

/// Returns whether a schema declares a member, in any of its forms. In a path, `[]` is an item: `choices[].message`.
pub(crate) fn declares(schema: Schema<'_>, path: &str) -> bool {
    let (schema, resolver) = schema;
    resolver.forms(schema).iter().any(|form| form_declares(form, resolver, path))
}

/// Returns whether a form declares a member.
pub(crate) fn form_declares<'a>(form: &Form<'a>, resolver: Resolver<'a>, path: &str) -> bool {
    let (step, rest) = match path.strip_prefix("[]") {
        Some(rest) => ("[]", rest),
        None => path.split_at(path.find(['.', '[']).unwrap_or(path.len())),
    };
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let below = if step == "[]" { form.items() } else { form.member(step) };
    below.is_some_and(|below| rest.is_empty() || declares((below, resolver), rest))
}
