//! Adds up the tokens of several calls.

use workers_ai_types::chat::Usage;

/// Adds the tokens of two calls. `None` counts as unknown, not as zero.
pub(crate) fn sum(a: Option<Usage>, b: Option<Usage>) -> Option<Usage> {
    let both = |a: Option<u64>, b: Option<u64>| a.map(|a| a.saturating_add(b.unwrap_or_default())).or(b);
    match (a, b) {
        (Some(mut a), Some(b)) => {
            a.prompt_tokens = a.prompt_tokens.saturating_add(b.prompt_tokens);
            a.completion_tokens = a.completion_tokens.saturating_add(b.completion_tokens);
            a.total_tokens = a.total_tokens.saturating_add(b.total_tokens);
            a.cached_tokens = both(a.cached_tokens, b.cached_tokens);
            a.reasoning_tokens = both(a.reasoning_tokens, b.reasoning_tokens);
            a.prompt_audio_tokens = both(a.prompt_audio_tokens, b.prompt_audio_tokens);
            a.completion_audio_tokens = both(a.completion_audio_tokens, b.completion_audio_tokens);
            a.accepted_prediction_tokens = both(a.accepted_prediction_tokens, b.accepted_prediction_tokens);
            a.rejected_prediction_tokens = both(a.rejected_prediction_tokens, b.rejected_prediction_tokens);
            Some(a)
        }
        (a, b) => a.or(b),
    }
}
