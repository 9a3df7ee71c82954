//! Merges the models of a source into the snapshot.

use std::collections::{BTreeMap, btree_map::Entry};

use crate::{
    only::Only,
    snapshot::{Record, Snapshot},
    source::{Fetched, Found, Rejected},
};

/// A merged snapshot, and the models that could not be updated.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Models that keep their old file or are left out, with the reason.
    pub rejected: Vec<Rejected>,
}

/// Merges models that were fetched on a day into a snapshot.
#[must_use]
pub fn merge(old: &Snapshot, fetched: &Fetched, only: &Only, day: &str) -> Merged {
    let mut merged = Merged { snapshot: old.clone(), rejected: fetched.rejected.clone() };
    let unnamed = fetched.rejected.iter().any(|rejected| rejected.id.is_none());
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
            Err(cause) => merged.rejected.push(Rejected { id: Some(id.clone()), cause }),
        }
    }
    let retired = |id: &str, record: &Record| {
        fetched.scope.model(id, &record.source)
            && only.matches(id)
            && !fetched.models.contains_key(id)
            && !fetched.rejected.iter().any(|rejected| rejected.id.as_deref() == Some(id))
            // An entry without a readable ID may be any of the missing models.
            && !unnamed
    };
    merged.snapshot.models.retain(|id, record| !retired(id, record));
    merged.reject_twins(old);
    merged
}

/// Returns the facts to use, if any.
fn taken(found: &Found, known: Option<&Record>, source: &str) -> Result<Option<crate::snapshot::Facts>, String> {
    let mut facts = found.facts.clone();
    let Some(known) = known else { return Ok(Some(facts)) };
    // The unified catalog has fewer facts about models that other sources describe in full.
    if source == "unified" && known.source != "unified" && known.id.starts_with('@') {
        return Ok(None);
    }
    if !found.with_schema {
        facts.input.clone_from(&known.facts.input);
        facts.output.clone_from(&known.facts.output);
    } else if facts.input.is_none() && known.facts.input.is_some() {
        return Err("no longer has a schema".to_owned());
    }
    Ok(Some(facts))
}

impl Merged {
    /// Rejects new models whose IDs differ from others only in case: their files would be the same file on some systems.
    fn reject_twins(&mut self, old: &Snapshot) {
        let mut names: BTreeMap<String, &str> = BTreeMap::new();
        let (known, new): (Vec<&String>, Vec<&String>) =
            self.snapshot.models.keys().partition(|id| old.models.contains_key(*id));
        let mut twins = Vec::new();
        for id in known.into_iter().chain(new) {
            match names.entry(id.to_ascii_lowercase()) {
                Entry::Vacant(free) => drop(free.insert(id)),
                Entry::Occupied(taken) => {
                    twins.push((id.clone(), format!("differs only in case from `{}`", taken.get())));
                }
            }
        }
        for (id, cause) in twins {
            self.revert(old, &id, cause);
        }
    }

    /// Reverts a model to its old facts, since the new ones cannot be read.
    pub fn revert(&mut self, old: &Snapshot, id: &str, cause: String) {
        match old.models.get(id) {
            Some(record) => drop(self.snapshot.models.insert(id.to_owned(), record.clone())),
            None => drop(self.snapshot.models.remove(id)),
        }
        self.rejected.push(Rejected { id: Some(id.to_owned()), cause });
    }
}
