//! Judging a body by its content type and its first byte.

/// Returns `true` if a body is JSON: its content type says so, or it starts like an object and is not declared to be binary.
#[must_use]
pub fn is_json(content_type: Option<&str>, body: &[u8]) -> bool {
    content_type.is_some_and(|of| of.to_ascii_lowercase().contains("json"))
        || (!is_binary(content_type) && body.trim_ascii_start().starts_with(b"{"))
}

/// Returns `true` if a content type declares an image, audio, video or other bytes.
#[must_use]
pub fn is_binary(content_type: Option<&str>) -> bool {
    const BINARY: [&str; 4] = ["image/", "audio/", "video/", "application/octet-stream"];
    content_type.is_some_and(|of| BINARY.iter().any(|prefix| starts_with(of, prefix)))
}

/// Returns `true` if a content type declares text, JSON included.
#[must_use]
pub fn is_text(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|of| starts_with(of, "text/") || of.to_ascii_lowercase().contains("json"))
}

fn starts_with(content_type: &str, prefix: &str) -> bool {
    content_type.trim_start().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}
