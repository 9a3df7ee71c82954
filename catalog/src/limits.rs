//! Limits on what a schema may hold, so that a damaged or hostile file is an error and no endless read.

/// The deepest nesting of schemas that is read.
pub(crate) const MAX_DEPTH: usize = 64;

/// The most places of one document that are read.
pub(crate) const MAX_PLACES: usize = 20_000;

/// The most alternatives of an input: a builder has a state for every set of them.
pub(crate) const MAX_ALTERNATIVES: usize = 8;
