//! The snapshot: all models with inlined schemas, and the files they are stored in.

pub mod id;
mod index;
mod names;
pub mod record;
pub mod schema;
mod share;

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::{
    error::{Error, Result},
    pretty::pretty,
};
pub use index::index;
pub use record::{Facts, Record};
pub use share::Parts;

/// All models of a catalog, with shared parts inlined.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Snapshot {
    /// The models by ID.
    pub models: BTreeMap<String, Record>,
    /// The shared parts by name.
    pub parts: Parts,
}

/// The file that records which places are which shared types. It is derived from the others.
pub const DECISIONS: &str = "shapes.json";

/// The files of a snapshot, by their path in its folder.
pub type Files = BTreeMap<String, String>;

impl Snapshot {
    /// Reads a folder with the snapshot's layout. A missing folder is an empty snapshot.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read or is invalid.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut snapshot = Self::default();
        if !folder.is_dir() {
            return Ok(snapshot);
        }
        let mut models = Vec::new();
        for path in json_files(folder)? {
            let value = read_json(&folder.join(&path))?;
            match path.strip_prefix("shared/").and_then(|name| name.strip_suffix(".json")) {
                Some(name) => {
                    snapshot.parts.insert(name.to_owned(), value);
                }
                None => models.push((path, value)),
            }
        }
        for (path, value) in models {
            let damaged = |cause: String| Error::Snapshot(format!("`{path}` {cause}"));
            let record = Record::read(&value, |schema| snapshot.parts.inline(schema)).map_err(damaged)?;
            if id::path(&record.id).as_deref() != Ok(path.as_str()) {
                return Err(damaged(format!("belongs to another model: its ID is `{}`", record.id)));
            }
            snapshot.models.insert(record.id.clone(), record);
        }
        Ok(snapshot)
    }

    /// Returns the files to store and the shared parts among them. Parts keep their names in `self.parts`.
    #[must_use]
    pub fn stored(&self) -> (Files, Parts) {
        let (models, parts) = share::split(&self.models, &self.parts);
        let mut files = Files::new();
        for (id, value) in models {
            if let Ok(path) = id::path(&id) {
                files.insert(path, pretty(&value));
            }
        }
        for (name, value) in parts.iter() {
            files.insert(format!("shared/{name}.json"), pretty(value));
        }
        (files, parts)
    }

    /// Returns the latest day of retrieval.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        self.models.values().map(|record| record.retrieved.as_str()).max()
    }
}

/// Returns the `.json` files below a folder, as sorted paths with `/`.
///
/// # Errors
/// Returns an error if a folder cannot be read.
pub fn json_files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut waiting = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = waiting.pop() {
        for entry in fs::read_dir(&path).map_err(Error::read(&path))? {
            let entry = entry.map_err(Error::read(&path))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if entry.path().is_dir() {
                if depth < 4 && !name.starts_with('.') {
                    waiting.push((entry.path(), format!("{prefix}{name}/"), depth + 1));
                }
            } else if !(depth == 0 && name == DECISIONS)
                && Path::new(&name).extension().is_some_and(|extension| extension == "json")
            {
                found.push(format!("{prefix}{name}"));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Reads a JSON file.
///
/// # Errors
/// Returns an error if it cannot be read or is not JSON.
pub fn read_json(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).map_err(Error::read(path))?;
    serde_json::from_str(&text).map_err(|e| Error::NotJson { place: path.display().to_string(), cause: e.to_string() })
}
