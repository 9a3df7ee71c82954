//! The headers of a request or a response.

use std::{borrow::Cow, fmt};

use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers of a request or a response: a small list, since the table behind [`http::HeaderMap`] is large in a Worker.
///
/// Names are compared without regard to case. Convert it from and to an [`http::HeaderMap`] with `From`.
///
/// ```
/// use workers_ai::transport::Headers;
///
/// let mut headers = Headers::new();
/// headers.insert("Content-Type", "application/json");
/// assert_eq!(headers.get("content-type"), Some("application/json"));
/// let map = http::HeaderMap::from(&headers);
/// assert_eq!(map["content-type"], "application/json");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<Header>);

#[derive(Clone, PartialEq, Eq)]
struct Header {
    name: Cow<'static, str>,
    value: Vec<u8>,
    sensitive: bool,
}

impl Headers {
    /// Creates an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets a header, replacing all values that it had.
    ///
    /// Neither name nor value is checked here: a transport that speaks HTTP refuses what cannot be sent.
    pub fn insert(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Vec<u8>>) {
        self.set(Header { name: lowercase(name.into()), value: value.into(), sensitive: false });
    }

    /// Sets a header whose value `Debug` does not print.
    pub fn insert_sensitive(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Vec<u8>>) {
        self.set(Header { name: lowercase(name.into()), value: value.into(), sensitive: true });
    }

    fn set(&mut self, header: Header) {
        self.0.retain(|known| known.name != header.name);
        self.0.push(header);
    }

    /// Adds a header, keeping the values that it has.
    pub fn append(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Vec<u8>>) {
        self.0.push(Header { name: lowercase(name.into()), value: value.into(), sensitive: false });
    }

    /// Returns the first value of a header. `None` if there is none, or if it is not UTF-8.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let header = self.0.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(&header.value).ok()
    }

    /// Returns `true` if there is a header with this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|header| header.name.eq_ignore_ascii_case(name))
    }

    /// Iterates over the names, in lower case, and the values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|header| (&*header.name, header.value.as_slice()))
    }

    /// Returns `true` if there are no headers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Copies the headers of `defaults` whose names do not occur here.
    #[cfg(any(feature = "rest", feature = "worker"))]
    pub(crate) fn fill(&mut self, defaults: &Self) {
        let new = defaults.0.iter().filter(|header| !self.contains(&header.name)).cloned();
        let new: Vec<Header> = new.collect();
        self.0.extend(new);
    }
}

fn lowercase(name: Cow<'static, str>) -> Cow<'static, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { Cow::Owned(name.to_ascii_lowercase()) } else { name }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |header: &Header| match header {
            Header { sensitive: true, .. } => "(sensitive)".to_owned(),
            Header { value, .. } => String::from_utf8_lossy(value).into_owned(),
        };
        f.debug_map().entries(self.0.iter().map(|header| (&header.name, value(header)))).finish()
    }
}

impl From<&HeaderMap> for Headers {
    fn from(map: &HeaderMap) -> Self {
        let header = |(name, value): (&HeaderName, &HeaderValue)| Header {
            name: Cow::Owned(name.as_str().to_owned()),
            value: value.as_bytes().to_owned(),
            sensitive: value.is_sensitive(),
        };
        Self(map.iter().map(header).collect())
    }
}

impl From<HeaderMap> for Headers {
    fn from(map: HeaderMap) -> Self {
        Self::from(&map)
    }
}

/// Names and values that HTTP does not allow are left out.
impl From<&Headers> for HeaderMap {
    fn from(headers: &Headers) -> Self {
        let mut map = Self::new();
        for Header { name, value, sensitive } in &headers.0 {
            if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(&**name), HeaderValue::from_bytes(value)) {
                value.set_sensitive(*sensitive);
                map.append(name, value);
            }
        }
        map
    }
}

impl From<Headers> for HeaderMap {
    fn from(headers: Headers) -> Self {
        Self::from(&headers)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::Headers;

    #[test]
    fn names_are_compared_without_regard_to_case() {
        let mut headers = Headers::new();
        headers.insert("X-Team".to_owned(), "search");
        headers.insert("x-team", "shop");
        assert_eq!((headers.get("X-TEAM"), headers.iter().count()), (Some("shop"), 1));
        headers.append("x-team", *b"\xff");
        assert_eq!((headers.get("x-team"), headers.iter().count()), (Some("shop"), 2));
    }

    #[test]
    fn sensitive_values_are_not_printed_and_stay_sensitive() {
        let mut headers = Headers::new();
        headers.insert_sensitive("x-key", "secret");
        assert!(!format!("{headers:?}").contains("secret"));
        let map = HeaderMap::from(&headers);
        assert!(map["x-key"].is_sensitive());
        assert_eq!(Headers::from(map), headers);
    }

    #[test]
    fn headers_that_http_does_not_allow_are_left_out_of_a_map() {
        let mut headers = Headers::new();
        headers.insert("a\nb", "1");
        headers.insert("c", "1\r\nd: 2");
        headers.insert("e", "1");
        assert_eq!(HeaderMap::from(headers).len(), 1);
    }
}
