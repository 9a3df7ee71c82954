//! Errors of tasks.

use std::{io, path::PathBuf};

/// The error of a task.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read `{}`: {cause}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        cause: io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write `{}`: {cause}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        cause: io::Error,
    },
    /// A file is not JSON.
    #[error("`{place}` is not valid JSON: {cause}")]
    NotJson {
        /// The file or URL.
        place: String,
        /// The cause.
        cause: String,
    },
    /// JSON in an unknown format.
    #[error("`{place}` is not a model feed: {cause}")]
    NotAFeed {
        /// The file or URL.
        place: String,
        /// A description of the problem.
        cause: String,
    },
    /// A request failed, or its response is not a catalog.
    #[error("{0}")]
    Fetch(String),
    /// A correction is invalid.
    #[error("{place}: {cause}")]
    Correction {
        /// The file and the line or number of the correction.
        place: String,
        /// The problem, and the expected form.
        cause: String,
    },
    /// A file of the current snapshot is damaged.
    #[error("the snapshot is damaged: {0}; restore the folder from version control, or delete it and refresh it again")]
    Snapshot(String),
    /// The catalog could not be read.
    #[error(transparent)]
    Catalog(#[from] workers_ai_catalog::Error),
    /// A shared type that corrections name could not be generated.
    #[error("no model of the catalog has the shape `{name}`, and it is not written by hand")]
    Shape {
        /// The shape's name.
        name: String,
    },
    /// Invalid arguments or environment.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// Adds the path of a file that could not be read.
    pub fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Read { path, cause }
    }

    /// Adds the path of a file that could not be written.
    pub fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Write { path, cause }
    }
}

/// The result of a task.
pub type Result<T, E = Error> = std::result::Result<T, E>;
