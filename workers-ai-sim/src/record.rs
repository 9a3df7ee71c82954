//! What was asked of the server.

use axum::http::{HeaderMap, Method, Uri};
use bytes::Bytes;
use serde_json::Value;

/// A request as it came.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    /// The headers, the token among them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The status that it was answered with; 0 while it is not, and when the caller left before.
    pub status: u16,
}

impl Recorded {
    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
