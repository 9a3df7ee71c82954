//! Removes secrets from responses: a server that repeats a token must not bring it into errors and logs.

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, HeaderValue};
use memchr::memmem::Finder;

use super::{
    super::{Endpoint, Headers, Input, TransportRequest},
    Step,
};

/// What stands in place of a secret.
const REPLACEMENT: &[u8] = b"[secret]";
/// Shorter ones occur in responses by chance.
const MIN_BYTES: usize = 8;

/// The secrets of a request, in the forms in which a response can repeat them.
#[derive(Debug, Clone)]
pub(super) struct Secrets(Vec<Finder<'static>>);

impl Secrets {
    /// Finds the secrets among the headers of a request, and those of the steps of a fallback.
    pub(super) fn of(headers: &HeaderMap, request: &TransportRequest) -> Self {
        let sensitive = headers.iter().filter(|(name, value)| value.is_sensitive() && is_secret(name.as_str()));
        let mut values: Vec<Vec<u8>> = sensitive.map(|(_, value)| value.as_bytes().to_owned()).collect();
        if let (Endpoint::Universal { .. }, Input::Json(steps)) = (&request.endpoint, &request.input) {
            let steps: Vec<Step> = serde_json::from_slice(steps).unwrap_or_default();
            let headers = steps.into_iter().flat_map(|step| step.headers);
            let secret = headers.filter(|(name, _)| is_secret(&name.to_ascii_lowercase()));
            values.extend(secret.filter_map(|(_, value)| Some(value.as_str()?.as_bytes().to_owned())));
        }
        let mut found: Vec<Vec<u8>> = Vec::new();
        for value in &values {
            let secret = without_scheme(value);
            if secret.len() >= MIN_BYTES {
                found.push(secret.to_owned());
                // JSON may escape it.
                found.extend(secret.contains(&b'/').then(|| escaped(secret)));
            }
        }
        found.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        found.dedup();
        Self(found.iter().map(|secret| Finder::new(secret).into_owned()).collect())
    }

    /// Removes the secrets from headers.
    pub(super) fn cleanse_headers(&self, headers: &HeaderMap) -> Headers {
        let mut clean = headers.clone();
        for value in clean.values_mut() {
            let (mut text, before) = (Vec::new(), value.as_bytes());
            text.extend_from_slice(&self.replaced(Bytes::copy_from_slice(before)));
            if text != before {
                *value = HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static(""));
            }
        }
        Headers::from(clean)
    }

    /// Removes the secrets from a body, also where one is spread over several chunks.
    pub(super) fn cleanse<E: Send + 'static>(
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
                match body.next().await {
                    Some(Ok(chunk)) => {
                        let chunk = if held.is_empty() { chunk } else { [held, chunk].concat().into() };
                        let mut clean = secrets.replaced(chunk);
                        held = clean.split_off(clean.len() - secrets.begun(&clean));
                        if !clean.is_empty() {
                            return Some((Ok(clean), (body, held, None, secrets)));
                        }
                    }
                    last => {
                        failure = last.and_then(Result::err);
                        if !held.is_empty() {
                            return Some((Ok(std::mem::take(&mut held)), (body, held, failure, secrets)));
                        }
                        failure.as_ref()?;
                    }
                }
            }
        })
        // Its readers ask again after the end.
        .fuse()
    }

    fn replaced(&self, mut text: Bytes) -> Bytes {
        for secret in &self.0 {
            if secret.find(&text).is_none() {
                continue;
            }
            let (mut clean, mut end) = (Vec::with_capacity(text.len()), 0);
            for at in secret.find_iter(&text) {
                clean.extend_from_slice(&text[end..at]);
                clean.extend_from_slice(REPLACEMENT);
                end = at + secret.needle().len();
            }
            clean.extend_from_slice(&text[end..]);
            text = clean.into();
        }
        text
    }

    /// Returns how many bytes at the end can be the beginning of a secret.
    fn begun(&self, text: &[u8]) -> usize {
        let of = |secret: &Finder<'_>| {
            let needle = secret.needle();
            (1..needle.len().min(text.len() + 1)).rev().find(|&count| text.ends_with(&needle[..count]))
        };
        self.0.iter().filter_map(of).max().unwrap_or_default()
    }
}

/// Returns whether the value of a header lets its reader do something. Others may be words that responses contain.
fn is_secret(name: &str) -> bool {
    ["auth", "key", "token", "secret", "cookie", "password"].iter().any(|word| name.contains(word))
}

/// Returns the credentials of an `Authorization` header without their scheme.
fn without_scheme(value: &[u8]) -> &[u8] {
    value.iter().position(|byte| *byte == b' ').map_or(value, |at| &value[at + 1..])
}

/// Returns a text with its slashes escaped.
fn escaped(secret: &[u8]) -> Vec<u8> {
    let pieces: Vec<&[u8]> = secret.split(|byte| *byte == b'/').collect();
    pieces.join(&b"\\/"[..])
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::{FutureExt, StreamExt, stream};
    use http::{HeaderMap, HeaderValue, header};

    use super::Secrets;
    use crate::transport::{Endpoint, Input, TransportRequest};

    fn secrets() -> Secrets {
        let mut headers = HeaderMap::new();
        for (name, value) in [("authorization", "Bearer aab/aabc"), ("x-api-key", "aaaaaaaab"), ("x-team", "searching")]
        {
            let mut value = HeaderValue::from_static(value);
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let request = TransportRequest::new(Endpoint::Universal { gateway: "shop".to_owned() }, Input::None);
        Secrets::of(&headers, &request)
    }

    #[test]
    fn a_secret_is_removed_wherever_the_chunks_end() {
        let text = br#"{"a":"aab/aabc and aab\/aabc","b":"aaaaaaaaaaab aab/aab searching aab"}"#;
        let clean = r#"{"a":"[secret] and [secret]","b":"aaa[secret] aab/aab searching aab"}"#;
        for size in 1..=text.len() {
            let chunks: Vec<Result<Bytes, ()>> =
                text.chunks(size).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
            let cleansed = secrets().cleanse(stream::iter(chunks)).collect::<Vec<_>>().now_or_never().expect("ready");
            let cleansed: Vec<Bytes> = cleansed.into_iter().collect::<Result<_, _>>().expect("chunks");
            assert_eq!(String::from_utf8_lossy(&cleansed.concat()), clean, "chunks of {size}");
        }
    }

    #[test]
    fn headers_are_cleansed_as_well() {
        let mut headers = HeaderMap::new();
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("no user has aab/aabc"));
        let clean = secrets().cleanse_headers(&headers);
        assert_eq!(clean.get("www-authenticate"), Some("no user has [secret]"));
    }
}
