//! Text similarity: hashed words and trigrams, so that similar texts have vectors close to each other.

/// Returns a unit vector for a text.
#[allow(clippy::cast_possible_truncation, reason = "a remainder fits")]
pub(crate) fn vector(text: &str, dimensions: usize, seed: &str) -> Vec<f32> {
    let mut vector = vec![0.0_f32; dimensions.max(1)];
    let mut add = |feature: &str, weight: f32| {
        let hash = hash(seed, feature);
        let at = (hash % vector.len() as u64) as usize;
        vector[at] += if hash >> 63 == 0 { weight } else { -weight };
    };
    let mut features: Vec<String> = words(text).collect();
    if features.is_empty() {
        // A text of stop words or symbols only.
        features = text.split_whitespace().map(str::to_lowercase).collect();
    }
    for word in features {
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

/// Returns the similarity of two texts, from 0 to 1.
pub(crate) fn similarity(a: &str, b: &str) -> f32 {
    let (a, b) = (vector(a, 512, ""), vector(b, 512, ""));
    a.iter().zip(&b).map(|(a, b)| a * b).sum::<f32>().clamp(0.0, 1.0)
}

/// Returns the words of a text in lower case, without stop words.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    const STOP_WORDS: [&str; 28] = [
        "a", "an", "and", "are", "as", "at", "be", "by", "did", "do", "does", "for", "from", "how", "in", "is", "it",
        "of", "on", "or", "the", "this", "to", "was", "what", "which", "who", "with",
    ];
    let word = |word: &str| word.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|text| !text.is_empty())
        .map(word)
        .filter(|word| !STOP_WORDS.contains(&word.as_str()))
}

/// Returns the FNV-1a hash of a text.
pub(crate) fn hash(seed: &str, text: &str) -> u64 {
    let byte = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = seed.bytes().chain([0]).chain(text.bytes()).fold(0xcbf2_9ce4_8422_2325, byte);
    // Callers use the low bits, which are weak in FNV.
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::{similarity, vector};

    #[test]
    fn similar_texts_are_nearer() {
        let question = "How do I reset my password?";
        let near = similarity(question, "To reset the password, open the settings.");
        let far = similarity(question, "The lighthouse keeper watches the ships.");
        assert!(near > far + 0.2, "{near} against {far}");
        assert!(similarity("to be or", "what is it") < 0.5 && similarity("🎉", "🌊") < 0.5);
        assert_eq!(vector("x", 384, "cls").len(), 384);
        assert_ne!(vector("x", 384, "cls"), vector("x", 384, "mean"));
    }
}
