//! Schemas that several models share, stored once and referred to.

use std::{
    cell::OnceCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::Value;

use crate::{
    document::{files_below, parse},
    limits::{MAX_DEPTH, MAX_PLACES},
    snapshot,
};

/// Schemas that several models share, parsed on first use.
#[derive(Debug)]
pub(crate) enum Shared {
    /// Those embedded in this crate, which are parsed once per process.
    Embedded,
    /// Those of a folder, by name.
    Folder(BTreeMap<String, (PathBuf, OnceCell<Option<Value>>)>),
}

impl Shared {
    pub(crate) fn folder(folder: &Path) -> Self {
        let names = files_below(folder).unwrap_or_default();
        let source = |name: &String| {
            let stem = name.strip_suffix(".json")?.to_owned();
            Some((stem, (folder.join(name), OnceCell::new())))
        };
        Self::Folder(names.iter().filter_map(source).collect())
    }

    /// Returns the schema that a `$ref` of the form `/shared/NAME.json` refers to.
    pub(crate) fn get(&self, reference: &str) -> Option<&Value> {
        let name = reference.strip_prefix("/shared/")?.strip_suffix(".json")?;
        match self {
            Self::Embedded => embedded_schema(name),
            Self::Folder(files) => {
                let (path, parsed) = files.get(name)?;
                parsed.get_or_init(|| parse(path).ok()).as_ref()
            }
        }
    }
}

/// Returns a shared schema of the snapshot.
fn embedded_schema(name: &str) -> Option<&'static Value> {
    type Parsed = Box<[OnceLock<Option<Value>>]>;
    static PARSED: OnceLock<Parsed> = OnceLock::new();
    let index = snapshot::SHARED.binary_search_by_key(&name, |(name, _)| name).ok()?;
    let parsed = PARSED.get_or_init(|| snapshot::SHARED.iter().map(|_| OnceLock::new()).collect());
    parsed.get(index)?.get_or_init(|| serde_json::from_str(snapshot::SHARED.get(index)?.1).ok()).as_ref()
}

/// Returns a schema with the shared parts inlined. Where that would exceed the limits, the reference stays.
pub(crate) fn inline(schema: &Value, shared: &Shared) -> Value {
    fn below(schema: &Value, shared: &Shared, depth: usize, places: &mut usize) -> Value {
        *places += 1;
        match schema {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str).and_then(|reference| shared.get(reference));
                match target.filter(|_| depth < MAX_DEPTH && *places < MAX_PLACES) {
                    Some(target) => below(target, shared, depth + 1, places),
                    None => Value::Object(
                        members
                            .iter()
                            .map(|(name, value)| (name.clone(), below(value, shared, depth, places)))
                            .collect(),
                    ),
                }
            }
            Value::Array(items) => items.iter().map(|item| below(item, shared, depth, places)).collect(),
            other => other.clone(),
        }
    }
    below(schema, shared, 0, &mut 0)
}
