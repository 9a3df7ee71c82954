//! What a schema declares inside: the places that a shared type hides from the intermediate form.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Schema,
    form::{ARRAY, NUMBER, OBJECT, STRING},
};
use crate::{Bounds, limits::MAX_DEPTH};

/// What a schema declares, by path: `[].content[].image_url`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inside {
    /// The paths of all members.
    pub members: BTreeSet<String>,
    /// The strings that are valid at a path. `None`: any.
    pub values: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The bounds at a path for values of a type, of which alternatives have the wider ones.
    pub bounds: BTreeMap<(String, &'static str), Bounds>,
}

/// A place of a model that a shared type stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapePlace {
    /// The path of the place: `messages`. The answer itself has an empty path.
    pub path: String,
    /// The side that it belongs to.
    pub side: crate::Side,
    /// The name of the shared type.
    pub shape: String,
    /// What upstream's schema declares there.
    pub inside: Inside,
}

/// The maximum number of paths.
const MAX_PATHS: usize = 2_000;

pub(crate) fn read(schema: Schema<'_>) -> Inside {
    let mut inside = Inside::default();
    walk(schema, "", 0, &mut inside);
    inside
}

fn walk(schema: Schema<'_>, path: &str, depth: usize, inside: &mut Inside) {
    let (schema, resolver) = schema;
    if depth > MAX_DEPTH || inside.members.len() > MAX_PATHS {
        return;
    }
    for form in resolver.forms(schema) {
        if form.types & STRING != 0 {
            let texts = form.values().map(|values| {
                values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect::<BTreeSet<_>>()
            });
            let known = inside.values.entry(path.to_owned()).or_insert_with(|| Some(BTreeSet::new()));
            match (known.as_mut(), texts) {
                (Some(known), Some(texts)) => known.extend(texts),
                _ => *known = None,
            }
        }
        for (of, name) in [(STRING, "string"), (NUMBER, "number"), (ARRAY, "array"), (OBJECT, "object")] {
            if form.types & of != 0 {
                inside.bound((path.to_owned(), name), form.bounds());
            }
        }
        for (name, member) in form.members() {
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            inside.members.insert(path.clone());
            walk((member, resolver), &path, depth + 1, inside);
        }
        if let Some(items) = form.items() {
            walk((items, resolver), &format!("{path}[]"), depth + 1, inside);
        }
        if let Some(values) = form.additional() {
            walk((values, resolver), &format!("{path}.*"), depth + 1, inside);
        }
    }
}

impl Inside {
    fn bound(&mut self, at: (String, &'static str), bounds: Bounds) {
        match self.bounds.get_mut(&at) {
            Some(known) => *known = known.either(&bounds),
            None => drop(self.bounds.insert(at, bounds)),
        }
    }

    /// Adds what another alternative of the same place declares.
    pub(crate) fn extend(&mut self, other: Self) {
        self.members.extend(other.members);
        for (at, bounds) in other.bounds {
            self.bound(at, bounds);
        }
        for (path, texts) in other.values {
            let known = self.values.entry(path).or_insert_with(|| Some(BTreeSet::new()));
            match (known.as_mut(), texts) {
                (Some(known), Some(texts)) => known.extend(texts),
                _ => *known = None,
            }
        }
    }
}

/// Returns the path of a JSON pointer into a model's file: `messages[].content`.
pub(crate) fn path(pointer: &str) -> String {
    let mut path = String::new();
    let mut segments = pointer.split('/').skip(2);
    while let Some(segment) = segments.next() {
        match segment {
            "oneOf" | "anyOf" | "allOf" => drop(segments.next()),
            "properties" => {
                let name = segments.next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&name);
            }
            "items" => path.push_str("[]"),
            other => {
                path.push('.');
                path.push_str(other);
            }
        }
    }
    path
}
