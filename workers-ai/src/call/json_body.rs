//! JSON bodies that get further members.

use serde_json::{Map, Value};

use crate::Error;

/// The members of a body.
pub(crate) fn members(json: &[u8]) -> Result<Map<String, Value>, Error> {
    serde_json::from_slice(json).map_err(|error| Error::Encode(error.into()))
}

/// A body with these members added, or put in the place of those of the same name.
pub(crate) fn with_members<'n>(
    json: &[u8],
    added: impl IntoIterator<Item = (&'n str, Value)>,
) -> Result<Vec<u8>, Error> {
    let mut body = members(json)?;
    body.extend(added.into_iter().map(|(name, value)| (name.to_owned(), value)));
    serde_json::to_vec(&body).map_err(|error| Error::Encode(error.into()))
}
