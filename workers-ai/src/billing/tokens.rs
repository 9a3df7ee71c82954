//! Counts the tokens of a text.

/// Counts the tokens of a text.
///
/// ```
/// use workers_ai::billing::{ApproximateCounter, TokenCounter};
///
/// /// Errs on the high side.
/// struct Careful;
///
/// impl TokenCounter for Careful {
///     fn count(&self, text: &str) -> u64 {
///         ApproximateCounter.count(text) * 5 / 4
///     }
/// }
///
/// assert_eq!(Careful.count("Why is the sky blue?"), 6);
/// ```
pub trait TokenCounter: Send + Sync {
    /// Returns the number of tokens.
    fn count(&self, text: &str) -> u64;
}

/// Counts a quarter of the characters, and one token per character in scripts that are written without spaces: a good estimate.
#[derive(Debug, Clone, Copy, Default)]
pub struct ApproximateCounter;

impl TokenCounter for ApproximateCounter {
    fn count(&self, text: &str) -> u64 {
        let (mut dense, mut light) = (0_u64, 0_u64);
        for letter in text.chars() {
            if matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{1f000}'..) {
                dense += 1;
            } else {
                light += 1;
            }
        }
        dense + light.div_ceil(4)
    }
}

/// The encodings of OpenAI's models: exact for gpt-oss with [`O200kHarmony`](Tiktoken::O200kHarmony), a good estimate for others.
///
/// ```
/// use workers_ai::billing::{Tiktoken, TokenCounter};
///
/// assert_eq!(Tiktoken::O200kHarmony.count("Why is the sky blue?"), 6);
/// ```
#[cfg(feature = "tiktoken")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Tiktoken {
    /// The encoding of gpt-oss.
    #[default]
    O200kHarmony,
    /// The encoding of GPT-4o, GPT-5 and their relatives.
    O200k,
    /// The encoding of GPT-4 and GPT-3.5.
    Cl100k,
}

#[cfg(feature = "tiktoken")]
impl TokenCounter for Tiktoken {
    fn count(&self, text: &str) -> u64 {
        let encoding = match self {
            Self::O200kHarmony => tiktoken_rs::o200k_harmony_singleton(),
            Self::O200k => tiktoken_rs::o200k_base_singleton(),
            Self::Cl100k => tiktoken_rs::cl100k_base_singleton(),
        };
        u64::try_from(encoding.count_ordinary(text)).unwrap_or(u64::MAX)
    }
}

/// The number of tokens that the service generates at most if an input sets no limit.
pub(crate) const DEFAULT_OUTPUT_TOKENS: u64 = 256;

#[cfg(test)]
mod tests {
    use super::{ApproximateCounter, TokenCounter};

    #[test]
    fn the_approximation_knows_dense_scripts() {
        assert_eq!(ApproximateCounter.count(""), 0);
        assert_eq!(ApproximateCounter.count("hello world"), 3);
        assert_eq!(ApproximateCounter.count("空は青い"), 4);
    }

    #[cfg(feature = "tiktoken")]
    #[test]
    fn encodings_count_as_their_models_do() {
        use super::Tiktoken;

        assert_eq!(Tiktoken::O200kHarmony.count("hello world"), 2);
        assert_eq!(Tiktoken::O200k.count("hello world"), 2);
        assert_eq!(Tiktoken::Cl100k.count("antidisestablishmentarianism"), 6);
        // What looks like a control token is text here.
        assert!(Tiktoken::O200kHarmony.count("<|end|>") > 1);
    }
}
