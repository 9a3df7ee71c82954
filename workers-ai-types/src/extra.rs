//! Members that the catalog does not know.

use std::collections::{BTreeMap, btree_map};

use serde_json::Value;

/// Members that the catalog does not know, by name.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::shapes::Extra;
///
/// let extra: Extra = [("seed", 7)].into_iter().collect();
/// assert_eq!(extra.get("seed").unwrap(), 7);
/// for (name, value) in &extra {
///     println!("{name}: {value}");
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extra(BTreeMap<String, Value>);

impl Extra {
    /// Creates an empty set of members.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a member, replacing one of the same name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    /// Returns the member with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Returns the members other than this one.
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut others = Self::new();
        // One by one: a map that is collected is sorted first.
        for (other, value) in self.iter().filter(|(other, _)| *other != name) {
            others.set(other, value.clone());
        }
        others
    }

    /// Adds the members to an object.
    pub(crate) fn add_to(&self, object: &mut serde_json::Map<String, Value>) {
        for (name, value) in self {
            object.insert(name.to_owned(), value.clone());
        }
    }

    /// Iterates over the members, sorted by name.
    #[must_use]
    pub fn iter(&self) -> ExtraIter<'_> {
        self.into_iter()
    }

    /// Returns `true` if there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        Self(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl<'e> IntoIterator for &'e Extra {
    type Item = (&'e str, &'e Value);
    type IntoIter = ExtraIter<'e>;

    fn into_iter(self) -> ExtraIter<'e> {
        ExtraIter(self.0.iter())
    }
}

/// Iterates over the members of an [`Extra`].
#[derive(Debug, Clone)]
pub struct ExtraIter<'e>(btree_map::Iter<'e, String, Value>);

impl<'e> Iterator for ExtraIter<'e> {
    type Item = (&'e str, &'e Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value))
    }
}
