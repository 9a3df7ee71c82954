//! The changes of what a model's generated code offers beside its fields.

use std::collections::BTreeSet;

use super::changes::Changes;
use crate::surface::{STRUCT, Surface};

/// Compares what the code for two versions of a model offers.
pub(super) fn compare(before: &Surface, after: &Surface, changes: &mut Changes) {
    let named = |(owner, name): &(String, String)| {
        let owner = owner.strip_prefix(STRUCT).filter(|part| !part.is_empty());
        match owner {
            Some(part) => format!("trait `{name}` of `{part}`"),
            None => format!("trait `{name}`"),
        }
    };
    // The content of messages and the format of answers are types of fields.
    let bare =
        |(owner, name): &(String, String)| (owner.clone(), name.split("<Content").next().unwrap_or(name).to_owned());
    let (old_traits, new_traits) = (traits(before, bare), traits(after, bare));
    for gone in old_traits.difference(&new_traits) {
        changes.add(true, format!("{} removed", named(gone)));
    }
    for come in new_traits.difference(&old_traits) {
        changes.add(false, format!("{} added", named(come)));
    }
    for (method, was) in &before.integers {
        match after.integers.get(method) {
            Some(is) if is == was => {}
            Some(is) => changes.add(true, format!("`.{}(…)` took `{was}`, and takes `{is}`", method.1)),
            None => {
                let argument = after.arguments.get(method).map_or("", String::as_str);
                // Smaller ones convert to what it takes now: to a number, or to the integers of a union.
                if !argument.is_empty() && (was == "u64" || (was == "i64" && argument.contains("f64"))) {
                    changes.add(true, format!("`.{}(…)` took `{was}`, and takes another type", method.1));
                }
            }
        }
    }
}

fn traits(surface: &Surface, name: impl Fn(&(String, String)) -> (String, String)) -> BTreeSet<(String, String)> {
    surface.traits.iter().map(name).collect()
}
