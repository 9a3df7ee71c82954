//! Derives the names of types from the words of the schema.

/// Converts any words to `UpperCamelCase`: `image_url` and `Image URL` both become `ImageUrl`.
pub(crate) fn camel(words: &str) -> String {
    let mut name = String::new();
    let mut start = true;
    let mut before = ' ';
    for c in words.chars() {
        if c.is_alphanumeric() {
            if start || (before.is_lowercase() && c.is_uppercase()) {
                name.extend(c.to_uppercase());
            } else {
                name.extend(c.to_lowercase());
            }
            start = false;
        } else {
            start = true;
        }
        before = c;
    }
    name
}

/// Returns the singular of a plural: `choice` for `choices`.
pub(crate) fn singular(plural: &str) -> String {
    let stem = |cut: usize, end: &str| format!("{}{end}", &plural[..plural.len() - cut]);
    if plural.ends_with("ies") && plural.len() > 4 {
        stem(3, "y")
    } else if ["sses", "xes", "shes", "ches"].iter().any(|end| plural.ends_with(end)) {
        stem(2, "")
    } else if plural.ends_with('s') && !["ss", "us", "is"].iter().any(|end| plural.ends_with(end)) && plural.len() > 2 {
        stem(1, "")
    } else {
        plural.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{camel, singular};

    #[test]
    fn words_of_any_spelling_become_one_name() {
        for words in ["image_url", "image-url", "Image URL", "imageUrl"] {
            assert_eq!(camel(words), "ImageUrl");
        }
    }

    #[test]
    fn plurals_lose_their_ending_and_nothing_else() {
        for (many, one) in [
            ("choices", "choice"),
            ("categories", "category"),
            ("boxes", "box"),
            ("words", "word"),
            ("analysis", "analysis"),
            ("data", "data"),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
