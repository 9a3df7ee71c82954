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

/// Returns the usual extension of a file with a content type.
#[must_use]
pub fn extension(content_type: &str) -> &'static str {
    const KNOWN: [(&str, &str); 15] = [
        ("image/png", "png"),
        ("image/jpeg", "jpg"),
        ("image/webp", "webp"),
        ("image/gif", "gif"),
        ("image/avif", "avif"),
        ("image/svg+xml", "svg"),
        ("audio/mpeg", "mp3"),
        ("audio/wav", "wav"),
        ("audio/x-wav", "wav"),
        ("audio/ogg", "ogg"),
        ("audio/flac", "flac"),
        ("audio/aac", "aac"),
        ("audio/mp4", "m4a"),
        ("video/mp4", "mp4"),
        ("application/pdf", "pdf"),
    ];
    KNOWN.iter().find(|(known, _)| starts_with(content_type, known)).map_or("bin", |(_, extension)| extension)
}

fn starts_with(content_type: &str, prefix: &str) -> bool {
    content_type.trim_ascii_start().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}
