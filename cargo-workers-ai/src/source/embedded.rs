//! The snapshot of this release as a source.

use serde_json::Value;
use workers_ai_catalog::Catalog;

use super::{Fetched, Found};
use crate::{error::Result, only::Only, snapshot::Record};

/// Reads models of the snapshot.
///
/// # Errors
/// Returns an error if the snapshot cannot be read.
pub fn read(only: &Only) -> Result<Fetched> {
    let catalog = Catalog::embedded();
    let mut fetched = Fetched { source: "snapshot", ..Fetched::default() };
    for id in catalog.ids()?.into_iter().filter(|id| only.matches(id)) {
        let mut value = catalog.document(&id)?.value;
        for side in ["input", "output"] {
            if let Some(schema) = catalog.upstream_schema(&id, side)? {
                value[side] = schema;
            }
        }
        let found = Record::read(&value, |schema: &Value| Ok(schema.clone())).map(|record| Found {
            origin: Some((record.source.clone(), record.retrieved.clone())),
            facts: record.facts,
            with_schema: true,
        });
        fetched.add(Some(id), found);
    }
    Ok(fetched)
}
