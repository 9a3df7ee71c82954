//! The changes between two versions of a model, and whether they break programs.

use workers_ai_catalog::{Correction, Kind, Model, Outcome, Presence, Side};

use super::{
    changes::{Change, Changes},
    facts,
    fields::{self, OR_NULL, View},
    inside, traits,
    ways::Ways,
    wider,
};
use crate::verify::Read;

/// Returns the changes from one version of a model to another.
#[must_use]
pub fn models(old: &Read, new: &Read) -> Vec<Change> {
    let mut changes = Changes::default();
    facts::compare(&old.model.info, &new.model.info, &mut changes);
    let ways = Ways::new(&old.model.input, &new.model.input);
    sides(&old.model, &new.model, &ways, &mut changes);
    inside::compare(old, new, &mut changes);
    ways.compare(&mut changes);
    forms(&old.model, &new.model, &mut changes);
    traits::compare(&old.surface, &new.surface, &mut changes);
    requirements(old, new, &mut changes);
    replaced(old, new, &mut changes);
    changes.0
}

/// Compares the fields of both sides.
fn sides(old: &Model, new: &Model, ways: &Ways<'_>, changes: &mut Changes) {
    for (side, word) in [(Side::Input, "input"), (Side::Output, "output")] {
        let (before, after) = (fields::with_wholes(old, side), fields::with_wholes(new, side));
        let name = |path: &str| if path.is_empty() { word.to_owned() } else { format!("{word} `{path}`") };
        for (path, view) in &before {
            match after.get(path) {
                Some(now) => {
                    let must_set = side == Side::Input && ways.must_set(path) || path.contains(['.', '[']);
                    field(side, &name(path), (old, view), (new, now), must_set, changes);
                }
                // Fields of a removed object are implied.
                None if !gone_with_parent(path, |parent| {
                    before.contains_key(parent) && !after.contains_key(parent)
                }) =>
                {
                    changes.add(true, format!("{} removed", name(path)));
                }
                None => {}
            }
        }
        for (path, view) in &after {
            if before.contains_key(path)
                || gone_with_parent(path, |parent| after.contains_key(parent) && !before.contains_key(parent))
            {
                continue;
            }
            let required = view.presence == Presence::Required;
            let how = if required { "required" } else { "optional" };
            let breaking = side == Side::Input && required && (ways.must_set(path) || path.contains(['.', '[']));
            changes.add(breaking, format!("{} added, {how}: {}", name(path), view.kind));
        }
    }
}

fn gone_with_parent(path: &str, gone: impl Fn(&str) -> bool) -> bool {
    path.char_indices().filter(|(_, c)| matches!(c, '.' | '[' | '<' | '{')).any(|(at, _)| gone(&path[..at]))
}

fn field(
    side: Side,
    name: &str,
    (old_model, old): (&Model, &View),
    (new_model, new): (&Model, &View),
    must_set: bool,
    changes: &mut Changes,
) {
    // A null in an answer is read like an absent member, and none is ever sent.
    let presence = |view: &View| match side {
        Side::Output if view.place.nullable => Presence::Optional,
        _ => view.presence,
    };
    let (was, is) = (presence(old), presence(new));
    if was != is {
        let word = match is {
            Presence::Required => "is now required",
            Presence::Defaulted => "now has a default that is sent",
            Presence::Optional => "is now optional",
        };
        // Changing the presence of an output changes its Rust type in both directions.
        let breaking = match side {
            Side::Input => is == Presence::Required && must_set,
            Side::Output => true,
        };
        changes.add(breaking, format!("{name} {word}"));
    }
    if old.kind != new.kind {
        let same = old.kind.trim_end_matches(OR_NULL) == new.kind.trim_end_matches(OR_NULL);
        // A constant is sent without a call of the program.
        let freed = matches!(old.place.kind, Kind::Constant(_)) && new.presence != Presence::Required;
        let wider = same
            || freed && side == Side::Input
            || side == Side::Input && wider::takes((old_model, &old.place), (new_model, &new.place));
        changes.add(!wider, format!("{name}: type was {}, is now {}", old.kind, new.kind));
    }
    if old.open && !new.open && side == Side::Output {
        changes.add(true, format!("{name} no longer has members that the schema does not name"));
    }
    changes.bounds(side, name, &old.bounds, &new.bounds);
    let (old_items, new_items) = (fields::items(&old.place), fields::items(&new.place));
    for (below, within) in &new_items {
        if let Some((_, before)) = old_items.iter().find(|(known, _)| known == below) {
            changes.bounds(side, &format!("{}{below}`", name.trim_end_matches('`')), before, within);
        }
    }
    let missing = |from: &[String], to: &[String]| -> Vec<String> {
        from.iter().filter(|value| !to.contains(value)).map(|value| format!("`{value}`")).collect()
    };
    if !old.values.is_empty() && !new.values.is_empty() {
        let (gone, come) = (missing(&old.values, &new.values), missing(&new.values, &old.values));
        if !gone.is_empty() {
            changes.add(true, format!("{name}: no longer {}", gone.join(", ")));
        }
        if !come.is_empty() {
            changes.add(false, format!("{name}: now also {}", come.join(", ")));
        }
    } else if old.values != new.values && old.kind == new.kind {
        let narrower = old.values.is_empty();
        let word = if narrower { "is now limited to some values" } else { "now accepts any value" };
        changes.add(narrower && side == Side::Input, format!("{name} {word}"));
    }
    if old.default != new.default {
        let show = |default: &Option<String>| default.clone().unwrap_or_else(|| "none".to_owned());
        changes.add(false, format!("{name}: default was {}, is now {}", show(&old.default), show(&new.default)));
    }
}

/// Compares binary outputs and bodies.
fn forms(old: &Model, new: &Model, changes: &mut Changes) {
    if old.output.binary != new.output.binary {
        let show = |kind: &Option<String>| kind.clone().unwrap_or_else(|| "none".to_owned());
        let (was, is) = (show(&old.output.binary), show(&new.output.binary));
        changes.add(old.output.binary.is_some(), format!("binary output was {was}, is now {is}"));
    }
    if old.input.body != new.input.body {
        changes.add(false, format!("the request body was {:?}, is now {:?}", old.input.body, new.input.body));
    }
    if old.input.stream.is_some() && new.input.stream.is_none() {
        changes.add(true, "input `stream` removed");
    }
    // Whether a model takes batches is a capability.
    if let (Some(before), Some(after)) = (&old.input.batch, &new.input.batch) {
        if before.described && !after.described {
            changes.add(true, "the schema no longer describes batches (`requests`)");
        }
        changes.bounds(Side::Input, "input `requests`", &before.bounds, &after.bounds);
    }
    if old.input.open != new.input.open {
        let word = if new.input.open { "may have" } else { "must not have" };
        changes.add(false, format!("the input {word} additional members"));
    }
}

/// Finds corrections that no longer apply. One that made a field required protected programs from an error of the service.
fn requirements(old: &Read, new: &Read, changes: &mut Changes) {
    let applies = |read: &Read, correction: &Correction| {
        let places = read.corrections.iter().filter(|one| one.correction == *correction);
        places.into_iter().any(|one| matches!(one.outcome, Outcome::Applied | Outcome::Adopted))
    };
    let mut seen: Vec<&Correction> = Vec::new();
    for one in &old.corrections {
        let correction = &one.correction;
        if seen.contains(&correction) || !applies(old, correction) || applies(new, correction) {
            continue;
        }
        seen.push(correction);
        let (place, why) = (correction.pattern(), &correction.reason);
        changes.add(correction.requires(), format!("the correction of `{place}` no longer applies: {why}"));
    }
}

/// Compares what upstream says where a correction replaces it, and programs do not see it.
fn replaced(old: &Read, new: &Read, changes: &mut Changes) {
    let (Some(before), Some(after)) = (&old.uncorrected, &new.uncorrected) else { return };
    let mut hidden = Changes::default();
    sides(before, after, &Ways::new(&before.input, &after.input), &mut hidden);
    forms(before, after, &mut hidden);
    // With other alternatives, another field selects the one that programs used.
    let same = before.input.alternatives == after.input.alternatives;
    for change in hidden.0.into_iter().filter(|change| change.breaking && change.text.starts_with("input")) {
        if (same || !change.text.ends_with("is now required"))
            && !changes.0.iter().any(|known| known.text == change.text)
        {
            changes.add(true, format!("{} (upstream; a correction replaces the schema)", change.text));
        }
    }
}
