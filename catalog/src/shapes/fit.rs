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
            // Several alternatives may list the values of one.
            let fits = form.scalars().is_some_and(|values| values.iter().all(|value| allowed(&wide, value)))
                || form.each_type().all(|of| wide.iter().any(|wide| self.form_within(&form, wide, of)));
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

/// Returns whether a form allows a scalar.
fn allowed(forms: &[Form<'_>], value: &Value) -> bool {
    forms.iter().any(|form| form.allows(value))
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Resolver, declares, reads, takes};
    use crate::shared::Shared;

    fn resolver(base: &Value) -> Resolver<'_> {
        Resolver { base, shared: &Shared::Embedded }
    }

    fn takes_all(place: &Value, sends: &Value) -> bool {
        takes((place, resolver(place)), (sends, resolver(sends)))
    }

    fn reads_all(place: &Value, known: &Value) -> bool {
        reads((place, resolver(place)), (known, resolver(known)))
    }

    #[test]
    fn an_input_takes_what_it_allows() {
        let text = json!({"type": "string"});
        assert!(takes_all(&json!({}), &text));
        assert!(takes_all(&json!({"type": ["string", "null"]}), &text));
        assert!(takes_all(&json!({"anyOf": [{"type": "object"}, {"allOf": [{"type": "string"}]}]}), &text));
        assert!(takes_all(&json!({"$ref": "#/$defs/t", "$defs": {"t": {"type": "string"}}}), &text));
        assert!(!takes_all(&json!({"type": "integer"}), &text));
        assert!(!takes_all(&json!(false), &text));
        assert!(takes_all(&json!({"type": "number"}), &json!({"type": "integer"})));
        assert!(!takes_all(&json!({"type": "integer"}), &json!({"type": "number"})));
    }

    #[test]
    fn an_input_takes_values_that_it_lists() {
        let place = json!({"enum": ["a", "b"]});
        assert!(takes_all(&place, &json!({"const": "a"})));
        assert!(takes_all(&place, &json!({"enum": ["b", "a"]})));
        assert!(!takes_all(&place, &json!({"enum": ["a", "c"]})));
        assert!(!takes_all(&place, &json!({"type": "string"})));
        assert!(takes_all(&place, &json!({"type": "string", "checked": true})), "the model's rules check the values");
    }

    #[test]
    fn an_input_takes_an_object_that_has_all_it_requires() {
        let sends = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}});
        let place = |more: Value| {
            let mut place = json!({"type": "object", "properties": {"a": {"type": "string"}}});
            place.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            place
        };
        assert!(takes_all(&place(json!({})), &sends));
        assert!(takes_all(&place(json!({"required": ["a"]})), &sends));
        assert!(!takes_all(&place(json!({"required": ["a", "b"]})), &sends), "`b` is not always sent");
        assert!(!takes_all(&place(json!({"additionalProperties": false})), &sends));
        assert!(takes_all(&place(json!({"additionalProperties": {"type": "string"}})), &sends));
        assert!(!takes_all(&place(json!({"additionalProperties": {"type": "integer"}})), &sends));
    }

    #[test]
    fn a_form_that_only_some_programs_send_may_be_refused() {
        let place = json!({"type": "object", "properties": {"role": {"enum": ["user"]}}});
        let user = json!({"type": "object", "properties": {"role": {"const": "user"}}});
        let mut system = json!({"type": "object", "properties": {"role": {"const": "system"}}});
        assert!(!takes_all(&place, &json!({"oneOf": [user, system]})));
        system["optional"] = json!(true);
        assert!(takes_all(&place, &json!({"oneOf": [user, system]})));
        assert!(!takes_all(&place, &system), "then nothing is left");
    }

    #[test]
    fn an_output_is_read_if_its_named_members_are() {
        let known = json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}});
        assert!(reads_all(
            &json!({"type": "object", "properties": {"a": {"enum": ["x"]}, "new": {"type": "integer"}}}),
            &known
        ));
        assert!(reads_all(&json!({"type": "object"}), &known));
        assert!(!reads_all(&json!({"type": "object", "properties": {"a": {"type": "integer"}}}), &known));
        assert!(!reads_all(&json!({"type": "object", "properties": {"a": {}}}), &known));
        assert!(!reads_all(&json!({"type": ["object", "null"]}), &known));
        assert!(!reads_all(&json!({"oneOf": [{"type": "object"}, {"type": "string"}]}), &known));
    }

    #[test]
    fn a_member_is_found_in_any_form() {
        let place = json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"anyOf": [{"properties": {"url": {"properties": {"id": {}}}}}]}}]});
        for path in ["[]", "[].url", "[].url.id"] {
            assert!(declares((&place, resolver(&place)), path), "{path}");
        }
        for path in ["url", "[].id", "[][]", "[].url.id.more"] {
            assert!(!declares((&place, resolver(&place)), path), "{path}");
        }
    }

    #[test]
    fn schemas_that_refer_to_themselves_end() {
        let place = json!({"oneOf": [{"$ref": "#"}, {"type": "array", "items": {"$ref": "#"}}]});
        let list = json!({"type": "array", "items": {"$ref": "#"}});
        assert!(!takes_all(&place, &list));
        assert!(!reads_all(&place, &list));
    }
}
