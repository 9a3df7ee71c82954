//! The old snapshot and what a source gave, made into the new one.

use workers_ai_catalog::glob;

use crate::{
    snapshot::{Record, Snapshot},
    source::{Bad, Fetched, Found},
};

/// A snapshot that could be, and the models that could not be brought up to date.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Models whose old file stays, or that are left out, and why.
    pub bad: Vec<Bad>,
}

/// Merges what was fetched on a day into a snapshot.
#[must_use]
pub fn merge(old: &Snapshot, fetched: &Fetched, only: Option<&str>, day: &str) -> Merged {
    let mut merged = Merged { snapshot: old.clone(), bad: fetched.bad.clone() };
    let unnamed = fetched.bad.iter().any(|bad| bad.id.is_none());
    for (id, found) in &fetched.models {
        let known = old.models.get(id);
        match taken(found, known, fetched.source) {
            Ok(Some(facts)) => {
                let (source, day) = match &found.origin {
                    Some((source, day)) => (source.as_str(), day.as_str()),
                    None => (fetched.source, day),
                };
                merged.snapshot.models.insert(id.clone(), Record::new(facts, source, day, known));
            }
            Ok(None) => {}
            Err(cause) => merged.bad.push(Bad { id: Some(id.clone()), cause }),
        }
    }
    let retired = |id: &str, record: &Record| {
        fetched.covers.model(id, &record.source)
            && only.is_none_or(|only| glob(only, id))
            && !fetched.models.contains_key(id)
            && !fetched.bad.iter().any(|bad| bad.id.as_deref() == Some(id))
            // A model whose entry did not even say its id may be any of those that are missing.
            && !unnamed
    };
    merged.snapshot.models.retain(|id, record| !retired(id, record));
    merged
}

/// The facts to take, if any.
fn taken(found: &Found, known: Option<&Record>, source: &str) -> Result<Option<crate::snapshot::Facts>, String> {
    let mut facts = found.facts.clone();
    let Some(known) = known else { return Ok(Some(facts)) };
    // The unified catalog knows less of the models that other sources describe in full.
    if source == "unified" && known.source != "unified" && known.id.starts_with('@') {
        return Ok(None);
    }
    if !found.with_schema {
        facts.input.clone_from(&known.facts.input);
        facts.output.clone_from(&known.facts.output);
    } else if facts.input.is_none() && known.facts.input.is_some() {
        return Err("has no schema any more".to_owned());
    }
    Ok(Some(facts))
}

impl Merged {
    /// Takes a model's new facts back, since they cannot be read, and says so.
    pub fn take_back(&mut self, old: &Snapshot, id: &str, cause: String) {
        match old.models.get(id) {
            Some(record) => drop(self.snapshot.models.insert(id.to_owned(), record.clone())),
            None => drop(self.snapshot.models.remove(id)),
        }
        self.bad.push(Bad { id: Some(id.to_owned()), cause });
    }
}
