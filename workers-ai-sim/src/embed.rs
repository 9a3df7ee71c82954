//! Vectors that put similar texts near each other: words and their parts, hashed.

/// A vector of length 1.
#[allow(clippy::cast_possible_truncation, reason = "a remainder fits")]
pub(crate) fn vector(text: &str, dimensions: usize, seed: &str) -> Vec<f32> {
    let mut vector = vec![0.0_f32; dimensions.max(1)];
    let mut add = |feature: &str, weight: f32| {
        let hash = hash(seed, feature);
        let at = (hash % vector.len() as u64) as usize;
        vector[at] += if hash >> 63 == 0 { weight } else { -weight };
    };
    let mut meant: Vec<String> = words(text).collect();
    if meant.is_empty() {
        // A text of small words or of signs is told from others by them.
        meant = text.split_whitespace().map(str::to_lowercase).collect();
    }
    for word in meant {
        add(&word, 1.0);
        let letters: Vec<char> = word.chars().collect();
        for part in letters.windows(3) {
            add(&part.iter().collect::<String>(), 0.25);
        }
    }
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length == 0.0 {
        vector[0] = 1.0;
        return vector;
    }
    vector.iter().map(|number| number / length).collect()
}

/// How alike two texts are, 0 to 1.
pub(crate) fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (vector(a, 512, ""), vector(b, 512, ""));
    a.iter().zip(&b).map(|(a, b)| a * b).sum::<f32>().clamp(0.0, 1.0)
}

/// The words that mean something, in lower case.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    const EMPTY: [&str; 28] = [
        "a", "an", "and", "are", "as", "at", "be", "by", "did", "do", "does", "for", "from", "how", "in", "is", "it",
        "of", "on", "or", "the", "this", "to", "was", "what", "which", "who", "with",
    ];
    let word = |word: &str| word.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|text| !text.is_empty())
        .map(word)
        .filter(|word| !EMPTY.contains(&word.as_str()))
}

/// FNV-1a.
pub(crate) fn hash(seed: &str, text: &str) -> u64 {
    let byte = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = seed.bytes().chain([0]).chain(text.bytes()).fold(0xcbf2_9ce4_8422_2325, byte);
    // The low bits of FNV are weak; they decide the place.
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::{likeness, vector};

    #[test]
    fn similar_texts_are_nearer() {
        let question = "How do I reset my password?";
        let near = likeness(question, "To reset the password, open the settings.");
        let far = likeness(question, "The lighthouse keeper watches the ships.");
        assert!(near > far + 0.2, "{near} against {far}");
        assert!(likeness("to be or", "what is it") < 0.5 && likeness("🎉", "🌊") < 0.5);
        assert_eq!(vector("x", 384, "cls").len(), 384);
        assert_ne!(vector("x", 384, "cls"), vector("x", 384, "mean"));
    }
}
