//! What can go wrong in a task, said so that the reader knows what to do.

use std::{io, path::PathBuf};

/// Why a task stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read `{}`: {cause}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write `{}`: {cause}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// A file is not JSON.
    #[error("`{place}` is not valid JSON: {cause}")]
    NotJson {
        /// The file or address.
        place: String,
        /// What the parser said.
        cause: String,
    },
    /// JSON of no shape that a refresh knows.
    #[error("`{place}` is no model feed: {cause}")]
    NoFeed {
        /// The file or address.
        place: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A server could not be asked, or gave no catalog.
    #[error("{0}")]
    Fetch(String),
    /// A file of corrections says something that cannot be taken.
    #[error("{place}: {cause}")]
    Correction {
        /// File, and line or number of the correction.
        place: String,
        /// What is wrong there, and what would be right.
        cause: String,
    },
    /// A file of the present snapshot is damaged.
    #[error("the snapshot is damaged: {0}; restore `catalog/models` from version control")]
    Snapshot(String),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] workers_ai_catalog::Error),
    /// A shared type that corrections name could not be made.
    #[error("the shape `{name}` is in no model of the catalog, and not written by hand")]
    Shape {
        /// The shape's name.
        name: String,
    },
    /// Something was asked for that cannot be done so.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// Says which file could not be read.
    pub fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Read { path, cause }
    }

    /// Says which file could not be written.
    pub fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Write { path, cause }
    }
}

/// What a task gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;
