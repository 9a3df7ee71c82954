//! AI Gateway: what a call asks of it.

mod host;

use std::{collections::BTreeMap, fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

pub use self::host::{GatewayHost, GatewayPathStyle};
use crate::{error::ConfigError, transport::secret::Secret};

/// The gateway that a call goes through, and what is asked of it.
///
/// ```
/// use std::time::Duration;
/// use workers_ai::Gateway;
///
/// let gateway = Gateway::new("shop").cache_ttl(Duration::from_secs(3600)).metadata("team", "search");
/// assert!(gateway.check().is_ok());
/// assert!(Gateway::new("shop").cache_ttl(Duration::from_secs(30)).check().is_err());
/// ```
#[derive(Clone, PartialEq, Default)]
#[must_use = "a gateway does nothing until a call is given it"]
pub struct Gateway {
    pub(crate) id: String,
    skip_cache: bool,
    cache_ttl: Option<Duration>,
    cache_key: Option<String>,
    metadata: BTreeMap<String, Value>,
    collect_log: Option<bool>,
    collect_log_payload: Option<bool>,
    event_id: Option<String>,
    request_timeout: Option<Duration>,
    max_attempts: Option<u8>,
    retry_delay: Option<Duration>,
    backoff: Option<Backoff>,
    custom_cost: Option<(f64, f64)>,
    byok_alias: Option<String>,
    zero_data_retention: Option<bool>,
    only_own_keys: bool,
    authorization: Option<Secret>,
}

/// How the gateway's pauses between attempts grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the service's own names")]
pub enum Backoff {
    Constant,
    Linear,
    Exponential,
}

impl Backoff {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Linear => "linear",
            Self::Exponential => "exponential",
        }
    }
}

const MOST_ENTRIES: usize = 5;
const SHORTEST_TTL: Duration = Duration::from_mins(1);
const LONGEST_TTL: Duration = Duration::from_hours(30 * 24);
const MOST_ATTEMPTS: u8 = 5;
const LONGEST_DELAY: Duration = Duration::from_secs(5);

impl Gateway {
    /// The gateway of that name.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Neither reads from the cache nor writes to it.
    pub fn skip_cache(mut self) -> Self {
        self.skip_cache = true;
        self
    }

    /// How long the answer is kept: 60 seconds to 30 days; zero turns the cache off.
    pub fn cache_ttl(mut self, ttl: Duration) -> Self {
        self.cache_ttl = Some(ttl);
        self
    }

    /// What the answer is kept under. Alone, it implies 5 minutes.
    pub fn cache_key(mut self, key: impl Into<String>) -> Self {
        self.cache_key = Some(key.into());
        self
    }

    /// An entry of the log's metadata: a text, a number or a truth value. At most five.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// Whether the call is logged at all.
    pub fn collect_log(mut self, collect: bool) -> Self {
        self.collect_log = Some(collect);
        self
    }

    /// Whether the log holds the prompt and the answer.
    pub fn collect_log_payload(mut self, collect: bool) -> Self {
        self.collect_log_payload = Some(collect);
        self
    }

    /// The caller's own id for the call.
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// How long the gateway waits for the first byte.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// How often the gateway tries, 1 to 5, with a pause of at most 5 seconds.
    pub fn retries(mut self, max_attempts: u8, delay: Duration, backoff: Backoff) -> Self {
        self.max_attempts = Some(max_attempts);
        self.retry_delay = Some(delay);
        self.backoff = Some(backoff);
        self
    }

    /// The price of a token of input and of output that the log counts with, in USD.
    pub fn custom_cost(mut self, per_token_in: f64, per_token_out: f64) -> Self {
        self.custom_cost = Some((per_token_in, per_token_out));
        self
    }

    /// The alias of a provider's key that is stored in the gateway.
    pub fn byok_alias(mut self, alias: impl Into<String>) -> Self {
        self.byok_alias = Some(alias.into());
        self
    }

    /// Whether Unified Billing uses providers only that keep nothing of what they are sent.
    pub fn zero_data_retention(mut self, wanted: bool) -> Self {
        self.zero_data_retention = Some(wanted);
        self
    }

    /// Never pays another company's model through Unified Billing: without a key of one's own the call is refused.
    pub fn only_own_keys(mut self) -> Self {
        self.only_own_keys = true;
        self
    }

    /// The token of an authenticated gateway.
    pub fn authorization(mut self, token: impl Into<Secret>) -> Self {
        self.authorization = Some(token.into());
        self
    }

    /// Checks everything that the gateway would refuse.
    ///
    /// # Errors
    /// Names the first option that is out of its limits.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |option: &'static str, cause: String| Err(ConfigError::Gateway { option, cause });
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self.id.is_empty() || !self.id.bytes().all(plain) {
            return wrong("id", format!("`{}` is no name of a gateway", self.id));
        }
        if let Some(ttl) = self.cache_ttl.filter(|ttl| !ttl.is_zero())
            && !(SHORTEST_TTL..=LONGEST_TTL).contains(&ttl)
        {
            return wrong("cache_ttl", format!("must be 0, or between 60 seconds and 30 days, got {ttl:?}"));
        }
        if self.metadata.len() > MOST_ENTRIES {
            return wrong("metadata", format!("must have at most {MOST_ENTRIES} entries, got {}", self.metadata.len()));
        }
        let composed = |value: &Value| value.is_object() || value.is_array() || value.is_null();
        if let Some((name, _)) = self.metadata.iter().find(|(_, value)| composed(value)) {
            return wrong("metadata", format!("`{name}` must be a text, a number or a truth value"));
        }
        if let Some(attempts) = self.max_attempts.filter(|attempts| !(1..=MOST_ATTEMPTS).contains(attempts)) {
            return wrong("retries", format!("there must be 1 to {MOST_ATTEMPTS} attempts, got {attempts}"));
        }
        if let Some(delay) = self.retry_delay.filter(|delay| *delay > LONGEST_DELAY) {
            return wrong("retries", format!("the pause must be at most 5 seconds, got {delay:?}"));
        }
        if let Some(timeout) = self.request_timeout.filter(|timeout| millis(*timeout) == 0) {
            return wrong("request_timeout", format!("must be at least a millisecond, got {timeout:?}"));
        }
        let texts = [("cache_key", &self.cache_key), ("event_id", &self.event_id), ("byok_alias", &self.byok_alias)];
        if let Some((option, _)) = texts.into_iter().find(|(_, text)| text.as_deref().is_some_and(str::is_empty)) {
            return wrong(option, "must not be empty".to_owned());
        }
        if let Some((input, output)) = self.custom_cost
            && ![input, output].iter().all(|price| price.is_finite() && *price >= 0.0)
        {
            return wrong("custom_cost", format!("must be prices of 0 or more, got {input} and {output}"));
        }
        if self.authorization.as_ref().is_some_and(|token| bearer(token).is_none()) {
            return wrong(
                "authorization",
                "must be a token, without line breaks or other characters of control".to_owned(),
            );
        }
        let unsendable = self.entries().into_iter().find(|(_, value)| HeaderValue::try_from(value.as_str()).is_err());
        match unsendable {
            Some((name, _)) => wrong(name, "holds characters that cannot be sent".to_owned()),
            None => Ok(()),
        }
    }

    /// Whether it has no token of its own, or that one's.
    pub(crate) fn authorizes_as(&self, whole: &Self) -> bool {
        self.authorization.is_none() || self.authorization == whole.authorization
    }

    /// The options of one step of the universal endpoint: as its headers, and timeouts and retries as its `config` as well.
    pub(crate) fn of_step(&self) -> (Vec<(&'static str, String)>, Map<String, Value>) {
        let mut config = Map::new();
        let mut set = |name: &str, value: Option<Value>| {
            config.extend(value.map(|value| (name.to_owned(), value)));
        };
        set("requestTimeout", self.request_timeout.map(|timeout| millis(timeout).into()));
        set("maxAttempts", self.max_attempts.map(Value::from));
        set("retryDelay", self.retry_delay.map(|delay| millis(delay).into()));
        set("backoff", self.backoff.map(|backoff| backoff.as_str().into()));
        (self.entries(), config)
    }

    fn entries(&self) -> Vec<(&'static str, String)> {
        let mut entries = Vec::new();
        let mut add = |name, value: Option<String>| entries.extend(value.map(|value| (name, value)));
        add("cf-aig-skip-cache", self.skip_cache.then(|| "true".to_owned()));
        add("cf-aig-cache-ttl", self.cache_ttl.map(|ttl| ttl.as_secs().to_string()));
        add("cf-aig-cache-key", self.cache_key.clone());
        let metadata = || serde_json::to_string(&self.metadata).map(|text| ascii(&text)).unwrap_or_default();
        add("cf-aig-metadata", (!self.metadata.is_empty()).then(metadata));
        add("cf-aig-collect-log", self.collect_log.map(|collect| collect.to_string()));
        add("cf-aig-collect-log-payload", self.collect_log_payload.map(|collect| collect.to_string()));
        add("cf-aig-event-id", self.event_id.clone());
        add("cf-aig-request-timeout", self.request_timeout.map(|timeout| millis(timeout).to_string()));
        add("cf-aig-max-attempts", self.max_attempts.map(|attempts| attempts.to_string()));
        add("cf-aig-retry-delay", self.retry_delay.map(|delay| millis(delay).to_string()));
        add("cf-aig-backoff", self.backoff.map(|backoff| backoff.as_str().to_owned()));
        let cost = |(per_in, per_out)| serde_json::json!({ "per_token_in": per_in, "per_token_out": per_out });
        add("cf-aig-custom-cost", self.custom_cost.map(|pair| cost(pair).to_string()));
        add("cf-aig-byok-alias", self.byok_alias.clone());
        add("cf-aig-zdr", self.zero_data_retention.map(|wanted| wanted.to_string()));
        add("cf-aig-no-wholesale", self.only_own_keys.then(|| "true".to_owned()));
        entries
    }

    /// Writes the options as headers, for transports. On the API's own host the gateway is `named` in one, too.
    pub fn write(&self, headers: &mut HeaderMap, named: bool) {
        for (name, value) in self.entries() {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(token) = self.authorization.as_ref().and_then(bearer) {
            headers.insert("cf-aig-authorization", token);
        }
        if named && let Ok(id) = HeaderValue::try_from(&self.id) {
            headers.insert("cf-aig-gateway-id", id);
        }
    }
}

/// A token as a header holds it. `None`: it is empty, or none can hold it.
fn bearer(token: &Secret) -> Option<HeaderValue> {
    let token = Some(token.expose()).filter(|token| !token.trim().is_empty())?;
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// A duration as the gateway counts it.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// JSON in plain ASCII, as headers need it.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for unit in json.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => text.push(char::from(byte)),
            _ => text.extend(format!("\\u{unit:04x}").chars()),
        }
    }
    text
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        map.entry(&"id", &self.id);
        for (name, value) in self.entries() {
            map.entry(&name, &value);
        }
        map.finish()
    }
}
