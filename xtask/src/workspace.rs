//! Where this workspace has its catalog.

use std::path::{Path, PathBuf};

use cargo_workers_ai::{
    corrections,
    error::Result,
    refresh::{Reader, Target},
};
use workers_ai_catalog::Catalog;

/// Returns the folder of the snapshot.
#[must_use]
pub fn models(root: &Path) -> PathBuf {
    root.join("catalog/models")
}

/// Returns the folder of the corrections.
#[must_use]
pub fn corrections(root: &Path) -> PathBuf {
    root.join("catalog/corrections")
}

/// Returns a folder to refresh with the corrections as they are now: the snapshot, or another.
///
/// # Errors
/// Returns an error if a correction cannot be read.
pub fn target(root: &Path, out: Option<PathBuf>) -> Result<Target> {
    let rules = Some(corrections::read(&corrections(root))?.rules);
    Ok(match out {
        Some(folder) => Target { rules, ..Target::folder(folder) },
        None => Target { folder: models(root), reader: Reader::Crate, rules },
    })
}

/// Returns the snapshot, or another catalog, with the corrections as they are now.
///
/// # Errors
/// Returns an error if a correction cannot be read.
pub fn catalog(root: &Path, other: Option<PathBuf>) -> Result<Catalog> {
    let target = target(root, other)?;
    target.catalog(&target.folder)
}
