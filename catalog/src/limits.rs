//! Limits on a schema, so that a damaged or hostile file is an error instead of an endless read.

/// The maximum nesting of schemas.
pub(crate) const MAX_DEPTH: usize = 64;

/// The maximum number of places in a document.
pub(crate) const MAX_PLACES: usize = 20_000;

/// The maximum number of alternatives of an input: a builder has a state for every set of them.
pub(crate) const MAX_ALTERNATIVES: usize = 8;
