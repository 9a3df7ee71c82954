//! Requests as the server received them.

use std::collections::VecDeque;

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
    /// The body, cut off after 64 KiB.
    pub body: Bytes,
    /// The size of the whole body, in bytes.
    pub body_size: usize,
    /// The status of the response; 0 while there is none, also when the caller disconnected before.
    pub status: u16,
    /// The caller left before it had the whole response.
    pub cancelled: bool,
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

/// Requests that are kept.
const MAX_REQUESTS: usize = 1_000;
/// Bytes of a body that are kept.
const MAX_BODY: usize = 64 << 10;
/// Bytes of all bodies that are kept.
const MAX_BODIES: usize = 16 << 20;

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Log {
    requests: VecDeque<RecordedRequest>,
    /// The number of requests that are no longer kept.
    dropped: usize,
    /// The size of the bodies that are kept.
    bytes: usize,
}

impl Log {
    /// Adds a request, drops the oldest ones beyond the limits, and returns the number of the request.
    pub(crate) fn add(&mut self, mut request: RecordedRequest) -> usize {
        request.body_size = request.body.len();
        if request.body.len() > MAX_BODY {
            // A copy, so that the rest can be freed.
            request.body = Bytes::copy_from_slice(&request.body[..MAX_BODY]);
        }
        self.bytes += request.body.len();
        self.requests.push_back(request);
        while (self.requests.len() > MAX_REQUESTS || self.bytes > MAX_BODIES)
            && let Some(oldest) = self.requests.pop_front()
        {
            self.bytes -= oldest.body.len();
            self.dropped += 1;
        }
        self.count() - 1
    }

    /// Returns a request by its number, unless it is no longer kept.
    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut RecordedRequest> {
        self.requests.get_mut(number.checked_sub(self.dropped)?)
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// Returns the number of requests so far.
    pub(crate) fn count(&self) -> usize {
        self.dropped + self.requests.len()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Method, Uri};

    use super::{Log, MAX_BODIES, MAX_BODY, MAX_REQUESTS, RecordedRequest};

    fn request(size: usize) -> RecordedRequest {
        let (method, uri, headers) = (Method::GET, Uri::from_static("/"), HeaderMap::new());
        RecordedRequest { method, uri, headers, body: vec![0; size].into(), body_size: 0, status: 0, cancelled: false }
    }

    #[test]
    fn the_log_is_bounded_in_requests_and_bytes() {
        let mut log = Log::default();
        for _ in 0..MAX_REQUESTS + 5 {
            let number = log.add(request(1));
            log.get_mut(number).expect("the latest").status = 200;
        }
        assert_eq!((log.count(), log.requests().len()), (MAX_REQUESTS + 5, MAX_REQUESTS));
        assert!(log.requests().iter().all(|request| request.status == 200));
        for _ in 0..MAX_REQUESTS {
            log.add(request(MAX_BODY + 1));
        }
        let kept = log.requests();
        assert!(kept.iter().map(|request| request.body.len()).sum::<usize>() <= MAX_BODIES);
        assert!(kept.iter().all(|request| (request.body.len(), request.body_size) == (MAX_BODY, MAX_BODY + 1)));
    }
}
