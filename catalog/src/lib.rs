//! The model catalog of Cloudflare Workers AI as a crate.
//!
//! It embeds a snapshot of the catalog (`models/`: JSON Schemas and properties), corrections to it (`corrections/`) and
//! descriptions of the shared Rust types (`shapes/`), and reads them into an intermediate form: a [`Model`] of named [`Type`]s,
//! with alternatives, bounds and facts.
//!
//! ```
//! # fn main() -> Result<(), workers_ai_catalog::Error> {
//! use workers_ai_catalog::{Catalog, Presence};
//!
//! let flux = Catalog::embedded().model("@cf/black-forest-labs/flux-1-schnell")?;
//! let required = flux.input.fields.iter().filter(|field| field.presence == Presence::Required);
//! assert_eq!(required.map(|field| field.name.as_str()).collect::<Vec<_>>(), ["prompt", "num_steps"]);
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bounds;
mod catalog;
#[path = "../corrections/index.rs"]
mod compiled;
mod correction;
mod document;
mod error;
mod facts;
mod glossary;
mod ir;
mod limits;
mod read;
mod rules;
mod schema;
mod set;
mod shapes;
mod shared;
#[path = "../models/index.rs"]
mod snapshot;
mod structure;
mod suggest;
mod untyped;

pub use bounds::{Bounds, Demands, Limit, is_explosive};
pub use catalog::{Catalog, corrections, shape};
pub use correction::{Considered, Correction, Outcome, glob};
pub use document::Document;
pub use error::{Error, Source};
pub use ir::{
    Alternative, Answer, Batch, BatchItem, Body, Capability, Deprecation, Doc, Field, Form, Info, Input, Kind, Model,
    Note, Output, Place, Presence, Price, Side, Type, Variant,
};
pub use rules::{Check, FieldNames, Rule, is_always_checked};
pub use set::{Conflict, Member, Set, Variation};
pub use shapes::{Decision, Inside, ShapePlace, recorded, shape_inside, shape_schema};
pub use suggest::suggest;
pub use untyped::Mistake;
