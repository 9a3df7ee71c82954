//! Limits on a schema, so that a damaged or hostile file is an error instead of an endless read.

/// The maximum nesting of schemas: unoptimized, reading one more takes 30 KB of the stack, and threads may have 2 MB.
pub(crate) const MAX_DEPTH: usize = 48;

/// The maximum number of places in a document.
pub(crate) const MAX_PLACES: usize = 20_000;

/// The maximum number of alternatives of an input: a builder has a state for every set of them.
pub(crate) const MAX_ALTERNATIVES: usize = 8;

/// The maximum number of members of one object.
pub(crate) const MAX_MEMBERS: usize = 2_000;

/// The maximum number of required members of one object: a builder has a state for every set of them.
pub(crate) const MAX_REQUIRED: usize = 100;

/// The maximum number of values of one choice.
pub(crate) const MAX_VALUES: usize = 5_000;

/// The maximum number of alternatives of one place.
pub(crate) const MAX_VARIANTS: usize = 500;
