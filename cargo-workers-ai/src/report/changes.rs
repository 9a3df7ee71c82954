//! The list of changes, and the comparison of bounds.

use workers_ai_catalog::{Bounds, Side};

use super::fields;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// A description.
    pub text: String,
    /// Set if a correct program may no longer compile or may now be rejected.
    pub breaking: bool,
}

/// The changes found so far.
#[derive(Debug, Default)]
pub(super) struct Changes(pub(super) Vec<Change>);

impl Changes {
    pub(super) fn add(&mut self, breaking: bool, text: impl Into<String>) {
        let change = Change { text: text.into(), breaking };
        // A field may stand in several alternatives.
        if !self.0.contains(&change) {
            self.0.push(change);
        }
    }

    /// Compares the bounds of a place.
    pub(super) fn bounds(&mut self, side: Side, name: &str, old: &Bounds, new: &Bounds) {
        fn raised<T: PartialOrd>(old: Option<T>, new: Option<T>) -> bool {
            new.is_some_and(|new| old.is_none_or(|old| new > old))
        }
        fn lowered<T: PartialOrd>(old: Option<T>, new: Option<T>) -> bool {
            new.is_some_and(|new| old.is_none_or(|old| new < old))
        }
        let plain = |bounds: &Bounds| Bounds { values: Vec::new(), ..bounds.clone() };
        if plain(old) == plain(new) {
            return;
        }
        // At least none is no bound.
        let least = |count: Option<u64>| count.filter(|count| *count > 0);
        let narrower = raised(old.minimum, new.minimum)
            || lowered(old.maximum, new.maximum)
            || raised(old.exclusive_minimum, new.exclusive_minimum)
            || lowered(old.exclusive_maximum, new.exclusive_maximum)
            || (new.multiple_of.is_some() && new.multiple_of != old.multiple_of)
            || raised(least(old.min_length), least(new.min_length))
            || lowered(old.max_length, new.max_length)
            || raised(least(old.min_items), least(new.min_items))
            || lowered(old.max_items, new.max_items)
            || (new.unique_items && !old.unique_items)
            || raised(least(old.min_members), least(new.min_members))
            || lowered(old.max_members, new.max_members)
            || (new.pattern.is_some() && new.pattern != old.pattern)
            || (new.demands.is_some() && new.demands != old.demands);
        let show = |bounds: &Bounds| {
            let texts = fields::bounds(bounds);
            if texts.is_empty() { "unbounded".to_owned() } else { texts.join(", ") }
        };
        self.add(side == Side::Input && narrower, format!("{name}: was {}, is now {}", show(old), show(new)));
    }
}
