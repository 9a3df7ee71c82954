//! The rules that inputs are checked against before anything is sent, as data.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use workers_ai_catalog::{Bounds, Kind, Place};

use super::{Context, tokens::join};
use crate::{
    names::ident,
    plan::{Builder, LocalForm, Member, Shape, Ty},
};

/// Generates the rules of a model's input and its parts, each followed by a comma.
pub(super) fn tokens(cx: &Context<'_>) -> TokenStream {
    let mut rules = Rules::default();
    builder(cx, &cx.plan.input, "", "", &mut rules, 0);
    join(rules.list.into_iter().flat_map(|rule| [rule, quote!(,)]))
}

/// The depth to which a recursive type is checked.
const MAX_DEPTH: usize = 6;

/// The maximum number of places: mutually recursive types have any number of paths through them.
const MAX_PLACES: usize = 2_000;

#[derive(Default)]
struct Rules {
    list: Vec<TokenStream>,
    places: usize,
}

fn builder(cx: &Context<'_>, of: &Builder, wire: &str, name: &str, rules: &mut Rules, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    for member in &of.members {
        rules.places += 1;
        if rules.places > MAX_PLACES {
            return;
        }
        let join =
            |parent: &str, child: &str| if parent.is_empty() { child.to_owned() } else { format!("{parent}.{child}") };
        let (path, field) = (join(wire, &member.wire), join(name, &member.name));
        place(cx, &member.ty, &member.bounds, &path, &field, rules, depth);
        rules.list.extend(shape_rules(cx, member, &path, &field));
        let pointer = cx.plan.model.input.fields.iter().find(|field| depth == 0 && field.wire == member.wire);
        if let Some(field_ir) = pointer {
            items(cx, &field_ir.place, &path, &field, rules);
            for (below, bounds) in &field_ir.place.inside {
                let ty = if bounds.minimum.is_some() || bounds.maximum.is_some() { Ty::Number } else { Ty::String };
                rules.list.extend(bounds_of(cx, &ty, bounds, &format!("{path}{below}"), &format!("{field}{below}")));
            }
        }
    }
}

/// Generates the rules that a shared type leaves open and the model does not.
fn shape_rules(cx: &Context<'_>, member: &Member, path: &str, field: &str) -> Option<TokenStream> {
    let Context { private, .. } = cx;
    Some(match &member.ty {
        Ty::Shape(Shape::Tools { described }) => {
            let rules = ident(if *described { "DESCRIBED_TOOL_RULES" } else { "TOOL_RULES" });
            quote!(#private::Rule { path: "", field: "", check: #private::Check::Also(&#private::#rules), message: "" })
        }
        Ty::Shape(Shape::Effort(values)) if !values.is_empty() => one_of(cx, values, path, field),
        Ty::Shape(Shape::Pooling) if !member.bounds.values.is_empty() => one_of(cx, &member.bounds.values, path, field),
        _ => return None,
    })
}

fn one_of(cx: &Context<'_>, values: &[String], path: &str, field: &str) -> TokenStream {
    let private = &cx.private;
    let message = format!("`{field}` must be one of `{}`", values.join("`, `"));
    quote!(#private::Rule { path: #path, field: #field, check: #private::Check::OneOf(&[#(#values),*]), message: #message })
}

fn place(cx: &Context<'_>, ty: &Ty, bounds: &Bounds, path: &str, field: &str, rules: &mut Rules, depth: usize) {
    rules.list.extend(bounds_of(cx, ty, bounds, path, field));
    match ty {
        Ty::List(item) => {
            place(cx, item, &Bounds::default(), &format!("{path}[]"), &format!("{field}[]"), rules, depth);
        }
        Ty::Map(value) => {
            place(cx, value, &Bounds::default(), &format!("{path}.*"), &format!("{field}.*"), rules, depth);
        }
        Ty::OneOrMany(item) | Ty::Boxed(item) => place(cx, item, &Bounds::default(), path, field, rules, depth + 1),
        Ty::Local(index) => match cx.plan.types.get(*index).map(|local| &local.form) {
            Some(LocalForm::Built(nested)) => builder(cx, nested, path, field, rules, depth + 1),
            Some(LocalForm::Union { variants, .. }) if depth < MAX_DEPTH => {
                for variant in variants {
                    place(cx, &variant.ty, &Bounds::default(), path, field, rules, depth + 1);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

/// Adds the bounds of list items and map values.
fn items(cx: &Context<'_>, place: &Place, path: &str, field: &str, rules: &mut Rules) {
    let (inner, suffix) = match &place.kind {
        Kind::List(item) => (item, "[]"),
        Kind::Map(value) => (value, ".*"),
        Kind::OneOrMany(item) => {
            rules.list.extend(bounds_of(cx, &Ty::String, &item.bounds, path, field));
            (item, "[]")
        }
        _ => return,
    };
    let (path, field) = (format!("{path}{suffix}"), format!("{field}{suffix}"));
    let ty = match inner.kind {
        Kind::Integer => Ty::Int("i64"),
        Kind::Number => Ty::Number,
        _ => Ty::String,
    };
    rules.list.extend(bounds_of(cx, &ty, &inner.bounds, &path, &field));
    items(cx, inner, &path, &field, rules);
}

fn bounds_of(cx: &Context<'_>, ty: &Ty, bounds: &Bounds, path: &str, field: &str) -> Vec<TokenStream> {
    let private = &cx.private;
    let mut rules = Vec::new();
    let mut rule = |check: TokenStream, must: String| {
        let message = format!("`{field}` must {must}");
        rules.push(
            quote!(#private::Rule { path: #path, field: #field, check: #private::Check::#check, message: #message }),
        );
    };
    if let Some(must) = range(bounds.minimum, bounds.maximum) {
        if matches!(ty, Ty::Int(_)) {
            let (min, max) = (whole(bounds.minimum, i64::MIN), whole(bounds.maximum, i64::MAX));
            rule(quote!(Integer { min: #min, max: #max }), must);
        } else {
            let (min, max) = (float(bounds.minimum, false), float(bounds.maximum, true));
            rule(quote!(Number { min: #min, max: #max }), must);
        }
    }
    for (least, most, kind, unit) in [
        (bounds.min_length, bounds.max_length, quote!(Length), ["character", "characters"]),
        (bounds.min_items, bounds.max_items, quote!(Items), ["item", "items"]),
        (bounds.min_members, bounds.max_members, quote!(Members), ["entry", "entries"]),
    ] {
        // A rule for each bound, so that the message names the one that was violated.
        if let Some(least) = least {
            let most = u64::MAX;
            rule(
                quote!(#kind { min: #least, max: #most }),
                match least {
                    1 => "not be empty".to_owned(),
                    _ => format!("have at least {least} {}", unit[1]),
                },
            );
        }
        if let Some(most) = most {
            rule(
                quote!(#kind { min: 0u64, max: #most }),
                format!("have at most {most} {}", unit[usize::from(most != 1)]),
            );
        }
    }
    if *ty == Ty::Object {
        rule(quote!(Object), "be a JSON object".to_owned());
    }
    if let Some(pattern) = bounds.pattern.as_deref() {
        match pattern {
            "^[0-9]+$" => rule(quote!(Digits), "consist of digits".to_owned()),
            _ => {
                if let Some(prefix) = literal_prefix(pattern) {
                    rule(quote!(Prefix(#prefix)), format!("start with `{prefix}`"));
                } else if let Some(count) = alphanumeric_run(pattern) {
                    rule(quote!(Alphanumeric(#count)), format!("contain {count} letters or digits in a row"));
                }
            }
        }
    }
    if !bounds.values.is_empty() && *ty == Ty::String {
        rules.push(one_of(cx, &bounds.values, path, field));
    }
    rules
}

/// Returns the text of a pattern of the form `^text`.
fn literal_prefix(pattern: &str) -> Option<&str> {
    let text = pattern.strip_prefix('^')?;
    (!text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '-' | '_' | ',')))
        .then_some(text)
}

/// Returns the count of a pattern of the form `[a-zA-Z0-9]{9}`.
fn alphanumeric_run(pattern: &str) -> Option<u32> {
    pattern.strip_prefix("[a-zA-Z0-9]{")?.strip_suffix('}')?.parse().ok()
}

fn range(least: Option<f64>, most: Option<f64>) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) => Some(format!("be between {least} and {most}")),
        (Some(least), None) => Some(format!("be at least {least}")),
        (None, Some(most)) => Some(format!("be at most {most}")),
        (None, None) => None,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "`as` saturates, which is what an open end means")]
fn whole(bound: Option<f64>, open: i64) -> TokenStream {
    let number = bound.map_or(open, |bound| bound as i64);
    let literal = Literal::i64_unsuffixed(number.saturating_abs());
    match (number, number < 0) {
        (i64::MIN, _) => quote!(::core::primitive::i64::MIN),
        (i64::MAX, _) => quote!(::core::primitive::i64::MAX),
        (_, true) => quote!(-#literal),
        (_, false) => quote!(#literal),
    }
}

fn float(bound: Option<f64>, above: bool) -> TokenStream {
    match bound {
        Some(bound) => {
            let literal = Literal::f64_unsuffixed(bound.abs());
            if bound < 0.0 { quote!(-#literal) } else { quote!(#literal) }
        }
        None if above => quote!(::core::primitive::f64::INFINITY),
        None => quote!(::core::primitive::f64::NEG_INFINITY),
    }
}
