//! Inputs, and the files in them.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::Value;

use crate::error::ApiError;

/// A validated input.
pub(crate) struct Input {
    pub(crate) value: Value,
    /// The recording or the image: a member of the input, or the body of the request.
    pub(crate) file: Option<Bytes>,
}

impl Input {
    /// Decodes the file of a JSON input.
    pub(crate) fn from_json(value: Value) -> Result<Self, ApiError> {
        let Some((name, member)) = ["audio", "image"].iter().find_map(|name| Some((name, value.get(*name)?))) else {
            return Ok(Self { value, file: None });
        };
        let file = decode_bytes(member);
        // URLs are not followed.
        let damaged = |text: &str| file.is_none() && !text.starts_with("http");
        if member.as_str().is_some_and(damaged) {
            return Err(ApiError::new(5004, format!("AiError: Invalid data: `{name}` is not base64")));
        }
        Ok(Self { value, file })
    }
}

/// Decodes bytes in the forms that models take in JSON: an array of numbers, base64, a data URI.
pub(super) fn decode_bytes(value: &Value) -> Option<Bytes> {
    match value {
        Value::Array(numbers) => {
            let byte = |number: &Value| u8::try_from(number.as_u64()?).ok();
            numbers.iter().map(byte).collect::<Option<Vec<u8>>>().map(Bytes::from)
        }
        Value::String(text) => {
            let encoded = text.split_once(";base64,").map_or(text.as_str(), |(_, encoded)| encoded);
            STANDARD.decode(encoded).ok().map(Bytes::from)
        }
        Value::Object(_) => decode_bytes(value.get("body")?),
        _ => None,
    }
}
