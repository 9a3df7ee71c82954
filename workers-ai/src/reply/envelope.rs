//! The envelope of the REST API: `{"result": …, "success": true, "errors": []}`.

use bytes::Bytes;
use workers_ai_types::__private::{RawMembers, is_binary};

use crate::transport::json::mentions;

/// The content of a body.
pub(crate) enum Content {
    /// The model's output.
    Result(Bytes),
    /// The envelope reports a failure.
    Failed,
}

/// Removes the envelope, if there is one. A response that holds nothing but an error is a failure, whatever its status.
pub(crate) fn strip_envelope(content_type: Option<&str>, body: &Bytes) -> Content {
    let content = without_envelope(content_type, body);
    match &content {
        Content::Result(result) if holds_only_an_error(result) => Content::Failed,
        _ => content,
    }
}

/// Returns whether a body is an object whose members tell of an error, and of nothing else.
fn holds_only_an_error(body: &[u8]) -> bool {
    const MAX_BYTES: usize = 64 << 10;
    const EVIDENCE: [&str; 5] = ["error", "errors", "code", "internalCode", "detail"];
    const BESIDE: [&str; 10] =
        ["success", "messages", "result", "message", "name", "description", "status", "type", "httpCode", "request_id"];
    let body = body.trim_ascii_start();
    if body.len() > MAX_BYTES || !body.starts_with(b"{") {
        return false;
    }
    let Some(RawMembers(members)) = RawMembers::of(body) else { return false };
    let is_empty = |value: &str| {
        let list = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let inside = list.or_else(|| value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')));
        matches!(value, "null" | "false" | "\"\"" | "0") || inside.is_some_and(|inside| inside.trim_ascii().is_empty())
    };
    let told = members.iter().any(|(name, value)| EVIDENCE.contains(&name.as_str()) && !is_empty(value.get()));
    let alone = members.iter().all(|(name, value)| {
        EVIDENCE.contains(&name.as_str())
            || is_empty(value.get())
            || (BESIDE.contains(&name.as_str()) && name != "result")
    });
    told && alone
}

fn without_envelope(content_type: Option<&str>, body: &Bytes) -> Content {
    // A body that is not an object has no envelope; neither has one that does not say whether it succeeded.
    if !body.trim_ascii_start().starts_with(b"{") || !mentions(body, "success") {
        return Content::Result(body.clone());
    }
    let Some(members) = RawMembers::of(body) else { return Content::Result(body.clone()) };
    // A null is a result, too.
    match (members.get("success"), members.get("result")) {
        (Some("false"), _) => Content::Failed,
        (Some("true"), Some(result)) if !is_binary(content_type) => {
            let start = result.as_ptr().addr() - body.as_ptr().addr();
            Content::Result(body.slice(start..start + result.len()))
        }
        _ => Content::Result(body.clone()),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Content, strip_envelope};

    fn stripped(body: &'static str) -> Option<String> {
        match strip_envelope(Some("application/json; charset=utf-8"), &Bytes::from_static(body.as_bytes())) {
            Content::Result(result) => Some(String::from_utf8_lossy(&result).into_owned()),
            Content::Failed => None,
        }
    }

    #[test]
    fn the_envelope_is_taken_off_where_there_is_one() {
        assert_eq!(stripped(r#"{"result":{"a":1},"success":true,"errors":[]}"#).as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(stripped(r#"{"success":true,"result":[{"label":"x"}]}"#).as_deref(), Some(r#"[{"label":"x"}]"#));
        assert_eq!(stripped(r#"{"response":"x"}"#).as_deref(), Some(r#"{"response":"x"}"#));
        assert_eq!(stripped(r#"{"result":5}"#).as_deref(), Some(r#"{"result":5}"#));
        assert_eq!(
            stripped(r#"{"responses":[{"success":true}]}"#).as_deref(),
            Some(r#"{"responses":[{"success":true}]}"#)
        );
        assert_eq!(stripped(r#"{"result":null,"success":false}"#), None);
        assert_eq!(stripped(r#"{"result":null,"success":true}"#).as_deref(), Some("null"));
        // Without a result there is nothing that it could be the envelope of.
        assert_eq!(stripped(r#"{"success":true}"#).as_deref(), Some(r#"{"success":true}"#));
        assert_eq!(stripped(r#"{"success":tr"#).as_deref(), Some(r#"{"success":tr"#));
    }

    #[test]
    fn a_body_that_holds_nothing_but_an_error_is_a_failure() {
        for failed in [
            r#"{"error":{"code":3040,"message":"Capacity"}}"#,
            r#"{"errors":[{"code":3036,"message":"x"}]}"#,
            r#"{"code":3040,"message":"Capacity"}"#,
            r#"{"result":{"error":"boom"},"success":true}"#,
            r#"{"detail":"not found"}"#,
            r#"{"internalCode":3040,"name":"AiError","description":"x"}"#,
        ] {
            assert_eq!(stripped(failed), None, "{failed}");
        }
        for answer in [
            r#"{"error":null,"choices":[]}"#,
            r#"{"errors":[],"response":"x"}"#,
            r#"{"code":"let x = 1;","text":"y"}"#,
            r#"{"response":"x","error":"partly"}"#,
            r#"{"message":"hello"}"#,
        ] {
            assert_eq!(stripped(answer).as_deref(), Some(answer));
        }
    }

    #[test]
    fn a_failure_is_one_whatever_it_is_called() {
        let refused = Bytes::from_static(br#"{"success":false,"errors":[]}"#);
        for of in [None, Some("text/plain"), Some("text/json"), Some("application/problem+json"), Some("text/html")] {
            assert!(matches!(strip_envelope(of, &refused), Content::Failed), "{of:?}");
        }
        for of in ["image/png", "Audio/mpeg", "application/octet-stream"] {
            assert!(matches!(strip_envelope(Some(of), &refused), Content::Failed), "{of}");
            let bytes = Bytes::from_static(br#"{"success":true,"result":1}"#);
            assert!(matches!(strip_envelope(Some(of), &bytes), Content::Result(same) if same == bytes), "{of}");
        }
    }
}
