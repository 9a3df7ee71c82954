//! Generates the files that are derived from the snapshot and the corrections.

use std::{fs, path::Path};

use cargo_workers_ai::{
    corrections,
    error::{Error, Result},
    snapshot::{self, Snapshot},
};
use workers_ai_catalog::{Capability, Catalog, Field, Kind};

use crate::{shapes, workspace};

/// Returns the generated files of a workspace by path.
///
/// # Errors
/// Returns an error if the snapshot or a correction cannot be read.
pub fn files(root: &Path) -> Result<Vec<(&'static str, String)>> {
    let folder = workspace::models(root);
    let snapshot = Snapshot::read(&folder)?;
    let index = snapshot::index(&snapshot, &snapshot.parts);
    let corrections = corrections::read(&workspace::corrections(root))?;
    let catalog = Catalog::at(folder).with_corrections(&corrections.rules)?;
    let native = with_native_format(&catalog)?;
    let shapes = shapes::text(&corrections.shapes(), snapshot.date().unwrap_or("1970-01-01"), &native)?;
    Ok(vec![
        ("catalog/models/index.rs", index),
        ("catalog/corrections/index.rs", corrections.index(&catalog.decisions()?)),
        ("workers-ai-types/src/generated.rs", shapes),
    ])
}

/// Returns the models whose response format is the schema itself.
fn with_native_format(catalog: &Catalog) -> Result<Vec<String>> {
    let mut native = Vec::new();
    for id in catalog.ids()? {
        let Ok(model) = catalog.model(&id) else { continue };
        let named = |field: &Field| field.place.kind == Kind::Shape("OpenAiFormat".to_owned());
        if model.can(Capability::JsonMode) && !model.input.fields.iter().any(named) {
            native.push(id);
        }
    }
    Ok(native)
}

/// Writes the files that are not current and returns their paths.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
pub fn write(root: &Path) -> Result<Vec<&'static str>> {
    let mut written = Vec::new();
    for (path, text) in stale(root)? {
        let full = root.join(path);
        // Renamed into place: with a partially written file, this program could not be built any more.
        let half = full.with_extension("rs.new");
        fs::write(&half, text).and_then(|()| fs::rename(&half, &full)).map_err(Error::write(&full))?;
        written.push(path);
    }
    Ok(written)
}

/// Returns the generated files that are not current, with their expected content.
///
/// # Errors
/// Returns an error if a file cannot be read.
pub fn stale(root: &Path) -> Result<Vec<(&'static str, String)>> {
    let mut stale = files(root)?;
    stale.retain(|(path, text)| fs::read_to_string(root.join(path)).ok().as_ref() != Some(text));
    Ok(stale)
}
