//! `refresh-catalog`.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    error::{Error, Result},
    snapshot::{self, Record, Snapshot, read_json},
    source::entry,
};

/// Milestone 1.
pub fn run(root: &Path, from: &Path) -> Result<()> {
    let feed = read_json(from)?;
    let folder = snapshot::folder(root);
    let mut snapshot = Snapshot::read(&folder)?;
    let today = jiff::Timestamp::now().to_string()[..10].to_owned();
    let mut models = std::collections::BTreeMap::new();
    for e in feed.get("models").and_then(Value::as_array).into_iter().flatten() {
        let facts = entry::facts(e, false).map_err(Error::Usage)?;
        let old = snapshot.models.get(&facts.id);
        let record = Record::new(facts, "file", &today, old);
        models.insert(record.id.clone(), record);
    }
    snapshot.models = models;
    for entry in ["cf", "hf", "shared"] {
        let _ = fs::remove_dir_all(folder.join(entry));
    }
    for (path, text) in snapshot.files() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&folder)).map_err(Error::write(&path))?;
        fs::write(&path, text).map_err(Error::write(&path))?;
    }
    crate::generate::write(root)?;
    Ok(())
}
