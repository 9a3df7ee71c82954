//! Every model of the catalog, as a user would write it.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

include!(concat!(env!("OUT_DIR"), "/models.rs"));
