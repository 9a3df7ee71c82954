//! What an error response is about: the code decides, and the text where the code has several meanings or there is none.

use http::StatusCode;
use workers_ai_types::{ErrorClass, ErrorCode, RetryClass};

/// What an error response is about, whether to retry, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) class: ErrorClass,
    /// `None`: neither code nor text say it.
    pub(super) retry: Option<RetryClass>,
    pub(super) advice: &'static str,
}

/// What a text says that the code does not.
struct Rule {
    /// In lower case. The message contains one of them.
    texts: &'static [&'static str],
    /// The codes that the text decides. Empty: any, and none.
    codes: &'static [u32],
    reading: Reading,
}

const fn reading(class: ErrorClass, retry: RetryClass, advice: &'static str) -> Reading {
    Reading { class, retry: Some(retry), advice }
}

const fn rule(texts: &'static [&'static str], codes: &'static [u32], reading: Reading) -> Rule {
    Rule { texts, codes, reading }
}

/// The codes that engines use for whatever they refuse, and 0 for none.
const VAGUE: &[u32] = &[0, 3010, 3030, 5004, 5006, 8001, 8002, 8006, 8007];

const SHORTEN: Reading =
    reading(ErrorClass::ContextExceeded, RetryClass::Never, "shorten the input, or lower `max_tokens`");

/// The first rule that fits decides.
const RULES: &[Rule] = &[
    rule(
        &["daily free allocation"],
        &[],
        reading(
            ErrorClass::DailyQuota,
            RetryClass::NextDay,
            "wait until 00:00 UTC, or upgrade to the Workers Paid plan",
        ),
    ),
    rule(
        &["json mode couldn't be met", "json model couldn't be met"],
        &[],
        reading(ErrorClass::SchemaNotMet, RetryClass::Once, "simplify the schema: no nullable unions, fewer levels"),
    ),
    rule(
        &["requires a workers paid plan", "not available on the workers free plan"],
        &[],
        reading(ErrorClass::Billing, RetryClass::Never, "upgrade the account to the Workers Paid plan"),
    ),
    rule(
        &["authentication is required"],
        &[0, 2021],
        reading(ErrorClass::Unauthorized, RetryClass::Never, "send the gateway's token: `Gateway::authorization`"),
    ),
    rule(
        &["credit", "balance"],
        &[2021],
        reading(ErrorClass::Billing, RetryClass::Never, "add credits to the account"),
    ),
    rule(
        &["context length", "context window", "model's context", "token count exceeds", "prompt is too long"],
        VAGUE,
        SHORTEN,
    ),
    rule(
        &["max_completion_tokens is too large", "max_tokens is too large"],
        VAGUE,
        reading(ErrorClass::InvalidInput, RetryClass::Never, "lower `max_tokens`"),
    ),
    rule(
        &["nsfw", "flagged", "unsafe content", "content policy"],
        VAGUE,
        reading(ErrorClass::ContentFlagged, RetryClass::Never, "rephrase the prompt, or use another image"),
    ),
    rule(
        &["function.arguments", "tool call arguments"],
        VAGUE,
        reading(
            ErrorClass::InvalidInput,
            RetryClass::Never,
            "send the arguments of earlier tool calls as JSON objects",
        ),
    ),
    rule(
        &["invalid data for image", "invalid image", "cannot identify image", "image data"],
        VAGUE,
        reading(ErrorClass::InvalidInput, RetryClass::Never, "check the image: its base64 and its format"),
    ),
    rule(
        &["audio", "recording", "speech"],
        &[0, 3010, 3030, 8006, 8007],
        reading(
            ErrorClass::InvalidInput,
            RetryClass::Never,
            "check the recording: its format, and that it is neither damaged nor silent",
        ),
    ),
    rule(
        &["tool"],
        &[8006],
        reading(ErrorClass::InvalidInput, RetryClass::Never, "raise `max_tokens`: the forced tool call did not fit"),
    ),
];

impl Reading {
    /// Reads an error response.
    pub(super) fn of(code: Option<ErrorCode>, message: &str, status: StatusCode) -> Self {
        let message = message.to_ascii_lowercase();
        let number = code.map_or(0, ErrorCode::as_u32);
        let fits = |rule: &&Rule| {
            (rule.codes.is_empty() || rule.codes.contains(&number))
                && rule.texts.iter().any(|text| message.contains(text))
        };
        if let Some(rule) = RULES.iter().find(fits) {
            return rule.reading;
        }
        match code {
            Some(ErrorCode::InvalidOrIncomplete) if status == StatusCode::PAYLOAD_TOO_LARGE => SHORTEN,
            Some(code) if code.class() != ErrorClass::Unknown || code.retry_class().is_some() => {
                Self { class: code.class(), retry: code.retry_class(), advice: code.advice() }
            }
            _ => Self { class: class_of(status), retry: None, advice: "" },
        }
    }
}

/// Returns what a status alone says.
fn class_of(status: StatusCode) -> ErrorClass {
    match status.as_u16() {
        400 | 413 | 415 | 422 => ErrorClass::InvalidInput,
        401 | 403 => ErrorClass::Unauthorized,
        402 => ErrorClass::Billing,
        404 => ErrorClass::NotFound,
        405 | 501 => ErrorClass::Unsupported,
        408 | 504 => ErrorClass::Timeout,
        429 => ErrorClass::RateLimited,
        500..=599 => ErrorClass::Unavailable,
        _ => ErrorClass::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_texts_of_rules_are_in_lower_case() {
        for text in RULES.iter().flat_map(|rule| rule.texts) {
            assert_eq!(*text, text.to_ascii_lowercase());
        }
    }
}
