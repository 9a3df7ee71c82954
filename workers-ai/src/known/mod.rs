//! What is known of a model that is called by its ID alone: with the feature `catalog`, what the embedded catalog says.

#[cfg(feature = "catalog")]
mod catalog;
#[cfg(not(feature = "catalog"))]
mod nothing;

#[cfg(feature = "catalog")]
pub(crate) use catalog::{Known, find};
#[cfg(not(feature = "catalog"))]
pub(crate) use nothing::{Known, find};
