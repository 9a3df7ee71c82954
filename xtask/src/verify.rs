//! Verifies that every model of a new snapshot can be read and turned into Rust.

use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
};

use workers_ai_catalog::{Catalog, Considered, Error, Model};
use workers_ai_codegen::Target;

/// A model and the outcome of its corrections.
pub type Read = (Model, Vec<Considered>);

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
    let read = panic::catch_unwind(AssertUnwindSafe(|| {
        let read = catalog.considered(id)?;
        drop(workers_ai_codegen::model(&read.0, &Target::named("Model")));
        Ok(read)
    }));
    match read {
        Ok(Ok(read)) => Ok(Some(Box::new(read))),
        Ok(Err(Error::NoSchema { .. })) => Ok(None),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no code can be generated from its schema".to_owned()),
    }
}
