//! Verifies that every model of a new snapshot can be read and turned into Rust.

use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
};

use workers_ai_catalog::{Catalog, Considered, Error, Model, ShapePlace};

use crate::{
    proof,
    surface::{self, Surface},
};

/// A model, and how it was read.
#[derive(Debug)]
pub struct Read {
    /// The model.
    pub model: Model,
    /// The corrections, each with its outcome at every place.
    pub corrections: Vec<Considered>,
    /// The places that shared types stand for.
    pub shapes: Vec<ShapePlace>,
    /// What its code offers beside its fields.
    pub surface: Surface,
    /// The model without corrections, if one of them replaces its input or output.
    pub uncorrected: Option<Model>,
}

/// The model, nothing if it has no schema, or the reason why it cannot be read.
pub type Outcome = Result<Option<Box<Read>>, String>;

/// Verifies models of a catalog.
#[must_use]
pub fn all<'a>(catalog: &Catalog, ids: impl IntoIterator<Item = &'a String>) -> BTreeMap<String, Outcome> {
    ids.into_iter().map(|id| (id.clone(), one(catalog, id))).collect()
}

/// Reads one model and generates its code.
///
/// # Errors
/// Returns the error of the reader or the generator.
pub fn one(catalog: &Catalog, id: &str) -> Outcome {
    match panic::catch_unwind(AssertUnwindSafe(|| read(catalog, id))) {
        Ok(read) => read.map(|read| read.map(Box::new)),
        Err(_) => Err("no code can be generated from its schema".to_owned()),
    }
}

fn read(catalog: &Catalog, id: &str) -> Result<Option<Read>, String> {
    let (model, corrections) = match catalog.considered(id) {
        Ok(found) => found,
        Err(Error::NoSchema { .. }) => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let code = surface::generate(&model)?;
    proof::check(&code)?;
    let surface = surface::of(&code);
    let shapes = catalog.shape_places(id).map_err(|error| error.to_string())?;
    let replaced = corrections.iter().any(|one| one.correction.is_replacement());
    // Without corrections, a schema may be one that cannot be read.
    let uncorrected = replaced.then(|| catalog.clone().with_corrections(&[])?.model(id)).and_then(Result::ok);
    Ok(Some(Read { model, corrections, shapes, surface, uncorrected }))
}
