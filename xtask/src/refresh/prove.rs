//! Every model of a new snapshot is read and made into Rust before the snapshot takes its place.

use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
};

use workers_ai_catalog::{Catalog, Considered, Error, Model};
use workers_ai_codegen::Target;

/// A model that has been read, and what became of its corrections.
pub type Read = (Model, Vec<Considered>);

/// What reading a model gave: itself, nothing where there is no schema, or why it cannot be read.
pub type Outcome = Result<Option<Box<Read>>, String>;

/// Reads every one of the models of a catalog.
#[must_use]
pub fn all<'a>(catalog: &Catalog, ids: impl IntoIterator<Item = &'a String>) -> BTreeMap<String, Outcome> {
    ids.into_iter().map(|id| (id.clone(), one(catalog, id))).collect()
}

/// Reads one model and makes Rust of it.
///
/// # Errors
/// With what the reader says, or that code could not be made.
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
        Err(_) => Err("no code can be made of its schema".to_owned()),
    }
}
