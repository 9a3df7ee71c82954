//! The models that a refresh reads.

use std::fmt;

use workers_ai_catalog::glob;

/// The models that a refresh reads: those whose IDs match a pattern, or all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Only(Vec<String>);

impl Only {
    /// Returns the models that match one of these patterns; `*` matches any characters. No pattern stands for all models.
    #[must_use]
    pub fn matching(patterns: Vec<String>) -> Self {
        Self(patterns)
    }

    /// Returns whether all models are read.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether a model is read.
    #[must_use]
    pub fn matches(&self, id: &str) -> bool {
        self.is_all() || self.0.iter().any(|pattern| glob(pattern, id))
    }

    /// Returns whether an entry of a source is read, which may have no readable ID.
    #[must_use]
    pub fn takes(&self, id: Option<&str>) -> bool {
        self.is_all() || id.is_some_and(|id| self.matches(id))
    }
}

impl fmt::Display for Only {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: Vec<String> = self.0.iter().map(|pattern| format!("`{pattern}`")).collect();
        f.write_str(&quoted.join(" or "))
    }
}
