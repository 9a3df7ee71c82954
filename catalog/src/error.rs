//! Errors of a catalog, of a model in it, or of a model's name.

use std::{fmt, path::PathBuf};

/// The catalog that an error is about.
///
/// ```
/// use workers_ai_catalog::{Catalog, Error};
///
/// let error = Catalog::embedded().model("@cf/nobody/nothing").unwrap_err();
/// let Error::Unknown { catalog, .. } = error else { panic!("{error}") };
/// assert_eq!(catalog.date.as_deref(), Some(Catalog::date()));
/// assert_eq!(catalog.path, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Source {
    /// The folder or file. `None` for the embedded snapshot.
    pub path: Option<PathBuf>,
    /// The latest date on which one of its models was retrieved, `YYYY-MM-DD`, if it says so.
    pub date: Option<String>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the catalog")?;
        if let Some(path) = &self.path {
            write!(f, " `{}`", path.display())?;
        }
        self.date.as_ref().map_or(Ok(()), |date| write!(f, " of {date}"))
    }
}

/// An error of reading a model from a catalog.
///
/// ```
/// let error = workers_ai_catalog::Catalog::embedded().model("@cf/nobody/nothing").unwrap_err();
/// assert!(error.to_string().starts_with("no model `@cf/nobody/nothing` in the catalog of "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The catalog has no model with that ID.
    Unknown {
        /// The requested ID.
        id: String,
        /// The catalog.
        catalog: Box<Source>,
        /// Ids that look like the one asked for, best first, at most three.
        similar: Vec<String>,
    },
    /// The catalog lists the model without a schema.
    NoSchema {
        /// The model's ID.
        id: String,
        /// The catalog.
        catalog: Box<Source>,
    },
    /// A file of the catalog could not be read.
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's message.
        cause: String,
    },
    /// A file of the catalog is not JSON.
    NotJson {
        /// The file, or the model's ID if the file is embedded.
        place: String,
        /// The parser's message.
        cause: String,
    },
    /// A file describes another model than its name, or the request for it, says.
    OtherModel {
        /// The file.
        path: PathBuf,
        /// The requested ID.
        wanted: String,
        /// The ID in the file.
        found: String,
    },
    /// A file is neither that of a model nor, where one can be, an answer of the service's schema API.
    NotAModel {
        /// The file.
        path: PathBuf,
        /// The missing part.
        cause: String,
    },
    /// A schema contains something that cannot be read.
    Schema {
        /// The model's ID.
        id: String,
        /// JSON pointer into the model's file.
        pointer: String,
        /// The problem there.
        cause: String,
        /// The catalog.
        catalog: Box<Source>,
    },
}

impl Error {
    /// Adds the catalog to an error of reading a model.
    pub(crate) fn of(mut self, source: impl FnOnce() -> Source) -> Self {
        if let Self::NoSchema { catalog, .. } | Self::Schema { catalog, .. } = &mut self {
            **catalog = source();
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { id, catalog, similar } => {
                write!(f, "no model `{id}` in {catalog}")?;
                for (position, candidate) in similar.iter().enumerate() {
                    f.write_str(if position == 0 { "; did you mean " } else { " or " })?;
                    write!(f, "`{candidate}`")?;
                }
                if similar.is_empty() { Ok(()) } else { f.write_str("?") }
            }
            Self::NoSchema { id, catalog } => write!(f, "{catalog} has no schema for {id}"),
            Self::Unreadable { path, cause } => {
                write!(f, "cannot read the catalog `{}`: {cause}", path.display())
            }
            Self::NotJson { place, cause } => write!(f, "`{place}` is not valid JSON: {cause}"),
            Self::OtherModel { path, wanted, found } => {
                write!(f, "`{}` describes {found}, not {wanted}", path.display())
            }
            Self::NotAModel { path, cause } => write!(f, "`{}` does not describe a model: {cause}", path.display()),
            Self::Schema { id, pointer, cause, catalog } => {
                write!(f, "cannot express `{pointer}` of {id}")?;
                if catalog.path.is_some() {
                    write!(f, " in {catalog}")?;
                }
                write!(f, ": {cause}")
            }
        }
    }
}

impl std::error::Error for Error {}
