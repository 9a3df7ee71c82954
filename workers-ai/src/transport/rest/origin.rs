//! The origins of servers.

use url::{Host, Url};

use crate::error::ConfigError;

/// The origin of Cloudflare's API.
pub(crate) const ORIGIN: &str = "https://api.cloudflare.com";

/// Parses the origin of a server. A path such as `/client/v4`, which other clients want in a base URL, is left off.
pub(crate) fn parse_origin(text: &str) -> Result<Url, ConfigError> {
    let invalid = |cause: String| ConfigError::BaseUrl { url: without_credentials(text), cause };
    let origin = text.trim_end_matches('/');
    let origin = origin.strip_suffix("/client/v4").unwrap_or(origin);
    let url = Url::parse(origin).map_err(|error| invalid(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("must start with http:// or https://".to_owned()));
    }
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    if url.cannot_be_a_base() || url.query().is_some() || url.fragment().is_some() || has_credentials {
        return Err(invalid("must be an origin, such as https://api.cloudflare.com".to_owned()));
    }
    // The base URLs that other clients want.
    let path = url.path();
    if path.contains("/accounts/") || path.contains("/ai/v1") || path.contains("/ai/run") || path.ends_with("/ai") {
        let origin = url.origin().ascii_serialization();
        return Err(invalid(format!("the client adds the path of the account itself: use `{origin}`")));
    }
    Ok(url)
}

/// Checks that nobody on the way to an origin can read the token.
pub(crate) fn check_encrypted(origin: &Url) -> Result<(), ConfigError> {
    if origin.scheme() == "https" || is_loopback(origin) {
        return Ok(());
    }
    Err(ConfigError::PlainHttp { url: origin.as_str().trim_end_matches('/').to_owned() })
}

/// Returns `true` for a URL of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

/// Returns a URL that can be shown: without a user's name and password, and without a query and a fragment, which may be secret too.
fn without_credentials(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let start = url.find("://").map_or(0, |at| at + 3);
    match url.rfind('@') {
        Some(at) if at >= start => format!("{}…{}", &url[..start], &url[at..]),
        _ => url.to_owned(),
    }
}
