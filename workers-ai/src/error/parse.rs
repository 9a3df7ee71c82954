//! Reads error responses, in the many forms that they come in.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use web_time::{SystemTime, UNIX_EPOCH};
use workers_ai_types::{
    __private::{from_text, to_text},
    ErrorCode,
};

use super::{
    ApiError, Error,
    date::unix_seconds,
    gateway::{GatewayError, GatewayReason},
};
use crate::{reply, transport::Headers};

/// Creates the error for an error response.
pub(crate) fn api_error(model: &str, status: StatusCode, headers: &Headers, body: Bytes) -> Error {
    let (code, message) = read(&body);
    let response = ApiError {
        model: model.to_owned(),
        status,
        code,
        message,
        reported_status: if status.is_success() { reported_status(&body) } else { None },
        body,
        retry_after: headers.get("retry-after").and_then(retry_after),
        request_id: reply::request_id(headers),
        log_id: reply::log_id(headers),
        attempts: 1,
    };
    match GatewayReason::from_response(&response, headers) {
        Some(reason) => Error::Gateway(Box::new(GatewayError::new(reason, response, headers))),
        None => Error::Api(Box::new(response)),
    }
}

/// Returns the code and the message of a body.
pub(crate) fn read(body: &[u8]) -> (Option<ErrorCode>, String) {
    let text = String::from_utf8_lossy(body);
    let Ok(json) = serde_json::from_slice::<Value>(body) else {
        let message =
            if text.trim_ascii_start().starts_with('<') { title(&text) } else { text.trim_ascii().to_owned() };
        return (code_in(&message), short(&message));
    };
    // The first error decides, unless only a later one has a code.
    let first = |name: &str| match json.get(name)? {
        Value::Array(errors) => errors.iter().find(|error| number_in(error).is_some()).or_else(|| errors.first()),
        Value::Null => None,
        other => Some(other),
    };
    let error = first("errors").or_else(|| first("error")).unwrap_or(&json);
    let text_of = |value: &Value| value.as_str().map(str::to_owned);
    let member = |name: &str| error.get(name).and_then(text_of);
    let message = text_of(error)
        .or_else(|| member("message"))
        .or_else(|| member("description"))
        .or_else(|| member("detail"))
        .unwrap_or_else(|| if error.is_object() { to_text(error) } else { text.trim_ascii().to_owned() });
    let nested = || from_text::<Value>(strip_prefixes(&message)).ok();
    let number = number_in(error).or_else(|| number_in(&nested()?));
    let code = number.filter(|number| *number >= FIRST_CODE).map(ErrorCode::from);
    (code.or_else(|| code_in(&message)), short(&message))
}

/// Smaller numbers are HTTP statuses, which engines and proxies put in the place of a code.
const FIRST_CODE: u32 = 1_000;

/// Returns the number that an error gives as its code.
fn number_in(error: &Value) -> Option<u32> {
    let number = |value: &Value| {
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        u32::try_from(number).ok()
    };
    ["code", "internalCode"].iter().find_map(|name| error.get(name).and_then(number))
}

/// Returns the HTTP status that the error in a successful response names.
pub(crate) fn reported_status(body: &[u8]) -> Option<StatusCode> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let error = json.get("error").filter(|error| error.is_object()).unwrap_or(&json);
    let number = number_in(error).or_else(|| number_in(&json))?;
    let status = u16::try_from(number).ok().and_then(|number| StatusCode::from_u16(number).ok())?;
    (status.is_client_error() || status.is_server_error()).then_some(status)
}

/// Returns a message without its prefixes and without the JSON that it is wrapped in, at a length that people read. The body is kept
/// beside it.
fn short(message: &str) -> String {
    const MAX_CHARS: usize = 2_000;
    const MAX_DEPTH: usize = 3;
    let mut message = message.to_owned();
    for _ in 0..MAX_DEPTH {
        let stripped = strip_prefixes(&message);
        match inside(stripped) {
            Some(inner) => message = inner,
            None => return stripped.chars().take(MAX_CHARS).collect(),
        }
    }
    strip_prefixes(&message).chars().take(MAX_CHARS).collect()
}

/// Returns the message of an engine's error, which is JSON: `{"object":"error","message":…}`, `{"error":{"message":…}}`.
fn inside(message: &str) -> Option<String> {
    if !message.starts_with('{') {
        return None;
    }
    let json: Value = from_text(message).ok()?;
    let error = json.get("error").filter(|error| !error.is_null()).unwrap_or(&json);
    let text = error.as_str().or_else(|| ["message", "detail"].iter().find_map(|name| error.get(name)?.as_str()))?;
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Returns the title of an HTML page, which proxies answer with.
fn title(page: &str) -> String {
    let title = page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or_else(|| "an HTML page instead of JSON".to_owned(), |(title, _)| title.trim_ascii().to_owned())
}

/// Returns the code in a message: `5028: …`, `AiError: 5028: …`, `error code: 1031`, `… (code 3030)`.
fn code_in(message: &str) -> Option<ErrorCode> {
    let start = strip_names(message);
    if let Some(number) = start.strip_prefix("error code: ") {
        // In this form the network in front of the service speaks, whose numbers have other meanings.
        let number: u32 = number.trim_ascii().parse().ok()?;
        let known = ErrorCode::from(number);
        return Some(if known == ErrorCode::Refused { known } else { ErrorCode::Other(number) });
    }
    let digits = start.find(|c: char| !c.is_ascii_digit()).unwrap_or(start.len());
    let number = if digits > 0 && start[digits..].starts_with(':') {
        &start[..digits]
    } else {
        message.rsplit_once("(code ")?.1.split_once(')')?.0
    };
    number.trim_ascii().parse::<u32>().ok().map(ErrorCode::from)
}

fn strip_names(mut message: &str) -> &str {
    const NAMES: [&str; 4] = ["AiError:", "InferenceUpstreamError:", "InvalidInput:", "Error:"];
    loop {
        message = message.trim_ascii_start();
        match NAMES.iter().find_map(|name| message.strip_prefix(name)) {
            Some(rest) => message = rest,
            None => return message,
        }
    }
}

/// Returns a message without its nested prefixes and without the ID at its end.
fn strip_prefixes(message: &str) -> &str {
    let mut stripped = strip_names(message);
    if let Some((digits, rest)) = stripped.split_once(": ")
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        stripped = strip_names(rest);
    }
    let is_id = |text: &str| text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match stripped.trim_ascii_end().strip_suffix(')').and_then(|head| head.rsplit_once(" (")) {
        Some((head, last)) if is_id(last) => head,
        _ => stripped.trim_ascii_end(),
    }
}

/// Reads `Retry-After`: seconds, or a date. Fractions of a second are rounded up.
fn retry_after(text: &str) -> Option<Duration> {
    let text = text.trim_ascii();
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    if let (Ok(seconds), true) = (seconds.parse::<u64>(), fraction.bytes().all(|byte| byte.is_ascii_digit())) {
        let round_up = u64::from(fraction.bytes().any(|byte| byte != b'0'));
        return Some(Duration::from_secs(seconds.saturating_add(round_up)));
    }
    let date = Duration::from_secs(unix_seconds(text)?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(date.saturating_sub(now))
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
            ("error code: 1031", 1031, "error code: 1031"),
            (
                r#"{"errors":[{"code":8007,"message":"AiError: AiError: {\"object\":\"error\",\"message\":\"too long\",\"code\":400} (0a1b2c3d-0000-4000-8000-0123456789ab)"}]}"#,
                8007,
                "too long",
            ),
            (r#"{"code":8007,"message":"{\"error\":{\"message\":\"AiError: bad effort\"}}"}"#, 8007, "bad effort"),
            ("3040: Capacity temporarily exceeded", 3040, "Capacity temporarily exceeded"),
            ("Input was flagged (code 3030)", 3030, "Input was flagged (code 3030)"),
        ];
        for (body, code, message) in cases {
            assert_eq!(read(body.as_bytes()), (Some(ErrorCode::from(code)), message.to_owned()), "{body}");
        }
    }

    #[test]
    fn the_code_is_found_wherever_it_stands() {
        for (body, code) in [
            (r#"{"errors":null,"error":{"code":3036,"message":"x"}}"#, Some(3036)),
            (r#"{"errors":[{"message":"Request failed"},{"code":3040,"message":"busy"}]}"#, Some(3040)),
            (r#"{"error":"{\"code\":3036,\"message\":\"x\"}"}"#, Some(3036)),
            (r#"{"error":{"message":"too long","code":400}}"#, None),
            ("error code: 1000", Some(1000)),
        ] {
            assert_eq!(read(body.as_bytes()).0.map(ErrorCode::as_u32), code, "{body}");
        }
        assert_eq!(read(b"error code: 1000").0, Some(ErrorCode::Other(1000)), "not a missing parameter");
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
        assert_eq!(retry_after(" 2 ").map(|d| d.as_secs()), Some(2));
        assert_eq!(retry_after("1.5").map(|d| d.as_secs()), Some(2));
        assert_eq!(retry_after("1.0").map(|d| d.as_secs()), Some(1));
        assert_eq!(retry_after("1.x"), None);
        assert_eq!(retry_after(&u64::MAX.to_string()).map(|d| d.as_secs()), Some(u64::MAX));
        assert_eq!(retry_after("-1"), None);
        assert_eq!(retry_after("soon"), None);
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT").map(|d| d.as_secs()), Some(0));
    }
}
