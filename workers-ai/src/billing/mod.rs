//! Token counts, cost estimates and a meter.

mod amounts;
pub(crate) mod context;
pub(crate) mod cost;
mod estimate;
mod meter;
pub(crate) mod tokens;
pub(crate) mod usage;
mod wav;

#[cfg(feature = "tiktoken")]
pub use self::tokens::Tiktoken;
pub use self::{
    amounts::BillableUnits,
    cost::{Cost, FREE_NEURONS_PER_DAY, cost},
    estimate::{Estimate, estimate},
    meter::{Meter, ModelUsage},
    tokens::{ApproximateCounter, TokenCounter},
};
