//! What the bodies of errors say, in the many forms that they come in.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use workers_ai_types::ErrorCode;

use crate::{
    Error,
    error::ApiError,
    error::gateway::{GatewayError, GatewayReason},
    reply::header_text,
};

/// Makes an error of an answer.
pub(crate) fn api_error(model: &str, status: StatusCode, headers: &HeaderMap, body: Bytes) -> Error {
    let (code, message) = read(&body);
    let retry_after = header_text(headers, header::RETRY_AFTER.as_str()).and_then(|text| retry_after(&text));
    let request_id = header_text(headers, "cf-ai-req-id").or_else(|| header_text(headers, "cf-ray"));
    let log_id = header_text(headers, "cf-aig-log-id");
    let model = model.to_owned();
    let answer = ApiError { model, status, code, message, body, retry_after, request_id, log_id, attempts: 1 };
    match GatewayReason::of(&answer, headers) {
        Some(reason) => Error::Gateway(Box::new(GatewayError::new(reason, answer, headers))),
        None => Error::Api(Box::new(answer)),
    }
}

/// The code and the message of a body.
pub(crate) fn read(body: &[u8]) -> (Option<ErrorCode>, String) {
    let text = String::from_utf8_lossy(body);
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        let message = if text.trim_start().starts_with('<') { title(&text) } else { text.trim().to_owned() };
        return (code_in(&message), short(&message));
    };
    let first = |name: &str| match json.get(name) {
        Some(Value::Array(errors)) => errors.first(),
        other => other,
    };
    let fault = first("errors").or_else(|| first("error")).filter(|fault| !fault.is_null()).unwrap_or(&json);
    let of_text = |value: &Value| value.as_str().map(str::to_owned);
    let member = |name: &str| fault.get(name).and_then(of_text);
    let message = of_text(fault)
        .or_else(|| member("message"))
        .or_else(|| member("description"))
        .or_else(|| member("detail"))
        .unwrap_or_else(|| if fault.is_object() { fault.to_string() } else { text.trim().to_owned() });
    let number = |value: &Value| {
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        u32::try_from(number).ok().map(ErrorCode::from)
    };
    let code = ["code", "internalCode"].iter().find_map(|name| fault.get(name).and_then(number));
    (code.or_else(|| code_in(&message)), short(&message))
}

/// A message without its prefixes, as long as one reads; the body is kept beside it.
fn short(message: &str) -> String {
    const MOST: usize = 500;
    strip_envelope(message).chars().take(MOST).collect()
}

/// The title of a page, where a proxy answered with one.
fn title(page: &str) -> String {
    let title = page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or_else(|| "an HTML page instead of JSON".to_owned(), |(title, _)| title.trim().to_owned())
}

/// The code that a message names: `5028: …`, `AiError: 5028: …`, `… (code 3030)`.
fn code_in(message: &str) -> Option<ErrorCode> {
    let start = peel_names(message);
    let digits = start.find(|c: char| !c.is_ascii_digit()).unwrap_or(start.len());
    let number = if digits > 0 && start[digits..].starts_with(':') {
        &start[..digits]
    } else {
        message.rsplit_once("(code ")?.1.split_once(')')?.0
    };
    number.trim().parse::<u32>().ok().map(ErrorCode::from)
}

fn peel_names(mut message: &str) -> &str {
    const NAMES: [&str; 4] = ["AiError:", "InferenceUpstreamError:", "InvalidInput:", "Error:"];
    loop {
        message = message.trim_start();
        match NAMES.iter().find_map(|name| message.strip_prefix(name)) {
            Some(rest) => message = rest,
            None => return message,
        }
    }
}

/// A message without its nested prefixes and without the id at its end.
fn strip_envelope(message: &str) -> &str {
    let mut peeled = peel_names(message);
    if let Some((digits, rest)) = peeled.split_once(": ")
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        peeled = peel_names(rest);
    }
    let id = |text: &str| text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match peeled.trim_end().strip_suffix(')').and_then(|head| head.rsplit_once(" (")) {
        Some((head, last)) if id(last) => head,
        _ => peeled.trim_end(),
    }
}

/// Seconds, or the distance to a date.
fn retry_after(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    crate::error::http_date::until(text.trim())
}

#[cfg(test)]
mod tests {
    use workers_ai_types::ErrorCode;

    use super::{read, retry_after};

    #[test]
    fn codes_and_messages_are_found_in_every_form() {
        let cases = [
            (
                r#"{"errors":[{"code":5006,"message":"AiError: AiError: Bad input: x (0a1b2c3d-0000-4000-8000-0123456789ab)"}],"success":false,"result":{},"messages":[]}"#,
                5006,
                "Bad input: x",
            ),
            (
                r#"{"success":false,"result":[],"messages":[],"error":[{"code":2009,"message":"Unauthorized"}]}"#,
                2009,
                "Unauthorized",
            ),
            (
                r#"{"error":{"message":"AiError: 5028: the model was deprecated","type":"x"}}"#,
                5028,
                "the model was deprecated",
            ),
            (r#"{"internalCode":3030,"name":"AiError","description":"flagged"}"#, 3030, "flagged"),
            ("3040: Capacity temporarily exceeded", 3040, "Capacity temporarily exceeded"),
            ("Input was flagged (code 3030)", 3030, "Input was flagged (code 3030)"),
        ];
        for (body, code, message) in cases {
            assert_eq!(read(body.as_bytes()), (Some(ErrorCode::from(code)), message.to_owned()), "{body}");
        }
    }

    #[test]
    fn other_bodies_are_kept_as_text() {
        assert_eq!(read(b"<html><title>502 Bad Gateway</title>"), (None, "502 Bad Gateway".to_owned()));
        assert_eq!(read(b"upstream\xff"), (None, "upstream\u{fffd}".to_owned()));
        assert_eq!(read(b""), (None, String::new()));
        assert_eq!(read(b"null").0, None);
        assert_eq!(read(b"{\"errors\":[]}").0, None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after("2").map(|d| d.as_secs()), Some(2));
        assert_eq!(retry_after("-1"), None);
        assert_eq!(retry_after("soon"), None);
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT").map(|d| d.as_secs()), Some(0));
    }
}
