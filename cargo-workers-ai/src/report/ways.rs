//! The ways to fill an input: which alternative of the new input a program of each old one uses.

use workers_ai_catalog::{Field, Input, Presence};

use super::changes::Changes;

/// The new alternative that corresponds to each old one. An input without alternatives is one way.
pub(super) struct Ways<'m> {
    old: &'m Input,
    new: &'m Input,
    /// `None`: no alternative of the new input takes what the old one took.
    mapped: Vec<Option<usize>>,
}

impl<'m> Ways<'m> {
    pub(super) fn new(old: &'m Input, new: &'m Input) -> Self {
        let of = |way: usize| {
            match old.alternatives.get(way) {
                Some(alternative) if !new.alternatives.is_empty() => {
                    new.alternatives.iter().position(|other| other.key == alternative.key)
                }
                _ => {
                    let mut fits = (0..count(new)).filter(|other| {
                        old.fields.iter().filter(|field| takes(field, way)).all(|field| {
                            let same = new.fields.iter().find(|other| other.name == field.name);
                            // A removed field is a change of its own.
                            same.is_none_or(|same| takes(same, *other))
                        })
                    });
                    let key = old.alternatives.get(way).map(|alternative| &alternative.key);
                    let has_key = |other: &usize| {
                        key.is_none_or(|key| new.fields.iter().any(|field| field.name == *key && takes(field, *other)))
                    };
                    fits.find(has_key)
                }
            }
        };
        Self { old, new, mapped: (0..count(old)).map(of).collect() }
    }

    /// Returns whether a program of an old alternative must now set a field of the new input.
    pub(super) fn must_set(&self, wire: &str) -> bool {
        self.new.fields.iter().filter(|field| field.wire == wire).any(|field| {
            field.presence == Presence::Required && self.mapped.iter().flatten().any(|way| takes(field, *way))
        })
    }

    pub(super) fn compare(&self, changes: &mut Changes) {
        let keys = |input: &Input| -> Vec<String> {
            input.alternatives.iter().map(|alternative| alternative.key.clone()).collect()
        };
        let (before, after) = (keys(self.old), keys(self.new));
        let show = |keys: &[String]| if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
        let sorted = |keys: &[String]| {
            let mut keys = keys.to_vec();
            keys.sort_unstable();
            keys
        };
        if sorted(&before) != sorted(&after) {
            let breaking = self.mapped.contains(&None);
            changes
                .add(breaking, format!("alternatives of the input were {}, are now {}", show(&before), show(&after)));
        }
        for field in &self.old.fields {
            let Some(same) = self.new.fields.iter().find(|same| same.name == field.name) else { continue };
            let lost = self
                .mapped
                .iter()
                .enumerate()
                .filter(|(way, new)| takes(field, *way) && new.is_some_and(|new| !takes(same, new)));
            for (way, _) in lost {
                let with = self.old.alternatives.get(way).map(|alternative| format!(" with `{}`", alternative.key));
                changes.add(true, format!("input `{}` cannot be set{} any more", field.wire, with.unwrap_or_default()));
            }
        }
    }
}

fn count(input: &Input) -> usize {
    input.alternatives.len().max(1)
}

fn takes(field: &Field, way: usize) -> bool {
    field.alternatives.is_empty() || field.alternatives.contains(&way)
}
