//! The `cf-aig-*` headers of a call.

use std::{borrow::Cow, time::Duration};

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::model::similarity::hash;

/// The TTL of responses with a key and no TTL of their own.
const DEFAULT_TTL: Duration = Duration::from_secs(5 * 60);
const MIN_TTL_SECONDS: u64 = 60;
const MAX_TTL_SECONDS: u64 = 2_592_000;
const MAX_ATTEMPTS: u64 = 5;
const MAX_DELAY_MILLISECONDS: u64 = 5_000;
const MAX_METADATA_ENTRIES: usize = 5;

/// The options of a call through a gateway.
#[derive(Debug)]
pub(crate) struct GatewayOptions {
    skip_cache: bool,
    ttl: Option<u64>,
    cache_key: Option<String>,
    pub(crate) metadata: Option<Value>,
    /// Logs the call.
    pub(crate) log: bool,
    pub(crate) event_id: Option<String>,
    /// The longest time to the first byte of an attempt.
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempts: u64,
    delay: Duration,
    backoff: Backoff,
}

#[derive(Debug, Clone, Copy)]
enum Backoff {
    Constant,
    Linear,
    Exponential,
}

/// Returns the value of a header.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<Cow<'h, str>> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
}

fn number(headers: &HeaderMap, name: &str) -> Result<Option<u64>, String> {
    let parse = |text: Cow<'_, str>| text.parse().map_err(|_| format!("{name} must be an integer, got `{text}`"));
    text(headers, name).map(parse).transpose()
}

fn boolean(headers: &HeaderMap, name: &str) -> Result<Option<bool>, String> {
    let parse = |text: Cow<'_, str>| text.parse().map_err(|_| format!("{name} must be true or false, got `{text}`"));
    text(headers, name).map(parse).transpose()
}

fn object(headers: &HeaderMap, name: &str) -> Result<Option<Map<String, Value>>, String> {
    let parse = |text: Cow<'_, str>| serde_json::from_str(&text).map_err(|_| format!("{name} must be a JSON object"));
    text(headers, name).map(parse).transpose()
}

impl GatewayOptions {
    /// Parses the headers. The error names the one that is out of its limits.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Result<Self, String> {
        let ttl = number(headers, "cf-aig-cache-ttl")?;
        if ttl.is_some_and(|ttl| ttl != 0 && !(MIN_TTL_SECONDS..=MAX_TTL_SECONDS).contains(&ttl)) {
            return Err("cf-aig-cache-ttl must be 0, or between 60 seconds and 30 days".to_owned());
        }
        let metadata = object(headers, "cf-aig-metadata")?;
        if let Some(entries) = &metadata {
            if entries.len() > MAX_METADATA_ENTRIES {
                return Err(format!("cf-aig-metadata must have at most {MAX_METADATA_ENTRIES} entries"));
            }
            if entries.values().any(|value| value.is_object() || value.is_array()) {
                return Err("cf-aig-metadata must hold strings, numbers and booleans only".to_owned());
            }
        }
        let attempts = number(headers, "cf-aig-max-attempts")?.unwrap_or(1);
        if !(1..=MAX_ATTEMPTS).contains(&attempts) {
            return Err(format!("cf-aig-max-attempts must be 1 to {MAX_ATTEMPTS}"));
        }
        let delay = number(headers, "cf-aig-retry-delay")?.unwrap_or_default();
        if delay > MAX_DELAY_MILLISECONDS {
            return Err(format!("cf-aig-retry-delay must be at most {MAX_DELAY_MILLISECONDS} milliseconds"));
        }
        let backoff = match text(headers, "cf-aig-backoff").as_deref() {
            None | Some("constant") => Backoff::Constant,
            Some("linear") => Backoff::Linear,
            Some("exponential") => Backoff::Exponential,
            Some(other) => {
                return Err(format!("cf-aig-backoff must be constant, linear or exponential, got `{other}`"));
            }
        };
        if object(headers, "cf-aig-custom-cost")?.is_some_and(|cost| !cost.values().all(Value::is_number)) {
            return Err("cf-aig-custom-cost must hold numbers only".to_owned());
        }
        boolean(headers, "cf-aig-collect-log-payload")?;
        Ok(Self {
            skip_cache: boolean(headers, "cf-aig-skip-cache")?.unwrap_or_default(),
            ttl,
            cache_key: text(headers, "cf-aig-cache-key").map(Cow::into_owned),
            metadata: metadata.map(Value::Object),
            log: boolean(headers, "cf-aig-collect-log")?.unwrap_or(true),
            event_id: text(headers, "cf-aig-event-id").map(Cow::into_owned),
            timeout: number(headers, "cf-aig-request-timeout")?.map(Duration::from_millis),
            attempts,
            delay: Duration::from_millis(delay),
            backoff,
        })
    }

    /// Returns the cache key: the one of the headers, or one made from the whole request.
    pub(crate) fn key(&self, gateway: &str, request: &str, body: &[u8]) -> String {
        let own = || format!("{request} {:x}", hash("body", &String::from_utf8_lossy(body)));
        format!("{gateway} {}", self.cache_key.clone().unwrap_or_else(own))
    }

    /// Returns how long a response is cached, or `None` if it is not.
    pub(crate) fn cache_ttl(&self) -> Option<Duration> {
        match (self.skip_cache, self.ttl) {
            (true, _) | (_, Some(0)) => None,
            (_, Some(ttl)) => Some(Duration::from_secs(ttl)),
            (_, None) => self.cache_key.as_ref().map(|_| DEFAULT_TTL),
        }
    }

    /// Returns the pause after a failed attempt. The first attempt has number 1.
    pub(crate) fn pause(&self, attempt: u64) -> Duration {
        let times = match self.backoff {
            Backoff::Constant => 1,
            Backoff::Linear => attempt,
            Backoff::Exponential => 1 << (attempt - 1).min(MAX_ATTEMPTS),
        };
        self.delay * u32::try_from(times).unwrap_or(1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::GatewayOptions;

    fn options(headers: &[(&'static str, &'static str)]) -> Result<GatewayOptions, String> {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        GatewayOptions::from_headers(&headers.iter().map(pair).collect::<HeaderMap>())
    }

    #[test]
    fn options_out_of_their_limits_are_named() {
        for (name, wrong, right) in [
            ("cf-aig-cache-ttl", "59", "60"),
            ("cf-aig-cache-ttl", "2592001", "2592000"),
            ("cf-aig-cache-ttl", "soon", "0"),
            ("cf-aig-skip-cache", "yes", "true"),
            ("cf-aig-collect-log", "no", "false"),
            ("cf-aig-collect-log-payload", "1", "false"),
            ("cf-aig-metadata", "[]", "{}"),
            ("cf-aig-metadata", r#"{"a":[1]}"#, r#"{"a":1,"b":"x","c":true,"d":null}"#),
            ("cf-aig-metadata", r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}"#, r#"{"a":1,"b":1,"c":1,"d":1,"e":1}"#),
            ("cf-aig-request-timeout", "1s", "1000"),
            ("cf-aig-max-attempts", "0", "1"),
            ("cf-aig-max-attempts", "6", "5"),
            ("cf-aig-retry-delay", "5001", "5000"),
            ("cf-aig-backoff", "quadratic", "linear"),
            ("cf-aig-custom-cost", "0.1", r#"{"per_token_in":0.1}"#),
            ("cf-aig-custom-cost", r#"{"per_token_in":"0.1"}"#, r#"{"total_cost":1}"#),
        ] {
            let refused = options(&[(name, wrong)]).expect_err(wrong);
            assert!(refused.starts_with(name), "{refused}");
            assert!(options(&[(name, right)]).is_ok(), "{name}: {right}");
        }
    }

    #[test]
    fn pauses_grow_as_the_backoff_says() {
        for (backoff, pauses) in
            [("constant", [100, 100, 100]), ("linear", [100, 200, 300]), ("exponential", [100, 200, 400])]
        {
            let options =
                options(&[("cf-aig-retry-delay", "100"), ("cf-aig-backoff", backoff)]).expect("in its limits");
            assert_eq!([1, 2, 3].map(|attempt| options.pause(attempt)), pauses.map(Duration::from_millis), "{backoff}");
        }
    }
}
