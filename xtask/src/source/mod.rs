//! Where facts come from, and how each source says them.

pub mod entry;
pub mod fetch;
pub mod file;
pub mod remote;
pub mod reply;
pub mod secret;

use std::collections::BTreeMap;

use crate::snapshot::Facts;

/// What a source gave.
#[derive(Debug, Default)]
pub struct Fetched {
    /// The kind of source, as a model's file names it.
    pub source: &'static str,
    /// The models that could be read.
    pub models: BTreeMap<String, Found>,
    /// The models that could not.
    pub bad: Vec<Bad>,
    /// Which models the source would have named if they still existed.
    pub covers: Covers,
    /// What could not be taken over, and why.
    pub notes: Vec<String>,
}

/// A model that a source knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it says.
    pub facts: Facts,
    /// Where it has that from and since when, if it says so itself.
    pub origin: Option<(String, String)>,
    /// Whether it says anything about schemas at all.
    pub with_schema: bool,
}

/// A model that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// Its id, where that could be read.
    pub id: Option<String>,
    /// What is wrong.
    pub cause: String,
}

/// The models that are retired when a source no longer names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Covers {
    /// None: it is a part of a catalog.
    #[default]
    Nothing,
    /// Those that Workers AI runs, `@cf/…` and `@hf/…`.
    Own,
    /// Those of partners.
    Partners,
}

impl Covers {
    /// Whether a model that came from some kind of source is one of them.
    #[must_use]
    pub fn model(self, id: &str, source: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Own => id.starts_with('@') && source != "unified",
            Self::Partners => !id.starts_with('@') || source == "unified",
        }
    }
}

impl Fetched {
    /// Takes one model up. A second one of the same id must say the same.
    pub fn add(&mut self, id: Option<String>, found: Result<Found, String>) {
        match found {
            Ok(found) => match self.models.get(&found.facts.id) {
                Some(known) if *known != found => {
                    let id = found.facts.id;
                    self.models.remove(&id);
                    self.bad(Some(id), "is listed twice, with different facts");
                }
                _ => {
                    if !self.bad.iter().any(|bad| bad.id.as_ref() == Some(&found.facts.id)) {
                        self.models.insert(found.facts.id.clone(), found);
                    }
                }
            },
            Err(cause) => {
                if let Some(id) = &id {
                    self.models.remove(id);
                }
                self.bad(id, cause);
            }
        }
    }

    fn bad(&mut self, id: Option<String>, cause: impl Into<String>) {
        self.bad.push(Bad { id, cause: cause.into() });
    }
}
