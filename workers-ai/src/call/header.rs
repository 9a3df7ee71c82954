//! Headers that users choose.

use std::fmt::Display;

use http::{HeaderName, HeaderValue, header};

use crate::{error::ConfigError, transport::Headers};

/// Sets a header that a user chose. It may be a token: `Debug` does not print its value.
pub(crate) fn set<E: Display>(
    headers: &mut Headers,
    name: &str,
    value: Result<HeaderValue, E>,
) -> Result<(), ConfigError> {
    let valid = HeaderName::try_from(name).map_err(|_| ConfigError::HeaderName(name.to_owned()))?;
    if [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::HOST].contains(&valid) {
        return Err(ConfigError::Conflict(
            "the headers `content-length`, `transfer-encoding` and `host` are set by the HTTP client",
        ));
    }
    let invalid = |cause: E| ConfigError::Header { name: name.to_owned(), value: format!("({cause})") };
    headers.insert_sensitive(valid.as_str().to_owned(), value.map_err(invalid)?.as_bytes());
    Ok(())
}
