//! Finds corrections that no longer have an effect.

use std::collections::BTreeMap;

use workers_ai_catalog::{Considered, Correction, Outcome, glob};

use crate::verify;

/// Returns notes on the corrections of refreshed models. `whole` means that the models are the whole catalog.
pub(super) fn check(
    rules: &[(Vec<String>, Correction)],
    read: &BTreeMap<String, verify::Outcome>,
    refreshed: impl Fn(&str) -> bool,
    whole: bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for (patterns, correction) in rules {
        let mut places: Vec<(&str, &Considered)> = Vec::new();
        let mut concerned = false;
        for (id, outcome) in read {
            concerned |= refreshed(id) && patterns.iter().any(|pattern| glob(pattern, id));
            let Ok(Some(read)) = outcome else { continue };
            if patterns.iter().any(|pattern| glob(pattern, id)) {
                places.extend(
                    read.corrections.iter().filter(|one| one.correction == *correction).map(|one| (id.as_str(), one)),
                );
            }
        }
        if !whole && (places.is_empty() || !concerned) {
            continue;
        }
        if let Some(complaint) = complaint(&places) {
            found.push(format!("{}: {complaint}", name(patterns, correction)));
        }
        for pattern in patterns.iter().filter(|_| whole && !places.is_empty()) {
            if !read.keys().any(|id| glob(pattern, id)) {
                found.push(format!("{}: no model matches `{pattern}`", name(patterns, correction)));
            }
        }
    }
    found
}

fn complaint(places: &[(&str, &Considered)]) -> Option<String> {
    let of = |outcome: Outcome| places.iter().filter(move |(_, one)| one.outcome == outcome).map(|(id, _)| *id);
    if places.is_empty() {
        return Some("matches no model".to_owned());
    }
    if of(Outcome::Applied).next().is_some() {
        // Upstream may have changed one of several models.
        let moved = names(of(Outcome::Adopted));
        return moved.map(|models| format!("adopted by upstream for {models}"));
    }
    if let Some(models) = names(of(Outcome::Adopted)) {
        return Some(format!("adopted by upstream ({models}); it can be removed"));
    }
    match names(of(Outcome::Unexpected)) {
        Some(models) => Some(format!("its expectation does not hold for any model ({models})")),
        None => Some("its place does not exist in any model".to_owned()),
    }
}

/// Returns the names of some of the models.
fn names<'a>(ids: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut ids: Vec<&str> = ids.collect();
    ids.dedup();
    let more = ids.len().saturating_sub(3);
    ids.truncate(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!ids.is_empty()).then(|| format!("{}{more}", ids.join(", ")))
}

fn name(patterns: &[String], correction: &Correction) -> String {
    let more = if patterns.len() > 1 { format!(" and {} more", patterns.len() - 1) } else { String::new() };
    format!("`{}` of {}{more}", correction.pattern(), patterns.first().map_or("", String::as_str))
}
