//! Decodes response bodies into outputs.

use std::fmt;

use serde::Deserialize;

/// A value that can be decoded from the body of a response.
pub trait Decode: Sized {
    /// Decodes the value.
    ///
    /// # Errors
    /// Fails if the body is something else. The error contains the body.
    fn decode(content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError>;
}

impl Decode for serde_json::Value {
    fn decode(content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        decode_json(content_type, body)
    }
}

/// A response that could not be decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// The problem.
    pub cause: String,
    /// The content type of the response.
    pub content_type: Option<String>,
    /// The body of the response.
    pub body: Vec<u8>,
}

impl DecodeError {
    pub(crate) fn new(cause: impl Into<String>, content_type: Option<&str>, body: &[u8]) -> Self {
        Self { cause: cause.into(), content_type: content_type.map(str::to_owned), body: body.to_owned() }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("cause", &self.cause)
            .field("content_type", &self.content_type)
            .field("body", &String::from_utf8_lossy(&self.body))
            .finish()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cause)?;
        match &self.content_type {
            Some(content_type) => write!(f, " ({} bytes of {content_type})", self.body.len()),
            None => write!(f, " ({} bytes)", self.body.len()),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Decodes a JSON body.
///
/// # Errors
/// Fails if it is not JSON, or has another type. The error contains the body.
pub fn decode_json<T: for<'de> Deserialize<'de>>(content_type: Option<&str>, body: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(body).map_err(|error| DecodeError::new(error.to_string(), content_type, body))
}
