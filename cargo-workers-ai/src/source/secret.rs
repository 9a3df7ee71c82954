//! The API token, which is never printed.

use std::fmt;

/// A secret text.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text, for the header that needs it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns whether a text contains the secret. Secrets that are too short to be real are not searched for, as they may be ordinary words.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.0.len() >= 16 && text.contains(&self.0)
    }

    /// Replaces the secret in a text.
    #[must_use]
    pub fn hide(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, "[token]") }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[token]")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn the_text_is_shown_neither_by_debug_nor_in_what_others_say() {
        let secret = Secret::new("abc123");
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "[token] Some([token])");
        assert_eq!(secret.hide("bad header: abc123"), "bad header: [token]");
    }
}
