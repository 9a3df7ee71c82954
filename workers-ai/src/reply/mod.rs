//! A response and the metadata of its call.

pub(crate) mod body;
pub(crate) mod envelope;
mod meta;

use std::{fmt, ops::Deref};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

pub use self::meta::{CacheStatus, Meta};
pub(crate) use self::meta::{extract_usage, if_readable, log_id, reached_limit, readable_usage, request_id};
use crate::transport::Headers;

/// A response. It dereferences to the model's output.
///
/// ```
/// # fn f(reply: workers_ai::Reply<String>) {
/// println!("{} ({:?}, {} attempts)", *reply, reply.meta.request_id, reply.meta.attempts);
/// let output: String = reply.into_output();
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reply<T> {
    /// The model's output.
    pub output: T,
    /// The metadata of the call.
    pub meta: Meta,
}

impl<T> Reply<T> {
    /// Returns the output alone.
    pub fn into_output(self) -> T {
        self.output
    }

    /// Converts the output.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Reply<U> {
        Reply { output: convert(self.output), meta: self.meta }
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.output
    }
}

impl<T: fmt::Display> fmt::Display for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.output.fmt(f)
    }
}

/// A response as received: with its envelope, and not decoded.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawReply {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
}

impl RawReply {
    /// Returns the content type of the body.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get("content-type")
    }

    /// Returns the headers as a map of the `http` crate.
    #[must_use]
    pub fn header_map(&self) -> HeaderMap {
        HeaderMap::from(&self.headers)
    }
}

impl fmt::Debug for RawReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawReply")
            .field("status", &self.status.as_u16())
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}
