//! Looks up a model that is called by its ID alone: in the embedded catalog, with the feature `catalog`.

#[cfg(feature = "catalog")]
mod catalog;
#[cfg(not(feature = "catalog"))]
mod nothing;

#[cfg(feature = "catalog")]
pub(crate) use catalog::{Known, find};
#[cfg(not(feature = "catalog"))]
pub(crate) use nothing::{Known, find};
