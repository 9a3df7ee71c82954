//! What can be wrong with a catalog, a model of it, or the name of a model.

use std::{fmt, path::PathBuf};

/// Why a model could not be read from a catalog.
///
/// ```
/// let error = workers_ai_catalog::Catalog::embedded().model("@cf/nobody/nothing").unwrap_err();
/// assert!(error.to_string().starts_with("no model `@cf/nobody/nothing` in the catalog of "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The catalog has no model of that id.
    Unknown {
        /// The id that was asked for.
        id: String,
        /// The day the catalog was retrieved, `YYYY-MM-DD`.
        date: String,
        /// Ids that look like the one asked for, best first, at most three.
        near: Vec<String>,
    },
    /// The catalog knows the model but has no schema for it.
    NoSchema {
        /// The model's id.
        id: String,
    },
    /// A file of the catalog could not be read.
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        cause: String,
    },
    /// A file of the catalog is not JSON.
    NotJson {
        /// The file, or the model's id for an embedded one.
        place: String,
        /// What the parser said.
        cause: String,
    },
    /// A single file was named as the catalog, and it holds another model.
    OtherModel {
        /// The file.
        path: PathBuf,
        /// The id that was asked for.
        wanted: String,
        /// The id that the file names, if it names one.
        found: Option<String>,
    },
    /// A schema says something that cannot be read.
    Schema {
        /// The model's id.
        id: String,
        /// JSON pointer into the model's file.
        pointer: String,
        /// What is wrong there.
        cause: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { id, date, near } => {
                write!(f, "no model `{id}` in the catalog of {date}")?;
                for (position, candidate) in near.iter().enumerate() {
                    f.write_str(if position == 0 { "; did you mean " } else { " or " })?;
                    write!(f, "`{candidate}`")?;
                }
                if near.is_empty() { Ok(()) } else { f.write_str("?") }
            }
            Self::NoSchema { id } => write!(f, "the catalog has no schema for {id}"),
            Self::Unreadable { path, cause } => {
                write!(f, "cannot read the catalog `{}`: {cause}", path.display())
            }
            Self::NotJson { place, cause } => write!(f, "`{place}` is not valid JSON: {cause}"),
            Self::OtherModel { path, wanted, found } => {
                write!(f, "`{}` does not describe {wanted} but ", path.display())?;
                match found {
                    Some(found) => f.write_str(found),
                    None => f.write_str("no model at all: it has no `id`"),
                }
            }
            Self::Schema { id, pointer, cause } => {
                write!(f, "cannot express `{pointer}` of {id}: {cause}")
            }
        }
    }
}

impl std::error::Error for Error {}
