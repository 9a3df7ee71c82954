//! Text that is never printed.

use std::fmt;

/// Text that never appears in `Debug` output, errors or logs.
///
/// Responses are cleansed of it by the REST transport if it has at least 8 bytes: a server that repeats a token does not bring it into an
/// error. It is not erased from memory when it is dropped, since the HTTP client holds copies in its headers and buffers that nobody can
/// erase.
///
/// ```
/// let token = workers_ai::Secret::new("do not tell");
/// assert!(!format!("{token:?}").contains("tell"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text, for transports.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the value of an `Authorization` header. `None` if the token is empty or cannot be sent.
    pub(crate) fn bearer(&self) -> Option<String> {
        let token = &self.0;
        let valid =
            !token.trim_ascii().is_empty() && token.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control());
        valid.then(|| format!("Bearer {token}"))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}
