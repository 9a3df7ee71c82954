//! The sources of facts and their formats.

pub mod embedded;
pub mod entry;
pub mod fetch;
pub mod fetch_error;
pub mod file;
pub mod pricing;
pub mod remote;
pub mod reply;
pub mod secret;

use std::collections::BTreeMap;

use crate::snapshot::Facts;

/// The models of a source.
#[derive(Debug, Default)]
pub struct Fetched {
    /// The kind of source, as recorded in a model's file.
    pub source: &'static str,
    /// The models that could be read.
    pub models: BTreeMap<String, Found>,
    /// The models that could not be read.
    pub rejected: Vec<Rejected>,
    /// The models that the source would list if they still existed.
    pub scope: Scope,
    /// Notes on anything that was left out.
    pub notes: Vec<String>,
    /// The numbers of models that the source listed and that it says it has, if its list ended early.
    pub short: Option<(usize, u64)>,
}

/// A model of a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its facts.
    pub facts: Facts,
    /// The recorded source and day of retrieval, if it has them.
    pub origin: Option<(String, String)>,
    /// Set if this kind of source has schemas.
    pub with_schema: bool,
}

/// A model that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its ID, if that could be read.
    pub id: Option<String>,
    /// The reason.
    pub cause: String,
}

/// The models that are retired when a source no longer lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// None, since the source is a part of a catalog.
    #[default]
    Nothing,
    /// Models that Workers AI hosts, `@cf/…` and `@hf/…`.
    Own,
    /// Partner models.
    Partners,
    /// All models.
    Everything,
}

impl Scope {
    /// Returns whether the scope contains a model that was recorded from this kind of source.
    #[must_use]
    pub fn model(self, id: &str, source: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Own => id.starts_with('@') && source != "unified",
            Self::Partners => !id.starts_with('@') || source == "unified",
        }
    }
}

impl Fetched {
    /// Adds a model. A second one with the same ID must have the same facts.
    pub fn add(&mut self, id: Option<String>, found: Result<Found, String>) {
        match found {
            Ok(found) => match self.models.get(&found.facts.id) {
                Some(known) if *known != found => {
                    let id = found.facts.id;
                    self.models.remove(&id);
                    self.reject(Some(id), "is listed twice, with different facts");
                }
                _ => {
                    if !self.rejected.iter().any(|rejected| rejected.id.as_ref() == Some(&found.facts.id)) {
                        self.models.insert(found.facts.id.clone(), found);
                    }
                }
            },
            Err(cause) => {
                if let Some(id) = &id {
                    self.models.remove(id);
                }
                self.reject(id, cause);
            }
        }
    }

    fn reject(&mut self, id: Option<String>, cause: impl Into<String>) {
        self.rejected.push(Rejected { id, cause: cause.into() });
    }
}
