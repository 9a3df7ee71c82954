//! The values that are valid in the same place of several models.

use super::Merge;
use crate::{Bounds, Field, Form, Kind, Place, Side, Type, Variant};

/// The content of messages, from the kind that the fewest models refuse.
const CONTENTS: [&str; 4] = ["Text", "VisionContent", "MediaNoVideo", "MediaContent"];

/// The shapes of files: all of them are made from bytes, and differ only in how these travel.
pub(super) const FILES: [&str; 5] = ["Base64Data", "DataUri", "ByteArray", "FormFile", "RawBody"];

impl<'m> Merge<'m> {
    /// Returns what is valid in the places of all models: in an input, where all of them take it; in an output, where any of them
    /// may send it.
    pub(super) fn place(&mut self, places: &[&'m Place]) -> Option<Place> {
        let kind = self.kind(places)?;
        if self.side == Side::Output {
            let nullable = places.iter().any(|place| place.nullable);
            return Some(Place { nullable, ..Place::new(kind) });
        }
        let (first, rest) = places.split_first()?;
        let mut place = Place { kind, ..(*first).clone() };
        for other in rest {
            place.bounds = place.bounds.common(&other.bounds)?;
            place.nullable &= other.nullable;
            for (path, bounds) in &other.inside {
                match place.inside.iter_mut().find(|(known, _)| known == path) {
                    Some((_, known)) => *known = known.common(bounds)?,
                    None => place.inside.push((path.clone(), bounds.clone())),
                }
            }
            let more = other.unchecked.iter().filter(|keyword| !place.unchecked.contains(keyword)).copied();
            place.unchecked.extend(more.collect::<Vec<_>>());
        }
        if place.kind == Kind::Integer {
            place.bounds.make_whole();
        }
        place.bounds.contradiction().is_none().then_some(place)
    }

    fn kind(&mut self, places: &[&'m Place]) -> Option<Kind> {
        let first = &places.first()?.kind;
        match first {
            Kind::Shape(_) => self.shape(places),
            Kind::List(_) | Kind::Map(_) | Kind::Type(_) => self.composed(places, first),
            Kind::OneOrMany(_) => match self.composed(places, first) {
                Some(kind) => Some(kind),
                None => self.one(places),
            },
            Kind::Integer | Kind::Number => {
                let numbers = places.iter().all(|place| matches!(place.kind, Kind::Integer | Kind::Number));
                let whole = |place: &&Place| place.kind == Kind::Integer;
                // All models take an integer; any may send another number.
                let integer = match self.side {
                    Side::Input => places.iter().any(whole),
                    Side::Output => places.iter().all(whole),
                };
                numbers.then_some(if integer { Kind::Integer } else { Kind::Number })
            }
            Kind::String if places.iter().any(|place| matches!(place.kind, Kind::OneOrMany(_))) => self.one(places),
            Kind::Boolean | Kind::String | Kind::Json | Kind::Object | Kind::Constant(_) => {
                places.iter().all(|place| place.kind == *first).then(|| first.clone())
            }
        }
    }

    /// Merges one value where some models also take a list.
    fn one(&mut self, places: &[&'m Place]) -> Option<Kind> {
        let single = places.iter().map(|place| match &place.kind {
            Kind::OneOrMany(item) => item,
            _ => *place,
        });
        let single: Vec<&Place> = single.collect();
        (self.side == Side::Input).then(|| self.kind(&single)).flatten()
    }

    /// Merges lists, maps and named types.
    fn composed(&mut self, places: &[&'m Place], first: &Kind) -> Option<Kind> {
        let inner = |wanted: fn(&'m Kind) -> Option<&'m Place>| {
            places.iter().map(|place| wanted(&place.kind)).collect::<Option<Vec<&'m Place>>>()
        };
        match first {
            Kind::List(_) => {
                let items = inner(|kind| if let Kind::List(item) = kind { Some(item) } else { None })?;
                Some(Kind::List(Box::new(self.place(&items)?)))
            }
            Kind::Map(_) => {
                let values = inner(|kind| if let Kind::Map(value) = kind { Some(value) } else { None })?;
                Some(Kind::Map(Box::new(self.place(&values)?)))
            }
            Kind::OneOrMany(_) => {
                let items = inner(|kind| if let Kind::OneOrMany(item) = kind { Some(item) } else { None })?;
                Some(Kind::OneOrMany(Box::new(self.place(&items)?)))
            }
            _ => {
                let indexes = places.iter().map(|place| match place.kind {
                    Kind::Type(index) => Some(index),
                    _ => None,
                });
                self.named_types(&indexes.collect::<Option<Vec<usize>>>()?).map(Kind::Type)
            }
        }
    }

    fn shape(&self, places: &[&Place]) -> Option<Kind> {
        let names = places.iter().map(|place| match &place.kind {
            Kind::Shape(name) => Some(name.as_str()),
            _ => None,
        });
        let names: Vec<&str> = names.collect::<Option<_>>()?;
        let first = *names.first()?;
        let all = |of: &dyn Fn(&str) -> bool| names.iter().all(|name| of(name));
        let any = |wanted: &str| names.contains(&wanted);
        if all(&|name| name == first) {
            return Some(Kind::Shape(first.to_owned()));
        }
        if self.side == Side::Output {
            return None;
        }
        let name = if all(&|name| name.starts_with("Messages<")) {
            let content = |wanted: &&&str| any(&format!("Messages<{wanted}>"));
            format!("Messages<{}>", CONTENTS.iter().find(content)?)
        } else if all(&|name| name.starts_with("Tools")) {
            "Tools<Described>".to_owned()
        } else if all(&|name| name.ends_with("Format")) {
            // It has the name that some models need, and the schema that all of them need.
            "OpenAiFormat".to_owned()
        } else if all(&|name| FILES.contains(&name)) {
            first.to_owned()
        } else {
            return None;
        };
        Some(Kind::Shape(name))
    }

    /// Merges named types, which may contain themselves.
    fn named_types(&mut self, indexes: &[usize]) -> Option<usize> {
        let key = (self.side == Side::Input, indexes.to_vec());
        if let Some(known) = self.merged.get(&key) {
            return *known;
        }
        let types: Vec<&'m Type> =
            indexes.iter().enumerate().map(|(at, index)| self.named(at, *index)).collect::<Option<_>>()?;
        let first = *types.first()?;
        // What refers to it meanwhile needs its index.
        let at = self.types.len();
        self.types.push(Type { side: self.side, form: Form::Enum { values: Vec::new() }, ..first.clone() });
        self.merged.insert(key.clone(), Some(at));
        match self.form(first, &types) {
            Some(form) => self.types[at].form = form,
            None => {
                self.merged.insert(key.clone(), None);
            }
        }
        self.merged.get(&key).copied().flatten()
    }

    fn form(&mut self, first: &'m Type, types: &[&'m Type]) -> Option<Form> {
        match &first.form {
            Form::Enum { values } => {
                let others: Vec<&[String]> = types
                    .iter()
                    .map(|known| if let Form::Enum { values } = &known.form { Some(values.as_slice()) } else { None })
                    .collect::<Option<_>>()?;
                let values = match self.side {
                    Side::Input => common_values(values, &others),
                    Side::Output => any_values(&others),
                };
                (!values.is_empty()).then_some(Form::Enum { values })
            }
            Form::Object { .. } => {
                let objects: Vec<(&'m [Field], bool, bool)> = types
                    .iter()
                    .map(|known| match &known.form {
                        Form::Object { fields, open, closed } => Some((fields.as_slice(), *open, *closed)),
                        _ => None,
                    })
                    .collect::<Option<_>>()?;
                let fields: Vec<&'m [Field]> = objects.iter().map(|(fields, ..)| *fields).collect();
                Some(Form::Object {
                    fields: self.members(&fields)?,
                    open: objects.iter().all(|(_, open, _)| *open),
                    closed: objects.iter().any(|(.., closed)| *closed),
                })
            }
            Form::Union { variants } => {
                let unions: Vec<&'m [Variant]> = types
                    .iter()
                    .map(|known| match &known.form {
                        Form::Union { variants } => Some(variants.as_slice()),
                        _ => None,
                    })
                    .collect::<Option<_>>()?;
                if unions.iter().any(|union| union.len() != variants.len()) {
                    return None;
                }
                let merged = (0..variants.len()).map(|at| {
                    let same: Vec<&'m Variant> = unions.iter().map(|union| &union[at]).collect();
                    let alike = same.iter().all(|one| one.name == same[0].name && one.tag == same[0].tag);
                    let places: Vec<&'m Place> = same.iter().map(|variant| &variant.place).collect();
                    let place = alike.then(|| self.place(&places)).flatten()?;
                    Some(Variant { place, ..same[0].clone() })
                });
                Some(Form::Union { variants: merged.collect::<Option<_>>()? })
            }
        }
    }
}

/// Returns the values that all lists have.
fn common_values(first: &[String], lists: &[&[String]]) -> Vec<String> {
    first.iter().filter(|value| lists.iter().all(|list| list.contains(value))).cloned().collect()
}

/// Returns the values that any list has.
fn any_values(lists: &[&[String]]) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in lists.iter().copied().flatten() {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values
}

impl Bounds {
    /// Returns the bounds of a value that is within these and within others, if they can be said.
    fn common(&self, other: &Self) -> Option<Self> {
        let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        if differ(&self.pattern, &other.pattern)
            || (self.demands.is_some() && other.demands.is_some() && self.demands != other.demands)
        {
            return None;
        }
        let mut both = self.both(other);
        if !self.values.is_empty() && !other.values.is_empty() {
            both.values = common_values(&self.values, &[&other.values]);
            if both.values.is_empty() {
                return None;
            }
        }
        Some(both)
    }
}
