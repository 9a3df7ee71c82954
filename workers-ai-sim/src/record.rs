//! Requests as the server received them.

use axum::http::{HeaderMap, Method, Uri};
use bytes::Bytes;
use serde_json::Value;

/// A request as the server received it, from [`Sim::requests`](crate::Sim::requests).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sim = workers_ai_sim::Sim::start().await?;
/// // … calls of the code under test …
/// for request in sim.requests() {
///     println!("{} {} → {}", request.method, request.uri, request.status);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method.
    pub method: Method,
    /// The path and the query.
    pub uri: Uri,
    /// The headers, including the API token.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The status of the response; 0 while there is none, also when the caller disconnected before.
    pub status: u16,
}

impl RecordedRequest {
    /// Returns the body as JSON, or `null` if it is not JSON.
    ///
    /// ```
    /// fn asks_for_a_stream(request: &workers_ai_sim::RecordedRequest) -> bool {
    ///     request.json()["stream"] == true
    /// }
    /// ```
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns the value of a header, if it is present and text.
    ///
    /// ```
    /// fn skips_the_cache(request: &workers_ai_sim::RecordedRequest) -> bool {
    ///     request.header("cf-aig-skip-cache") == Some("true")
    /// }
    /// ```
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
