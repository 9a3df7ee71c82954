//! The states of a builder.

/// The field is set.
#[derive(Debug, Clone, Copy)]
pub enum Set {}

/// The field is not set yet.
#[derive(Debug, Clone, Copy)]
pub enum Unset {}

/// Several alternatives are still possible, as a bit set.
#[derive(Debug, Clone, Copy)]
pub enum Open<const ALTERNATIVES: u32> {}

/// One alternative is chosen, by its number.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<const ALTERNATIVE: u32> {}

/// The subject of a condition that is never met. Its lifetime keeps the compiler from checking the condition where it is written.
#[derive(Debug)]
pub struct Gate<'a>(std::marker::PhantomData<&'a ()>);
