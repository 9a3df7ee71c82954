//! The rules of an input that no type can express, as data.

use crate::{Bounds, Demands, Field, Form, Kind, Limit, Model, Place, Side, is_explosive};

/// A rule for a place of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The path on the wire: `[]` is each item, `*` the value of each entry.
    pub path: String,
    /// The path with the names for users.
    pub field: String,
    /// The check.
    pub check: Check,
    /// The message for people: "`num_steps` must be between 1 and 8".
    pub message: String,
}

/// A check of a value. An open bound is the greatest or least value of its type.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "`min` and `max` are inclusive ends")]
pub enum Check {
    /// An integer within bounds.
    Integer { min: i64, max: i64 },
    /// An integer within bounds that an `i64` cannot hold.
    Unsigned { min: u64, max: u64 },
    /// A number within bounds.
    Number { min: f64, max: f64 },
    /// A number between two others, and neither of them.
    Between { min: f64, max: f64 },
    /// A multiple of this number.
    Multiple(f64),
    /// The length of a string, in code points.
    Length { min: u64, max: u64 },
    /// The number of items of an array.
    Items { min: u64, max: u64 },
    /// The number of entries of a map.
    Members { min: u64, max: u64 },
    /// An array without two equal items.
    Unique,
    /// A string of digits.
    Digits,
    /// A string with this prefix.
    Prefix(String),
    /// A string with at least this many ASCII letters or digits in a row.
    Alphanumeric(u32),
    /// A string that matches this regular expression of ECMA-262.
    Pattern(String),
    /// One of these strings.
    OneOf(Vec<String>),
    /// A value of one of these types of JSON Schema.
    Types(Vec<String>),
    /// One of these values, as JSON.
    Equals(Vec<String>),
    /// An object with these members.
    Present(Vec<String>),
    /// An object without these members.
    Absent(Vec<String>),
    /// Any object.
    Object,
    /// The rules that tools have in all models; with descriptions, if they are required.
    Tools {
        /// Whether every argument must have a description.
        described: bool,
    },
}

/// Returns the names for users of the fields that an object has, except constants.
pub type FieldNames<'n> = &'n dyn Fn(&[Field]) -> Vec<String>;

impl Model {
    /// Returns the rules of the model's input and its parts.
    #[must_use]
    pub fn rules(&self, names: FieldNames<'_>) -> Vec<Rule> {
        let mut walk = Walk { model: self, names, places: 0, alternatives: false };
        let mut spots = Vec::new();
        walk.fields(&self.input.fields, &Path::default(), 0, &mut spots);
        spots.iter().flat_map(Spot::rules).collect()
    }
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
    /// Whether it is a list of tools, and whether they must be described.
    tools: Option<bool>,
}

/// A walk through all places of an input.
struct Walk<'m, 'n> {
    model: &'m Model,
    names: FieldNames<'n>,
    places: usize,
    /// Whether the walk is inside one of several alternatives.
    alternatives: bool,
}

impl Walk<'_, '_> {
    fn fields(&mut self, fields: &[Field], at: &Path, depth: usize, found: &mut Vec<Spot>) {
        if depth > MAX_DEPTH {
            return;
        }
        let settable = fields.iter().filter(|field| !matches!(field.place.kind, Kind::Constant(_)));
        for (field, name) in settable.zip(&(self.names)(fields)) {
            self.places += 1;
            if self.places > MAX_PLACES {
                return;
            }
            // Of two alternatives with the same member, the first has the bounds.
            let Some(first) = fields.iter().find(|other| other.wire == field.wire) else { continue };
            self.place(&first.place, &at.member(&field.wire, name), depth, found);
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
        let tools = match &place.kind {
            Kind::Shape(name) if name == "Tools" => Some(false),
            Kind::Shape(name) if name == "Tools<Described>" => Some(true),
            _ => None,
        };
        // In one of several alternatives, a place without bounds frees it in the others.
        if self.alternatives || tools.is_some() || of == Of::Object || place.bounds != Bounds::default() {
            found.push(Spot { path: at.clone(), of, bounds: place.bounds.clone(), tools });
        }
        for (below, bounds) in &place.inside {
            let of = if has_range(bounds) { Of::Number } else { Of::Text };
            found.push(Spot { path: at.below(below), of, bounds: bounds.clone(), tools: None });
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
        let model = self.model;
        match model.types.get(index).filter(|known| known.side == Side::Input).map(|known| &known.form) {
            Some(Form::Object { fields, .. }) => self.fields(fields, at, depth + 1, found),
            Some(Form::Union { variants }) if depth < MAX_DEPTH => {
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
    fn rules(&self) -> Vec<Rule> {
        let mut rules = bounds_of(self.of, &self.bounds, &self.path);
        rules.extend(self.tools.map(|described| Rule {
            path: String::new(),
            field: String::new(),
            check: Check::Tools { described },
            message: String::new(),
        }));
        rules
    }
}

fn bounds_of(of: Of, bounds: &Bounds, path: &Path) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut rule = |check: Check, must: String| {
        let message = format!("`{}` must {must}", path.field);
        rules.push(Rule { path: path.wire.clone(), field: path.field.clone(), check, message });
    };
    if let Some(must) = range(bounds.minimum, bounds.maximum) {
        if of == Of::Integer {
            let (least, most) = (bounds.minimum.map(Limit::ceil), bounds.maximum.map(Limit::floor));
            if most.is_some_and(|most| most > i64::MAX.into()) && least.is_some_and(|least| least >= 0) {
                let (min, max) = (unsigned(least, u64::MIN), unsigned(most, u64::MAX));
                rule(Check::Unsigned { min, max }, must);
            } else {
                let (min, max) = (whole(least, i64::MIN), whole(most, i64::MAX));
                rule(Check::Integer { min, max }, must);
            }
        } else {
            let (min, max) = (float(bounds.minimum, f64::NEG_INFINITY), float(bounds.maximum, f64::INFINITY));
            rule(Check::Number { min, max }, must);
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
            (float(bounds.exclusive_minimum, f64::NEG_INFINITY), float(bounds.exclusive_maximum, f64::INFINITY));
        rule(Check::Between { min, max }, must);
    }
    if let Some(multiple) = bounds.multiple_of {
        rule(Check::Multiple(multiple.as_f64()), format!("be a multiple of {multiple}"));
    }
    for (least, most, unit) in [
        (bounds.min_length, bounds.max_length, ["character", "characters"]),
        (bounds.min_items, bounds.max_items, ["item", "items"]),
        (bounds.min_members, bounds.max_members, ["entry", "entries"]),
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
        let (min, max) = (least.unwrap_or(0), most.unwrap_or(u64::MAX));
        let check = match unit[0] {
            "character" => Check::Length { min, max },
            "item" => Check::Items { min, max },
            _ => Check::Members { min, max },
        };
        rule(check, must);
    }
    if bounds.unique_items {
        rule(Check::Unique, "have no item twice".to_owned());
    }
    if let Some(demands) = bounds.demands.as_deref() {
        demanded(demands, &mut rule);
    }
    if of == Of::Object {
        rule(Check::Object, "be a JSON object".to_owned());
    }
    if let Some(pattern) = bounds.pattern.as_deref().filter(|pattern| !is_explosive(pattern)) {
        match pattern {
            "^[0-9]+$" => rule(Check::Digits, "consist of digits".to_owned()),
            _ => {
                if let Some(prefix) = literal_prefix(pattern) {
                    rule(Check::Prefix(prefix.to_owned()), format!("start with `{prefix}`"));
                } else if let Some(count) = alphanumeric_run(pattern) {
                    rule(Check::Alphanumeric(count), format!("contain {count} letters or digits in a row"));
                } else {
                    rule(Check::Pattern(pattern.to_owned()), format!("match `{pattern}`"));
                }
            }
        }
    }
    if !bounds.values.is_empty() && of == Of::Text {
        rule(Check::OneOf(bounds.values.clone()), format!("be one of `{}`", bounds.values.join("`, `")));
    }
    rules
}

/// Adds the rules of what few places demand.
fn demanded(demands: &Demands, rule: &mut impl FnMut(Check, String)) {
    let Demands { types, equals, present, absent } = demands;
    let listed = |names: &[String]| format!("`{}`", names.join("`, `"));
    if !types.is_empty() {
        rule(Check::Types(types.clone()), format!("be of the type {}", listed(types)));
    }
    if !equals.is_empty() {
        rule(Check::Equals(equals.clone()), format!("be one of {}", listed(equals)));
    }
    if !present.is_empty() {
        rule(Check::Present(present.clone()), format!("have {}", listed(present)));
    }
    if !absent.is_empty() {
        rule(Check::Absent(absent.clone()), format!("not have {}", listed(absent)));
    }
}

/// Returns whether a pattern is checked in any case, and not with a regular expression.
#[must_use]
pub fn is_always_checked(pattern: &str) -> bool {
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

fn whole(bound: Option<i128>, open: i64) -> i64 {
    bound.map_or(open, |bound| i64::try_from(bound).unwrap_or(open))
}

fn unsigned(bound: Option<i128>, open: u64) -> u64 {
    bound.map_or(open, |bound| u64::try_from(bound).unwrap_or(open))
}

fn float(bound: Option<Limit>, open: f64) -> f64 {
    bound.map_or(open, Limit::as_f64)
}
