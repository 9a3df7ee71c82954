//! Usage and costs.

pub(crate) mod amounts;
pub(crate) mod cost;
pub(crate) mod meter;
pub(crate) mod tokens;
mod wav;
