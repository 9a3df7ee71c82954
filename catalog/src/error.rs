//! Errors of a catalog, of a model in it, or of a model's name.

use std::{fmt, path::PathBuf};

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
        /// The date on which the catalog was retrieved, `YYYY-MM-DD`.
        date: String,
        /// Ids that look like the one asked for, best first, at most three.
        similar: Vec<String>,
    },
    /// The catalog lists the model without a schema.
    NoSchema {
        /// The model's ID.
        id: String,
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
        /// The ID in the file, if it has one.
        found: Option<String>,
    },
    /// A schema contains something that cannot be read.
    Schema {
        /// The model's ID.
        id: String,
        /// JSON pointer into the model's file.
        pointer: String,
        /// The problem there.
        cause: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { id, date, similar } => {
                write!(f, "no model `{id}` in the catalog of {date}")?;
                for (position, candidate) in similar.iter().enumerate() {
                    f.write_str(if position == 0 { "; did you mean " } else { " or " })?;
                    write!(f, "`{candidate}`")?;
                }
                if similar.is_empty() { Ok(()) } else { f.write_str("?") }
            }
            Self::NoSchema { id } => write!(f, "the catalog has no schema for {id}"),
            Self::Unreadable { path, cause } => {
                write!(f, "cannot read the catalog `{}`: {cause}", path.display())
            }
            Self::NotJson { place, cause } => write!(f, "`{place}` is not valid JSON: {cause}"),
            Self::OtherModel { path, wanted, found } => {
                let path = path.display();
                match found {
                    Some(found) => write!(f, "`{path}` describes {found}, not {wanted}"),
                    None => write!(f, "`{path}` does not describe a model: it has no `id`"),
                }
            }
            Self::Schema { id, pointer, cause } => {
                write!(f, "cannot express `{pointer}` of {id}: {cause}")
            }
        }
    }
}

impl std::error::Error for Error {}
