//! Splits texts into pieces that an embedding model can take.

/// The model reads 512 tokens, and would cut off the rest unseen. In quarters of a token, with room for texts of many short words.
const MAX_QUARTERS: usize = 1_200;

/// Returns the quarters of a token that a character is: one, or four in scripts that are written without spaces.
fn quarters(c: char) -> usize {
    if c >= '\u{2e80}' { 4 } else { 1 }
}

/// Returns where a piece ends at the latest. `None`: the text is short enough.
fn limit(text: &str) -> Option<usize> {
    let mut sum = 0;
    let exceeds = |&(_, c): &(usize, char)| {
        sum += quarters(c);
        sum > MAX_QUARTERS
    };
    text.char_indices().find(exceeds).map(|(at, _)| at)
}

/// Splits a text where a paragraph, a sentence or at least a word ends.
pub fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while let Some(limit) = limit(rest) {
        let window = &rest[..limit];
        // A piece is not made too short for the sake of its end.
        let at = ["\n\n", ". ", "\n", " "]
            .iter()
            .find_map(|end| window.rfind(end).filter(|at| *at > limit / 2).map(|at| at + end.len()));
        let (piece, after) = rest.split_at(at.unwrap_or(limit));
        pieces.push(piece.trim());
        rest = after.trim();
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{MAX_QUARTERS, quarters, split};

    #[test]
    fn pieces_are_short_and_nothing_is_lost() {
        let sentence = "The tide comes in at six, and the fishermen of Küste wait. ";
        for text in [
            sentence.repeat(100),
            sentence.replace(' ', "").repeat(100),
            "\n\n".to_owned(),
            "ü".repeat(5000),
            "漢字".repeat(3000),
        ] {
            let pieces = split(&text);
            assert!(
                pieces
                    .iter()
                    .all(|piece| !piece.is_empty() && piece.chars().map(quarters).sum::<usize>() <= MAX_QUARTERS)
            );
            let visible = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(visible(&pieces.concat()), visible(&text));
        }
    }

    #[test]
    fn pieces_end_with_sentences() {
        let pieces: Vec<&str> = vec!["A short sentence of some words. "; 60];
        let text = pieces.concat();
        assert!(split(&text).iter().all(|piece| piece.ends_with('.')));
    }
}
