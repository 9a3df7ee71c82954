//! Classifies error responses by their code, and by their message where the code is ambiguous or missing.

use http::StatusCode;
use workers_ai_types::{ErrorClass, ErrorCode, RetryClass};

/// The class of an error response, its retry class and advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) class: ErrorClass,
    /// `None`: neither the code nor the message decides it.
    pub(super) retry: Option<RetryClass>,
    pub(super) advice: &'static str,
}

/// A classification by the text of a message.
struct Rule {
    /// In lower case. The message contains one of them.
    texts: &'static [&'static str],
    /// The codes that the text decides; 0 stands for none.
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
        &[0, 3036, 4006],
        reading(
            ErrorClass::DailyQuota,
            RetryClass::NextDay,
            "wait until 00:00 UTC, or upgrade to the Workers Paid plan",
        ),
    ),
    rule(
        &["json mode couldn't be met", "json model couldn't be met"],
        &[0, 5024],
        reading(ErrorClass::SchemaNotMet, RetryClass::Once, "simplify the schema: no nullable unions, fewer levels"),
    ),
    rule(
        &["requires a workers paid plan", "not available on the workers free plan"],
        &[0, 5035],
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
        &["invalid audio", "audio file", "audio data", "audio format", "decode audio", "recording", "silent"],
        &[0, 3010, 3030, 8006, 8007],
        reading(
            ErrorClass::InvalidInput,
            RetryClass::Never,
            "check the recording: its format, and that it is neither damaged nor silent",
        ),
    ),
    rule(
        &["max_tokens", "did not fit", "could not fit"],
        &[8006],
        reading(ErrorClass::InvalidInput, RetryClass::Never, "raise `max_tokens`: the forced tool call did not fit"),
    ),
];

impl Reading {
    /// Reads an error response.
    pub(super) fn of(code: Option<ErrorCode>, message: &str, status: StatusCode) -> Self {
        use ErrorClass::{ContentFlagged, ContextExceeded, InvalidInput};

        let message = message.to_ascii_lowercase();
        let number = code.map_or(0, ErrorCode::as_u32);
        let is_refusal = code.is_some() || matches!(status.as_u16(), 200..=299 | 400 | 413 | 415 | 422);
        let fits = |rule: &&Rule| {
            // What a server that failed says about the input may be an excuse.
            let is_credible =
                is_refusal || !matches!(rule.reading.class, InvalidInput | ContextExceeded | ContentFlagged);
            is_credible && rule.codes.contains(&number) && rule.texts.iter().any(|text| message.contains(text))
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

/// Returns the class of an HTTP status.
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
    use http::StatusCode;
    use workers_ai_types::{ErrorClass, RetryClass};

    use super::{RULES, Reading};

    #[test]
    fn a_server_that_fails_is_no_refusal_whatever_its_words() {
        for (status, message) in [
            (503, "The speech service is temporarily overloaded: audio file not processed"),
            (429, "Rate limit reached for audio data requests"),
            (503, "The backend was flagged unhealthy, try again"),
            (500, "could not load image data: internal storage failure"),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            let Reading { class, retry, advice } = Reading::of(None, message, status);
            assert!(matches!(class, ErrorClass::Unavailable | ErrorClass::RateLimited), "{message}: {class:?}");
            assert_eq!((retry, advice), (None, ""), "{message}");
        }
        // A refusal that repeats what a prompt says is still about its code.
        let echoed = Reading::of(Some(5006.into()), "bad input: daily free allocation", StatusCode::BAD_REQUEST);
        assert_eq!((echoed.class, echoed.retry), (ErrorClass::InvalidInput, Some(RetryClass::Never)));
        let tools = Reading::of(Some(8006.into()), "Invalid tool schema: tools[0]", StatusCode::BAD_REQUEST);
        assert!(!tools.advice.contains("max_tokens"), "{}", tools.advice);
        let speech = Reading::of(None, "text-to-speech input is too long", StatusCode::BAD_REQUEST);
        assert_eq!(speech.advice, "");
    }

    #[test]
    fn the_texts_of_rules_are_in_lower_case() {
        for text in RULES.iter().flat_map(|rule| rule.texts) {
            assert_eq!(*text, text.to_ascii_lowercase());
        }
    }
}
