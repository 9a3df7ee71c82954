//! Shared Rust types: what each sends or reads, as data, and the places that each fits.
//!
//! `catalog/shapes` describes every shape. An input shape fits a place that takes all that it `sends`, an output shape a place
//! of which it `reads` all, if the place also declares the members that the shape `needs`.

mod fit;
mod form;
mod inside;

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::{Map, Value};

pub(crate) use fit::{Schema, declares};
use form::Form;
pub(crate) use form::{Resolver, types_named};
pub use inside::{Inside, ShapePlace};

use crate::{Error, Side, document::parse, shared::Shared};

/// The descriptions of all shapes, by topic.
const FILES: [&str; 4] = [
    include_str!("../../shapes/chat.json"),
    include_str!("../../shapes/embeddings.json"),
    include_str!("../../shapes/media.json"),
    include_str!("../../shapes/options.json"),
];

/// What a shared type sends or reads.
pub(crate) struct Shape {
    /// The file that its references are relative to.
    file: &'static Value,
    /// The schema of all that it sends, or reads.
    pub(crate) schema: &'static Value,
    pub(crate) side: Side,
    /// The members that a place must declare: one of each list.
    needs: Vec<Vec<&'static str>>,
}

/// Returns the shape with that name.
pub(crate) fn shape(name: &str) -> Result<&'static Shape, Error> {
    let wrong = |cause: String| Error::NotJson { place: "the shapes".to_owned(), cause };
    let shapes = SHAPES.get_or_init(read).as_ref().map_err(|cause| wrong(cause.clone()))?;
    shapes.get(name).ok_or_else(|| wrong(format!("no shape is called `{name}`")))
}

static SHAPES: OnceLock<Result<BTreeMap<String, Shape>, String>> = OnceLock::new();

fn read() -> Result<BTreeMap<String, Shape>, String> {
    static PARSED: OnceLock<Vec<Result<Value, String>>> = OnceLock::new();
    let files =
        PARSED.get_or_init(|| FILES.iter().map(|file| serde_json::from_str(file).map_err(|e| e.to_string())).collect());
    let mut shapes = BTreeMap::new();
    for file in files {
        let file = file.as_ref().map_err(Clone::clone)?;
        for (name, description) in crate::ir::members(Some(file)) {
            let (schema, side) = match (description.get("sends"), description.get("reads")) {
                (Some(sends), None) => (sends, Side::Input),
                (None, Some(reads)) => (reads, Side::Output),
                // A part of other shapes.
                _ => continue,
            };
            let needs = description.get("needs").and_then(Value::as_array).into_iter().flatten();
            let needs = needs.filter_map(Value::as_str).map(|one| one.split(" | ").collect()).collect();
            shapes.insert(name.clone(), Shape { file, schema, side, needs });
        }
    }
    Ok(shapes)
}

impl Shape {
    pub(crate) fn schema(&'static self) -> Schema<'static> {
        (self.schema, Resolver { base: self.file, shared: &Shared::Embedded })
    }

    /// Returns whether the type fits a place.
    fn fits(&'static self, place: Schema<'_>) -> bool {
        let forms = place.1.forms(place.0);
        let declares = |form: &Form<'_>, one: &[&str]| one.iter().any(|path| fit::form_declares(form, place.1, path));
        match self.side {
            Side::Input => {
                self.needs.iter().all(|one| forms.iter().any(|form| declares(form, one)))
                    && fit::takes(place, self.schema())
            }
            Side::Output => {
                // A schema that says nothing may be anything.
                let mut forms = forms.iter().filter(|form| !form.is_silent());
                forms.all(|form| self.needs.iter().all(|one| declares(form, one))) && fit::reads(place, self.schema())
            }
        }
    }
}

/// Returns the schema of all that a shared type sends or reads.
///
/// # Errors
/// Fails if there is no such type.
pub fn shape_schema(name: &str) -> Result<Value, Error> {
    fn whole(schema: &Value, file: &Value) -> Value {
        match schema {
            Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                Some(part) => whole(file.pointer(part.trim_start_matches('#')).unwrap_or(&Value::Null), file),
                None => Value::Object(members.iter().map(|(name, value)| (name.clone(), whole(value, file))).collect()),
            },
            Value::Array(items) => items.iter().map(|item| whole(item, file)).collect(),
            other => other.clone(),
        }
    }
    let shape = shape(name)?;
    Ok(whole(shape.schema, shape.file))
}

/// Returns what the schema of a shared type declares: all members that it sends or reads, with their values.
///
/// # Errors
/// Fails if there is no such type.
pub fn shape_inside(name: &str) -> Result<Inside, Error> {
    Ok(inside::read(shape(name)?.schema()))
}

/// Returns the place of a shape, from what the reader recorded.
pub(crate) fn place(pointer: &str, name: &str, schema: Schema<'_>) -> ShapePlace {
    let side = if pointer.starts_with("/input") { Side::Input } else { Side::Output };
    ShapePlace { path: inside::path(pointer), side, shape: name.to_owned(), inside: inside::read(schema) }
}

/// Merges the places with the same path and shape, which are alternatives of each other.
pub(crate) fn merge(places: Vec<ShapePlace>) -> Vec<ShapePlace> {
    let mut merged: Vec<ShapePlace> = Vec::new();
    for place in places {
        let same = |known: &&mut ShapePlace| {
            (&known.path, known.side, &known.shape) == (&place.path, place.side, &place.shape)
        };
        match merged.iter_mut().find(same) {
            Some(known) => known.inside.extend(place.inside),
            None => merged.push(place),
        }
    }
    merged
}

/// Returns the first of several shapes that fits a place.
pub(crate) fn choose<'c>(candidates: &'c [String], place: Schema<'_>) -> Result<Option<&'c str>, Error> {
    for name in candidates {
        if shape(name)?.fits(place) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// A decision about which of several shared types a place is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decision {
    /// The shared types that a correction names, the widest first.
    pub candidates: Vec<String>,
    /// The structure hash of the place.
    pub structure: u64,
    /// The first of them that fits. `None` if none does.
    pub shape: Option<String>,
}

/// The decisions that a refresh recorded in a catalog's folder, read when a structure is met that the snapshot does not have.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    folder: Option<PathBuf>,
    lists: OnceCell<Lists>,
}

/// The shapes of places by their structure, for each list of candidates.
type Lists = BTreeMap<String, BTreeMap<u64, Option<String>>>;

impl Decided {
    /// The file in the folder of a catalog.
    pub(crate) const FILE: &str = "shapes.json";

    pub(crate) fn of(folder: Option<&Path>) -> Self {
        Self { folder: folder.map(Path::to_owned), lists: OnceCell::new() }
    }

    /// Reads the decisions. Those of another version, or unreadable ones, are made again.
    fn read(&self) -> Option<Lists> {
        let value = parse(&self.folder.as_ref()?.join(Self::FILE)).ok()?;
        (value.get("version")?.as_str()? == version()).then_some(())?;
        let lists = value.get("decided")?.as_object()?.iter().map(|(candidates, places)| {
            let read = |(structure, shape): (&String, &Value)| {
                Some((u64::from_str_radix(structure, 16).ok()?, shape.as_str().map(str::to_owned)))
            };
            (candidates.clone(), crate::ir::members(Some(places)).filter_map(read).collect())
        });
        Some(lists.collect())
    }

    /// Returns the decision about a place, if there is one.
    pub(crate) fn get(&self, candidates: &[String], structure: u64) -> Option<&Option<String>> {
        let lists = self.lists.get_or_init(|| self.read().unwrap_or_default());
        lists.get(&candidates.join(" | "))?.get(&structure)
    }
}

/// Returns the content of the file that records decisions in the folder of a catalog.
#[must_use]
pub fn recorded(decisions: &[Decision]) -> Value {
    let lists: BTreeSet<&[String]> = decisions.iter().map(|decision| decision.candidates.as_slice()).collect();
    let of = |list: &[String]| {
        let of = decisions.iter().filter(|decision| decision.candidates == list);
        Value::Object(of.map(|one| (format!("{:016x}", one.structure), one.shape.clone().into())).collect())
    };
    let decided: Map<String, Value> = lists.into_iter().map(|list| (list.join(" | "), of(list))).collect();
    serde_json::json!({ "version": version(), "decided": decided })
}

/// Returns a text that differs between versions that may decide differently.
fn version() -> String {
    let bytes = FILES.iter().flat_map(|file| file.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{}-{hash:016x}", env!("CARGO_PKG_VERSION"))
}
