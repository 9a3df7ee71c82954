//! The states of a builder.

/// The field was given.
#[derive(Debug, Clone, Copy)]
pub enum Set {}

/// The field was not given yet.
#[derive(Debug, Clone, Copy)]
pub enum Unset {}

/// Several alternatives are still possible: a bit set of them.
#[derive(Debug, Clone, Copy)]
pub enum Open<const ALTERNATIVES: u32> {}

/// One alternative was chosen, by its number.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<const ALTERNATIVE: u32> {}
