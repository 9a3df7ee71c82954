//! The change report of a refresh.

mod changes;
pub mod diff;
mod facts;
pub mod fields;
mod inside;
mod patterns;
mod rules;
mod text;
mod traits;
mod ways;
mod wider;

use std::collections::{BTreeMap, BTreeSet};

use workers_ai_catalog::{Catalog, glob};

use crate::{
    merge::Merged,
    only::Only,
    snapshot::Snapshot,
    source::{Fetched, Rejected},
    verify::{self, Outcome},
};
pub use changes::Change;

/// The changes of a refresh.
#[derive(Debug, Default)]
pub struct Report {
    /// The kind of source.
    pub source: String,
    /// The number of models after the refresh.
    pub count: usize,
    /// New models, with their task.
    pub added: Vec<(String, String)>,
    /// Removed models, with their task.
    pub retired: Vec<(String, String)>,
    /// Changed models and their changes.
    pub changed: Vec<(String, Vec<Change>)>,
    /// Models that could not be updated, and whether they keep their old file.
    pub rejected: Vec<(Rejected, bool)>,
    /// New models without a schema.
    pub without_schema: Vec<String>,
    /// New and changed models whose types differ from their schema, and in how many places.
    pub loose: Vec<(String, usize)>,
    /// Notes on corrections.
    pub corrections: Vec<String>,
    /// Other notes.
    pub notes: Vec<String>,
}

/// The inputs of a report.
pub struct Sides<'a> {
    /// The snapshot before.
    pub old: &'a Snapshot,
    /// The catalog with that snapshot.
    pub before: &'a Catalog,
    /// The snapshot after.
    pub merged: &'a Merged,
    /// Its models.
    pub read: &'a BTreeMap<String, Outcome>,
    /// The models of the source.
    pub fetched: &'a Fetched,
    /// The requested models.
    pub only: &'a Only,
}

/// Creates the report.
#[must_use]
pub fn make(sides: &Sides<'_>) -> Report {
    let (old, new) = (&sides.old.models, &sides.merged.snapshot.models);
    let mut report = Report {
        source: sides.fetched.source.to_owned(),
        count: new.len(),
        notes: sides.fetched.notes.clone(),
        ..Report::default()
    };
    let task = |id: &String, record: &crate::snapshot::Record| (id.clone(), record.facts.task.clone());
    report.added = new.iter().filter(|(id, _)| !old.contains_key(*id)).map(|(id, record)| task(id, record)).collect();
    report.retired = old.iter().filter(|(id, _)| !new.contains_key(*id)).map(|(id, record)| task(id, record)).collect();
    for (id, record) in new {
        let Some(was) = old.get(id).filter(|was| was.facts != record.facts) else { continue };
        let now = sides.read.get(id);
        let mut changes = match (verify::one(sides.before, id), now) {
            (Ok(Some(was)), Some(Ok(Some(now)))) => diff::models(&was, now),
            (Ok(None), Some(Ok(Some(_)))) => vec![Change { text: "now has a schema".to_owned(), breaking: false }],
            (Err(_), Some(Ok(_))) => vec![Change { text: "is now readable".to_owned(), breaking: false }],
            _ => Vec::new(),
        };
        if changes.is_empty() {
            let same_schemas = was.facts.input == record.facts.input && was.facts.output == record.facts.output;
            let what = if same_schemas {
                "a property without an effect on types"
            } else {
                "the schema, without an effect on types"
            };
            changes.push(Change { text: what.to_owned(), breaking: false });
        }
        report.changed.push((id.clone(), changes));
    }
    let is_new = |id: &String| old.get(id).map(|was| &was.facts) != new.get(id).map(|now| &now.facts);
    let inputs =
        new.iter().filter(|(id, _)| is_new(id)).filter_map(|(id, record)| Some((id, record.facts.input.as_ref()?)));
    report.notes.extend(inputs.flat_map(|(id, input)| patterns::invalid(id, input)));
    report.loose = sides
        .read
        .iter()
        .filter(|(id, _)| is_new(id))
        .filter_map(|(id, outcome)| Some((id.clone(), outcome.as_ref().ok()?.as_ref()?.model.notes.len())))
        .filter(|(_, count)| *count > 0)
        .collect();
    report.without_schema = new
        .iter()
        .filter(|(id, record)| record.facts.input.is_none() && !old.contains_key(*id))
        .map(|(id, _)| id.clone())
        .collect();
    let mut named = BTreeSet::new();
    for rejected in &sides.merged.rejected {
        if named.insert((rejected.id.clone(), rejected.cause.clone())) {
            let kept = rejected.id.as_ref().is_some_and(|id| new.contains_key(id));
            report.rejected.push((rejected.clone(), kept));
        }
    }
    let mut ours = new.keys().filter(|id| glob("@cf/*", id)).peekable();
    let whole = sides.only.is_all() && ours.peek().is_some() && ours.all(|id| sides.fetched.models.contains_key(id));
    report.corrections = rules::check(
        &sides.before.rules().unwrap_or_default(),
        sides.read,
        |id| sides.fetched.models.contains_key(id),
        whole,
    );
    report
}

impl Report {
    /// Returns whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.retired.is_empty() && self.changed.is_empty()
    }

    /// Returns whether any change may break a program.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        !self.retired.is_empty() || self.changed.iter().any(|(_, changes)| changes.iter().any(|change| change.breaking))
    }
}
