//! Removes secrets from responses: a server that repeats a token must not bring it into errors and logs.

use std::fmt;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value};

use crate::transport::{Endpoint, Headers, Input, TransportRequest};

/// A step of a fallback.
#[derive(serde::Deserialize)]
pub(super) struct Step {
    #[serde(default)]
    pub(super) headers: Map<String, Value>,
}

/// Replaces each secret.
const REPLACEMENT: &[u8] = b"[secret]";
/// Shorter ones occur in responses by chance.
const MIN_BYTES: usize = 8;

/// The secrets of a request, in the forms in which a response can repeat them, longer ones first.
#[derive(Clone)]
pub(crate) struct Secrets(Vec<Vec<u8>>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    /// Finds the secrets among the headers of a request, and those of the steps of a fallback.
    pub(super) fn of(headers: &HeaderMap, request: &TransportRequest) -> Self {
        let mut found = Vec::new();
        for (name, value) in headers.iter().filter(|(_, value)| value.is_sensitive()) {
            found.extend(secrets_in(name.as_str(), &String::from_utf8_lossy(value.as_bytes())));
        }
        if let (Endpoint::Universal { .. }, Input::Json(steps)) = (&request.endpoint, &request.input) {
            let steps: Vec<Step> = serde_json::from_slice(steps).unwrap_or_default();
            for (name, value) in steps.into_iter().flat_map(|step| step.headers) {
                found.extend(secrets_in(&name.to_ascii_lowercase(), value.as_str().unwrap_or_default()));
            }
        }
        found.retain(|secret| secret.len() >= MIN_BYTES);
        let mut forms: Vec<Vec<u8>> = found.iter().flat_map(|secret| forms(secret)).collect();
        forms.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        forms.dedup();
        Self(forms)
    }

    /// Removes the secrets from headers.
    pub(crate) fn cleanse_headers(&self, headers: &HeaderMap) -> Headers {
        let mut clean = headers.clone();
        for value in clean.values_mut() {
            let (text, _) = self.replaced(&Bytes::copy_from_slice(value.as_bytes()), true);
            if *text != *value.as_bytes() {
                *value = HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static(""));
            }
        }
        Headers::from(clean)
    }

    /// Removes the secrets from a body, also where one is spread over several chunks.
    pub(crate) fn cleanse<E: Send + 'static>(
        self,
        body: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
    ) -> impl Stream<Item = Result<Bytes, E>> + Send + 'static {
        // What may be the beginning of a secret is held until more arrives.
        let start = (Box::pin(body), Bytes::new(), None, self);
        stream::unfold(start, |(mut body, mut held, mut failure, secrets)| async move {
            loop {
                if let Some(error) = failure.take() {
                    return Some((Err(error), (body, held, None, secrets)));
                }
                let next = body.next().await;
                let clean;
                match next {
                    Some(Ok(chunk)) => {
                        let chunk = if held.is_empty() { chunk } else { [held, chunk].concat().into() };
                        (clean, held) = secrets.replaced(&chunk, false);
                    }
                    last => {
                        failure = last.and_then(Result::err);
                        (clean, held) = secrets.replaced(&held, true);
                        if clean.is_empty() {
                            failure.as_ref()?;
                        }
                    }
                }
                if !clean.is_empty() {
                    return Some((Ok(clean), (body, held, failure, secrets)));
                }
            }
        })
        // Its readers ask again after the end.
        .fuse()
    }

    /// Returns a text without the secrets, and the end that can be the beginning of one. A text that is `whole` has no such end.
    fn replaced(&self, text: &Bytes, whole: bool) -> (Bytes, Bytes) {
        let mut clean: Vec<u8> = Vec::new();
        // The end of what has been copied, and of what has been searched.
        let (mut copied, mut at) = (0, 0);
        while let Some(found) = self.next_start(&text[at..]) {
            at += found;
            let rest = &text[at..];
            if !whole && self.0.iter().any(|secret| secret.len() > rest.len() && secret.starts_with(rest)) {
                break;
            }
            match self.0.iter().find(|secret| rest.starts_with(secret)) {
                Some(secret) => {
                    clean.extend_from_slice(&text[copied..at]);
                    clean.extend_from_slice(REPLACEMENT);
                    at += secret.len();
                    copied = at;
                }
                None => at += 1,
            }
        }
        let end = if self.next_start(&text[at..]).is_some() { at } else { text.len() };
        let held = text.slice(end..);
        if copied == 0 && clean.is_empty() {
            return (text.slice(..end), held);
        }
        clean.extend_from_slice(&text[copied..end]);
        (clean.into(), held)
    }

    /// Returns where the next secret can begin.
    fn next_start(&self, text: &[u8]) -> Option<usize> {
        match self.0.as_slice() {
            [] => None,
            [one] => memchr::memchr(one[0], text),
            [one, two] => memchr::memchr2(one[0], two[0], text),
            [one, two, three] => memchr::memchr3(one[0], two[0], three[0], text),
            all => text.iter().position(|byte| all.iter().any(|secret| secret[0] == *byte)),
        }
    }
}

/// Returns the secrets in a header, if its value lets its reader do something. Other values may be words that responses contain.
fn secrets_in(name: &str, value: &str) -> Vec<String> {
    const SECRET: [&str; 16] = [
        "auth",
        "authorization",
        "apikey",
        "key",
        "token",
        "secret",
        "cookie",
        "password",
        "passwd",
        "pass",
        "credential",
        "credentials",
        "signature",
        "jwt",
        "session",
        "bearer",
    ];
    // They name what is cached or repeated, and open nothing.
    const HARMLESS: [&str; 2] = ["cache-key", "idempotency-key"];
    const SCHEMES: [&str; 4] = ["bearer ", "basic ", "token ", "apikey "];
    let scheme =
        SCHEMES.iter().find(|scheme| value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let named = name.split(['-', '_']).any(|word| SECRET.contains(&word));
    if scheme.is_none() && (!named || HARMLESS.iter().any(|harmless| name.ends_with(harmless))) {
        return Vec::new();
    }
    if name.ends_with("cookie") {
        let values = value.split(';').filter_map(|cookie| cookie.split_once('=')).map(|(_, value)| value);
        return values.map(|value| value.trim().to_owned()).collect();
    }
    vec![value[scheme.map_or(0, |scheme| scheme.len())..].trim().to_owned()]
}

/// Returns the forms in which a response can repeat a secret: as it is, in JSON with the escapes that common encoders use, and
/// percent-encoded.
fn forms(secret: &str) -> [Vec<u8>; 4] {
    let escaped = |escapes: fn(char) -> Option<String>| -> Vec<u8> {
        let pieces = secret.chars().map(|c| escapes(c).unwrap_or_else(|| c.to_string()));
        pieces.collect::<String>().into_bytes()
    };
    [
        secret.as_bytes().to_vec(),
        escaped(|c| (c == '/').then(|| "\\/".to_owned())),
        escaped(|c| matches!(c, '<' | '>' | '&' | '=' | '\'' | '+').then(|| format!("\\u{:04x}", u32::from(c)))),
        escaped(|c| (!c.is_ascii_alphanumeric() && !"-_.~".contains(c)).then(|| format!("%{:02X}", u32::from(c)))),
    ]
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::{FutureExt, StreamExt, stream};
    use http::{HeaderMap, HeaderValue, header};

    use super::{Secrets, secrets_in};
    use crate::transport::{Endpoint, Input, TransportRequest};

    fn secrets(headers: &[(&'static str, &'static str)]) -> Secrets {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let mut value = HeaderValue::from_static(value);
            value.set_sensitive(true);
            map.insert(*name, value);
        }
        let request = TransportRequest::new(Endpoint::Universal { gateway: "shop".to_owned() }, Input::None);
        Secrets::of(&map, &request)
    }

    fn some() -> Secrets {
        secrets(&[("authorization", "Bearer aab/aabc"), ("x-api-key", "aaaaaaaab"), ("x-team", "searching")])
    }

    /// Checks what becomes of a text, in chunks of any size.
    fn assert_cleansed(secrets: &Secrets, text: &str, clean: &str) {
        for size in 1..=text.len() {
            let chunks = text.as_bytes().chunks(size).map(|chunk| Ok::<_, ()>(Bytes::copy_from_slice(chunk)));
            let chunks: Vec<Result<Bytes, ()>> = chunks.collect();
            let cleansed = secrets.clone().cleanse(stream::iter(chunks)).collect::<Vec<_>>().now_or_never();
            let cleansed: Vec<Bytes> = cleansed.expect("ready").into_iter().collect::<Result<_, _>>().expect("chunks");
            assert_eq!(String::from_utf8_lossy(&cleansed.concat()), clean, "chunks of {size}");
        }
    }

    #[test]
    fn a_secret_is_removed_wherever_the_chunks_end() {
        let text = r#"{"a":"aab/aabc and aab\/aabc and aab%2Faabc","b":"aaaaaaaaaaab aab/aab searching aab"}"#;
        let clean = r#"{"a":"[secret] and [secret] and [secret]","b":"aaa[secret] aab/aab searching aab"}"#;
        assert_cleansed(&some(), text, clean);
    }

    #[test]
    fn of_two_secrets_that_begin_alike_the_longer_one_is_removed() {
        let both = secrets(&[("x-token", "abcdefghijkl"), ("x-secret", "abcdefghijklmnop")]);
        assert_cleansed(
            &both,
            "1 abcdefghijklmnop 2 abcdefghijkl 3 abcdefghijklmno",
            "1 [secret] 2 [secret] 3 [secret]mno",
        );
    }

    #[test]
    fn escapes_of_common_encoders_are_known() {
        let secret = secrets(&[("authorization", "Bearer abc=def&ghi")]);
        assert_cleansed(&secret, r#"{"m":"abc\u003ddef\u0026ghi"}"#, r#"{"m":"[secret]"}"#);
    }

    #[test]
    fn only_what_opens_something_is_a_secret() {
        for (name, value, wanted) in [
            ("authorization", "Bearer one-token", vec!["one-token"]),
            ("x-upstream", "Bearer one-token", vec!["one-token"]),
            ("x-api-key", "user1 hunter2hunter2", vec!["user1 hunter2hunter2"]),
            ("cookie", "session=topsecret1; other=topsecret2", vec!["topsecret1", "topsecret2"]),
            ("x-goog-credential", "value", vec!["value"]),
            ("x-author", "Shakespeare", vec![]),
            ("cf-aig-cache-key", "lighthouse", vec![]),
            ("idempotency-key", "response", vec![]),
            ("x-team", "searching", vec![]),
        ] {
            assert_eq!(secrets_in(name, value), wanted, "{name}");
        }
    }

    #[test]
    fn headers_are_cleansed_as_well() {
        let mut headers = HeaderMap::new();
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("no user has aab/aabc"));
        let clean = some().cleanse_headers(&headers);
        assert_eq!(clean.get("www-authenticate"), Some("no user has [secret]"));
    }
}
