//! The rules that inputs are checked against before anything is sent, as data.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use workers_ai_catalog::{Bounds, Demands, Field, Form, Kind, Limit, Place, is_explosive};

use super::{
    Context,
    tokens::{Fragment, join},
};
use crate::{
    names::ident,
    plan::{Builder, LocalForm},
};

/// Generates the rules of a model's input and its parts, each followed by a comma.
pub(super) fn tokens(cx: &Context<'_>) -> TokenStream {
    let mut walk = Walk { cx, places: 0, alternatives: false };
    let mut spots = Vec::new();
    walk.fields(&cx.plan.model.input.fields, &cx.plan.input, &Path::default(), 0, &mut spots);
    join(spots.iter().flat_map(|spot| spot.rules(cx)).flat_map(|rule| [rule, quote!(,)]))
}

/// The depth to which a recursive type is checked.
const MAX_DEPTH: usize = 6;

/// The maximum number of places: mutually recursive types have any number of paths through them.
const MAX_PLACES: usize = 2_000;

/// The path of a place: on the wire, and with Rust names.
#[derive(Debug, Clone, PartialEq, Default)]
struct Path {
    wire: String,
    field: String,
}

impl Path {
    fn member(&self, wire: &str, field: &str) -> Self {
        let join = |parent: &str, child: &str| {
            if parent.is_empty() { child.to_owned() } else { format!("{parent}.{child}") }
        };
        Self { wire: join(&self.wire, wire), field: join(&self.field, field) }
    }

    fn below(&self, step: &str) -> Self {
        Self { wire: format!("{}{step}", self.wire), field: format!("{}{step}", self.field) }
    }
}

/// The type of the values that a rule checks. Values of other types pass.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Of {
    Integer,
    Number,
    Text,
    List,
    Map,
    Object,
    Anything,
}

/// A place of the input, with its bounds.
#[derive(Debug)]
struct Spot {
    path: Path,
    of: Of,
    bounds: Bounds,
    /// The rules that a shared type has in all models.
    shared: Option<&'static str>,
}

/// A walk through all places of an input.
struct Walk<'c, 'm> {
    cx: &'c Context<'m>,
    places: usize,
    /// Whether the walk is inside one of several alternatives.
    alternatives: bool,
}

impl Walk<'_, '_> {
    fn fields(&mut self, fields: &[Field], builder: &Builder, at: &Path, depth: usize, found: &mut Vec<Spot>) {
        if depth > MAX_DEPTH {
            return;
        }
        for member in &builder.members {
            self.places += 1;
            if self.places > MAX_PLACES {
                return;
            }
            let Some(field) = fields.iter().find(|field| field.wire == member.wire) else { continue };
            self.place(&field.place, &at.member(&member.wire, &member.name), depth, found);
        }
    }

    fn place(&mut self, place: &Place, at: &Path, depth: usize, found: &mut Vec<Spot>) {
        let of = match &place.kind {
            Kind::Integer => Of::Integer,
            Kind::Number => Of::Number,
            Kind::String | Kind::Shape(_) => Of::Text,
            Kind::Object => Of::Object,
            Kind::Map(_) => Of::Map,
            Kind::OneOrMany(item) if item.kind == Kind::String => Of::Text,
            Kind::List(_) | Kind::OneOrMany(_) => Of::List,
            Kind::Boolean | Kind::Constant(_) | Kind::Json | Kind::Type(_) => Of::Anything,
        };
        let shared = match &place.kind {
            Kind::Shape(name) if name == "Tools" => Some("TOOL_RULES"),
            Kind::Shape(name) if name == "Tools<Described>" => Some("DESCRIBED_TOOL_RULES"),
            _ => None,
        };
        // In one of several alternatives, a place without bounds frees it in the others.
        if self.alternatives || shared.is_some() || of == Of::Object || place.bounds != Bounds::default() {
            found.push(Spot { path: at.clone(), of, bounds: place.bounds.clone(), shared });
        }
        for (below, bounds) in &place.inside {
            let of = if has_range(bounds) { Of::Number } else { Of::Text };
            found.push(Spot { path: at.below(below), of, bounds: bounds.clone(), shared: None });
        }
        match &place.kind {
            Kind::List(item) => self.place(item, &at.below("[]"), depth, found),
            Kind::Map(value) => self.place(value, &at.below(".*"), depth, found),
            Kind::OneOrMany(item) => {
                // The bounds of one are those of the place.
                if let Kind::Type(index) = item.kind {
                    self.named(index, at, depth + 1, found);
                }
                self.place(item, &at.below("[]"), depth + 1, found);
            }
            Kind::Type(index) => self.named(*index, at, depth, found),
            _ => {}
        }
    }

    fn named(&mut self, index: usize, at: &Path, depth: usize, found: &mut Vec<Spot>) {
        let (plan, model) = (self.cx.plan, self.cx.plan.model);
        let local = plan.types.get(index).map(|local| &local.form);
        match (local, model.types.get(index).map(|known| &known.form)) {
            (Some(LocalForm::Built(nested)), Some(Form::Object { fields, .. })) => {
                self.fields(fields, nested, at, depth + 1, found);
            }
            (Some(LocalForm::Union { .. }), Some(Form::Union { variants })) if depth < MAX_DEPTH => {
                let mut ways: Vec<Vec<Spot>> = Vec::new();
                let outer = std::mem::replace(&mut self.alternatives, true);
                for variant in variants {
                    let mut spots = Vec::new();
                    self.place(&variant.place, at, depth + 1, &mut spots);
                    ways.push(spots);
                }
                self.alternatives = outer;
                found.extend(any_of(ways));
            }
            _ => {}
        }
    }
}

/// Returns the bounds that hold in any of several alternatives.
fn any_of(ways: Vec<Vec<Spot>>) -> Vec<Spot> {
    let mut merged: Vec<Spot> = Vec::new();
    for spot in ways.into_iter().flatten() {
        let number = |of: Of| matches!(of, Of::Integer | Of::Number);
        let same = |known: &&mut Spot| {
            known.path.wire == spot.path.wire && (known.of == spot.of || (number(known.of) && number(spot.of)))
        };
        match merged.iter_mut().find(same) {
            Some(known) => {
                if known.of != spot.of {
                    known.of = Of::Number;
                }
                known.bounds = known.bounds.either(&spot.bounds);
            }
            None => merged.push(spot),
        }
    }
    merged
}

fn has_range(bounds: &Bounds) -> bool {
    [bounds.minimum, bounds.maximum, bounds.exclusive_minimum, bounds.exclusive_maximum, bounds.multiple_of]
        .iter()
        .any(Option::is_some)
}

impl Spot {
    fn rules(&self, cx: &Context<'_>) -> Vec<TokenStream> {
        let Context { private, .. } = cx;
        let mut rules = bounds_of(cx, self.of, &self.bounds, &self.path);
        rules.extend(self.shared.map(|name| {
            let shared = ident(name);
            quote!(#private::Rule { path: "", field: "", check: #private::Check::Also(&#private::#shared), message: "" })
        }));
        rules
    }
}

fn one_of(cx: &Context<'_>, values: &[String], path: &Path) -> TokenStream {
    let (private, Path { wire, field }) = (&cx.private, path);
    let message = format!("`{field}` must be one of `{}`", values.join("`, `"));
    quote!(#private::Rule { path: #wire, field: #field, check: #private::Check::OneOf(&[#(#values),*]), message: #message })
}

fn bounds_of(cx: &Context<'_>, of: Of, bounds: &Bounds, path: &Path) -> Vec<TokenStream> {
    let (private, Path { wire, field }) = (&cx.private, path);
    let mut rules = Vec::new();
    let mut rule = |check: TokenStream, must: String| {
        let message = format!("`{field}` must {must}");
        rules.push(
            quote!(#private::Rule { path: #wire, field: #field, check: #private::Check::#check, message: #message }),
        );
    };
    if let Some(must) = range(bounds.minimum, bounds.maximum) {
        if of == Of::Integer {
            let (least, most) = (bounds.minimum.map(Limit::ceil), bounds.maximum.map(Limit::floor));
            if most.is_some_and(|most| most > i64::MAX.into()) && least.is_some_and(|least| least >= 0) {
                let (min, max) = (unsigned(least, u64::MIN), unsigned(most, u64::MAX));
                rule(quote!(Unsigned { min: #min, max: #max }), must);
            } else {
                let (min, max) = (whole(least, i64::MIN), whole(most, i64::MAX));
                rule(quote!(Integer { min: #min, max: #max }), must);
            }
        } else {
            let (min, max) = (float(private, bounds.minimum, false), float(private, bounds.maximum, true));
            rule(quote!(Number { min: #min, max: #max }), must);
        }
    }
    let exclusive = match (bounds.exclusive_minimum, bounds.exclusive_maximum) {
        (Some(least), Some(most)) => Some(format!("be above {least} and below {most}")),
        (Some(least), None) => Some(format!("be above {least}")),
        (None, Some(most)) => Some(format!("be below {most}")),
        (None, None) => None,
    };
    if let Some(must) = exclusive {
        let (min, max) =
            (float(private, bounds.exclusive_minimum, false), float(private, bounds.exclusive_maximum, true));
        rule(quote!(Between { min: #min, max: #max }), must);
    }
    if let Some(multiple) = bounds.multiple_of {
        let literal = Literal::f64_unsuffixed(multiple.as_f64());
        rule(quote!(Multiple(#literal)), format!("be a multiple of {multiple}"));
    }
    for (least, most, kind, unit) in [
        (bounds.min_length, bounds.max_length, quote!(Length), ["character", "characters"]),
        (bounds.min_items, bounds.max_items, quote!(Items), ["item", "items"]),
        (bounds.min_members, bounds.max_members, quote!(Members), ["entry", "entries"]),
    ] {
        let must = match (least, most) {
            (None, None) => continue,
            (Some(1), None) => "not be empty".to_owned(),
            (Some(least), None) => format!("have at least {least} {}", unit[usize::from(least != 1)]),
            (None | Some(0), Some(most)) => format!("have at most {most} {}", unit[usize::from(most != 1)]),
            (Some(least), Some(most)) if least == most => {
                format!("have exactly {most} {}", unit[usize::from(most != 1)])
            }
            (Some(least), Some(most)) => format!("have between {least} and {most} {}", unit[1]),
        };
        let (min, max) = (unsigned(least.map(i128::from), 0), unsigned(most.map(i128::from), u64::MAX));
        rule(quote!(#kind { min: #min, max: #max }), must);
    }
    if bounds.unique_items {
        rule(quote!(Unique), "have no item twice".to_owned());
    }
    if let Some(demands) = bounds.demands.as_deref() {
        demanded(demands, &mut rule);
    }
    if of == Of::Object {
        rule(quote!(Object), "be a JSON object".to_owned());
    }
    if let Some(pattern) = bounds.pattern.as_deref().filter(|pattern| !is_explosive(pattern)) {
        match pattern {
            "^[0-9]+$" => rule(quote!(Digits), "consist of digits".to_owned()),
            _ => {
                if let Some(prefix) = literal_prefix(pattern) {
                    rule(quote!(Prefix(#prefix)), format!("start with `{prefix}`"));
                } else if let Some(count) = alphanumeric_run(pattern) {
                    rule(quote!(Alphanumeric(#count)), format!("contain {count} letters or digits in a row"));
                } else {
                    rule(quote!(Pattern(#pattern)), format!("match `{pattern}`"));
                }
            }
        }
    }
    if !bounds.values.is_empty() && of == Of::Text {
        rules.push(one_of(cx, &bounds.values, path));
    }
    rules
}

/// Adds the rules of what few places demand.
fn demanded(demands: &Demands, rule: &mut impl FnMut(TokenStream, String)) {
    let Demands { types, equals, present, absent } = demands;
    let listed = |names: &[String]| format!("`{}`", names.join("`, `"));
    if !types.is_empty() {
        rule(quote!(Types(&[#(#types),*])), format!("be of the type {}", listed(types)));
    }
    if !equals.is_empty() {
        rule(quote!(Equals(&[#(#equals),*])), format!("be one of {}", listed(equals)));
    }
    if !present.is_empty() {
        rule(quote!(Present(&[#(#present),*])), format!("have {}", listed(present)));
    }
    if !absent.is_empty() {
        rule(quote!(Absent(&[#(#absent),*])), format!("not have {}", listed(absent)));
    }
}

/// Returns whether a pattern is checked in any case.
pub(super) fn is_checked(pattern: &str) -> bool {
    pattern == "^[0-9]+$" || literal_prefix(pattern).is_some() || alphanumeric_run(pattern).is_some()
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

fn range(least: Option<Limit>, most: Option<Limit>) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) => Some(format!("be between {least} and {most}")),
        (Some(least), None) => Some(format!("be at least {least}")),
        (None, Some(most)) => Some(format!("be at most {most}")),
        (None, None) => None,
    }
}

fn whole(bound: Option<i128>, open: i64) -> TokenStream {
    let number = bound.map_or(open, |bound| i64::try_from(bound).unwrap_or(open));
    let literal = Literal::u64_unsuffixed(number.unsigned_abs());
    if number < 0 { quote!(-#literal) } else { quote!(#literal) }
}

fn unsigned(bound: Option<i128>, open: u64) -> Literal {
    Literal::u64_unsuffixed(bound.map_or(open, |bound| u64::try_from(bound).unwrap_or(open)))
}

fn float(private: &Fragment, bound: Option<Limit>, above: bool) -> TokenStream {
    match bound.map(Limit::as_f64) {
        Some(bound) => {
            let literal = Literal::f64_unsuffixed(bound.abs());
            if bound < 0.0 { quote!(-#literal) } else { quote!(#literal) }
        }
        None if above => quote!(#private::f64::INFINITY),
        None => quote!(#private::f64::NEG_INFINITY),
    }
}
