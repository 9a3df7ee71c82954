//! The changes inside the places that shared types stand for, which the fields of a model do not show.

use std::collections::BTreeSet;

use workers_ai_catalog::{Inside, ShapePlace, Side, shape_inside};

use super::changes::Changes;
use crate::verify::Read;

pub(super) fn compare(old: &Read, new: &Read, changes: &mut Changes) {
    for before in &old.shapes {
        let place = |known: &&ShapePlace| (&known.path, known.side) == (&before.path, before.side);
        let Some(after) = new.shapes.iter().find(place) else { continue };
        let shape = of_model(old, before);
        // The place has another type: that is a change of its own.
        let now = of_model(new, after);
        if !super::wider::holds(&now, &shape) {
            continue;
        }
        let used = shape_inside(&now).unwrap_or_default();
        let side = if before.side == Side::Input { "input" } else { "output" };
        let name = |path: &str| {
            let dot = if before.path.is_empty() || path.is_empty() || path.starts_with('[') { "" } else { "." };
            format!("{side} `{}{dot}{path}`", before.path)
        };
        members(&before.inside, &after.inside, &used, &name, changes);
        for (at, within) in &after.inside.bounds {
            if let Some(was) = before.inside.bounds.get(at) {
                changes.bounds(before.side, &name(&at.0), was, within);
            }
        }
        values(before.side, &before.inside, &after.inside, &used, &name, changes);
    }
}

/// Returns the shape that the type of the model is. Messages of a model without vision are text.
fn of_model(read: &Read, place: &ShapePlace) -> String {
    if place.shape.starts_with("Messages<") && !read.model.can(workers_ai_catalog::Capability::Vision) {
        "Messages<Text>".to_owned()
    } else {
        place.shape.clone()
    }
}

fn members(old: &Inside, new: &Inside, used: &Inside, name: &impl Fn(&str) -> String, changes: &mut Changes) {
    let implied = |path: &str, of: &BTreeSet<String>, by: &BTreeSet<String>| {
        let parents = path.char_indices().filter(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| &path[..at]);
        parents.filter(|parent| !parent.is_empty()).any(|parent| of.contains(parent) && !by.contains(parent))
    };
    for path in old.members.difference(&new.members).filter(|path| !implied(path, &old.members, &new.members)) {
        changes.add(used.members.contains(path), format!("{} removed", name(path)));
    }
    for path in new.members.difference(&old.members).filter(|path| !implied(path, &new.members, &old.members)) {
        changes.add(false, format!("{} added, optional", name(path)));
    }
}

fn values(
    side: Side,
    old: &Inside,
    new: &Inside,
    used: &Inside,
    name: &impl Fn(&str) -> String,
    changes: &mut Changes,
) {
    let words = |values: &mut dyn Iterator<Item = &String>| {
        values.map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
    };
    for (path, after) in &new.values {
        // A place that is gone, or that has come, was reported as such. Efforts are a list of the field.
        let (Some(before), Some(Some(sent))) = (old.values.get(path), used.values.get(path)) else { continue };
        let Some(after) = after else {
            if before.is_some() {
                changes.add(false, format!("{} now accepts any text", name(path)));
            }
            continue;
        };
        let gone = match before {
            Some(before) => before.difference(after).cloned().collect::<BTreeSet<_>>(),
            None => sent.difference(after).cloned().collect(),
        };
        if !gone.is_empty() {
            let breaking = side == Side::Input && !gone.is_disjoint(sent);
            changes.add(breaking, format!("{}: no longer {}", name(path), words(&mut gone.iter())));
        }
        if let Some(before) = before {
            let come: BTreeSet<&String> = after.difference(before).collect();
            if !come.is_empty() {
                changes.add(false, format!("{}: now also {}", name(path), words(&mut come.into_iter())));
            }
        }
    }
}
