//! Where vectors are kept: Vectorize where the Worker is deployed, SQLite (D1) on your machine.

mod d1;
mod vectorize;

use std::{future::Future, pin::Pin};

use serde::Serialize;
use worker::{Env, Result};

use crate::Chunk;

/// A piece of a document with its vector.
pub struct Row {
    pub chunk: Chunk,
    pub vector: Vec<f32>,
}

/// A piece that was found.
#[derive(Debug, Serialize)]
pub struct Hit {
    pub document: String,
    pub number: u32,
    pub text: String,
    /// The cosine of the angle to what was searched: 1 is the same direction.
    pub score: f32,
}

type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + 'a>>;

/// A store of vectors.
pub trait Store {
    /// Stores rows. One with a known ID replaces the other.
    fn upsert<'a>(&'a self, rows: &'a [Row]) -> Pending<'a, ()>;

    /// Returns the nearest pieces, the nearest first.
    fn nearest<'a>(&'a self, vector: &'a [f32], count: usize) -> Pending<'a, Vec<Hit>>;
}

/// Returns the store that the Worker has: D1 if there is a binding `DB`, else Vectorize.
pub fn of(env: &Env) -> Result<Box<dyn Store>> {
    match env.d1("DB") {
        Ok(database) => Ok(Box::new(d1::D1 { database })),
        Err(_) => Ok(Box::new(vectorize::Vectorize::new(env)?)),
    }
}
