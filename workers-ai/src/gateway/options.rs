//! The options of AI Gateway for a call.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde_json::{Map, Value};
use workers_ai_types::__private::to_text;

use crate::{
    duration::{millis, text},
    error::ConfigError,
    transport::{Headers, secret::Secret},
};

/// The gateway that a call goes through, and its options for the call.
///
/// ```
/// use std::time::Duration;
/// use workers_ai::gateway::Gateway;
///
/// let gateway = Gateway::new("shop").cache_ttl(Duration::from_secs(3600)).metadata("team", "search");
/// assert!(gateway.check().is_ok());
/// assert!(Gateway::new("shop").cache_ttl(Duration::from_secs(30)).check().is_err());
/// ```
#[derive(Clone, PartialEq, Default)]
#[non_exhaustive]
#[must_use = "a gateway does nothing until a call is given it"]
pub struct Gateway {
    /// The gateway's ID: its name in the dashboard.
    pub id: String,
    /// Neither reads from the cache nor writes to it.
    pub skip_cache: bool,
    /// How long the response is cached: 60 seconds to 30 days; zero turns the cache off.
    pub cache_ttl: Option<Duration>,
    /// The key under which the response is cached.
    pub cache_key: Option<String>,
    /// The metadata of the log: strings, numbers and booleans, at most five.
    pub metadata: BTreeMap<String, Value>,
    /// Logs the call.
    pub collect_log: Option<bool>,
    /// Logs the prompt and the response.
    pub collect_log_payload: Option<bool>,
    /// Your own ID for the call.
    pub event_id: Option<String>,
    /// How long the gateway waits for the first byte of the response.
    pub request_timeout: Option<Duration>,
    /// How often the gateway attempts the call: 1 to 5.
    pub max_attempts: Option<u8>,
    /// The gateway's first pause between attempts, at most 5 seconds.
    pub retry_delay: Option<Duration>,
    /// How the gateway's pauses grow.
    pub backoff: Option<Backoff>,
    /// The prices of an input and an output token that the log uses, in USD.
    pub custom_cost: Option<(f64, f64)>,
    /// The alias of a provider's key that is stored in the gateway.
    pub byok_alias: Option<String>,
    /// Restricts Unified Billing to providers that retain no data.
    pub zero_data_retention: Option<bool>,
    /// Never uses Unified Billing.
    pub only_own_keys: bool,
    /// The token of an authenticated gateway.
    pub authorization: Option<Secret>,
}

/// How the gateway's pauses between attempts grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backoff {
    /// All pauses are equal.
    Constant,
    /// Each pause is longer than the last by the first.
    Linear,
    /// Each pause is twice as long as the last.
    Exponential,
}

impl Backoff {
    /// Returns the service's name for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Linear => "linear",
            Self::Exponential => "exponential",
        }
    }
}

const MAX_METADATA: usize = 5;
const MIN_TTL: Duration = Duration::from_secs(60);
const MAX_TTL: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const MAX_ATTEMPTS: u8 = 5;
const MAX_DELAY: Duration = Duration::from_secs(5);

impl Gateway {
    /// Names a gateway by its ID.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Neither reads from the cache nor writes to it.
    pub fn skip_cache(mut self) -> Self {
        self.skip_cache = true;
        self
    }

    /// Sets how long the response is cached: 60 seconds to 30 days; zero turns the cache off.
    pub fn cache_ttl(mut self, ttl: Duration) -> Self {
        self.cache_ttl = Some(ttl);
        self
    }

    /// Sets the key under which the response is cached. Without a TTL, it implies 5 minutes.
    pub fn cache_key(mut self, key: impl Into<String>) -> Self {
        self.cache_key = Some(key.into());
        self
    }

    /// Adds an entry to the metadata of the log: a string, a number or a boolean. At most five.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// Turns the log of the call on or off.
    pub fn collect_log(mut self, collect: bool) -> Self {
        self.collect_log = Some(collect);
        self
    }

    /// Includes the prompt and the response in the log, or leaves them out.
    pub fn collect_log_payload(mut self, collect: bool) -> Self {
        self.collect_log_payload = Some(collect);
        self
    }

    /// Sets your own ID for the call.
    pub fn event_id(mut self, id: impl Into<String>) -> Self {
        self.event_id = Some(id.into());
        self
    }

    /// Sets how long the gateway waits for the first byte of the response.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Sets the gateway's own retries: up to 5 attempts, with pauses of at most 5 seconds.
    pub fn retries(mut self, max_attempts: u8, delay: Duration, backoff: Backoff) -> Self {
        self.max_attempts = Some(max_attempts);
        self.retry_delay = Some(delay);
        self.backoff = Some(backoff);
        self
    }

    /// Sets the prices of an input and an output token that the log uses, in USD.
    pub fn custom_cost(mut self, per_input_token: f64, per_output_token: f64) -> Self {
        self.custom_cost = Some((per_input_token, per_output_token));
        self
    }

    /// Uses a provider's key that is stored in the gateway, by its alias.
    pub fn byok_alias(mut self, alias: impl Into<String>) -> Self {
        self.byok_alias = Some(alias.into());
        self
    }

    /// Restricts Unified Billing to providers that retain no data.
    pub fn zero_data_retention(mut self, required: bool) -> Self {
        self.zero_data_retention = Some(required);
        self
    }

    /// Never pays for another company's model through Unified Billing: without a key of your own the call is refused.
    pub fn only_own_keys(mut self) -> Self {
        self.only_own_keys = true;
        self
    }

    /// Sets the token of an authenticated gateway.
    pub fn authorization(mut self, token: impl Into<Secret>) -> Self {
        self.authorization = Some(token.into());
        self
    }

    /// Checks everything that the gateway would refuse.
    ///
    /// # Errors
    /// Names the first invalid option.
    pub fn check(&self) -> Result<(), ConfigError> {
        let invalid = |option: &'static str, cause: String| Err(ConfigError::Gateway { option, cause });
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if self.id.is_empty() || !self.id.bytes().all(allowed) {
            return invalid("id", format!("`{}` is not a valid gateway ID", self.id));
        }
        if let Some(ttl) = self.cache_ttl.filter(|ttl| !ttl.is_zero())
            && !(MIN_TTL..=MAX_TTL).contains(&ttl)
        {
            return invalid("cache_ttl", format!("must be 0, or between 60 seconds and 30 days, got {}", text(ttl)));
        }
        if self.metadata.len() > MAX_METADATA {
            return invalid(
                "metadata",
                format!("must have at most {MAX_METADATA} entries, got {}", self.metadata.len()),
            );
        }
        let composite = |value: &Value| value.is_object() || value.is_array() || value.is_null();
        if let Some((name, _)) = self.metadata.iter().find(|(_, value)| composite(value)) {
            return invalid("metadata", format!("`{name}` must be a string, a number or a boolean"));
        }
        self.check_limits()?;
        let texts = [("cache_key", &self.cache_key), ("event_id", &self.event_id), ("byok_alias", &self.byok_alias)];
        if let Some((option, _)) = texts.into_iter().find(|(_, text)| text.as_deref().is_some_and(str::is_empty)) {
            return invalid(option, "must not be empty".to_owned());
        }
        if self.authorization.as_ref().is_some_and(|token| token.bearer().is_none()) {
            return invalid(
                "authorization",
                "must be a token without line breaks or other control characters".to_owned(),
            );
        }
        let control = |text: &str| text.bytes().any(|byte| byte.is_ascii_control());
        match self.entries().into_iter().find(|(_, value)| control(value)) {
            Some((name, _)) => invalid(name, "must not contain control characters".to_owned()),
            None => Ok(()),
        }
    }

    /// Checks the options that are numbers.
    fn check_limits(&self) -> Result<(), ConfigError> {
        let invalid = |option: &'static str, cause: String| Err(ConfigError::Gateway { option, cause });
        if let Some(attempts) = self.max_attempts.filter(|attempts| !(1..=MAX_ATTEMPTS).contains(attempts)) {
            return invalid("retries", format!("the number of attempts must be 1 to {MAX_ATTEMPTS}, got {attempts}"));
        }
        if let Some(delay) = self.retry_delay.filter(|delay| *delay > MAX_DELAY) {
            return invalid("retries", format!("the pause must be at most 5 seconds, got {}", text(delay)));
        }
        if let Some(timeout) = self.request_timeout.filter(|timeout| millis(*timeout) == 0) {
            return invalid("request_timeout", format!("must be at least one millisecond, got {}", text(timeout)));
        }
        if let Some((input, output)) = self.custom_cost
            && ![input, output].iter().all(|price| price.is_finite() && *price >= 0.0)
        {
            return invalid("custom_cost", format!("prices must be 0 or more, got {input} and {output}"));
        }
        Ok(())
    }

    /// Returns `true` if it has no token of its own, or the same one.
    pub(crate) fn authorizes_as(&self, other: &Self) -> bool {
        self.authorization.is_none() || self.authorization == other.authorization
    }

    /// Returns the options of one step of the universal endpoint: its headers, and its `config` with timeouts and retries.
    pub(crate) fn step(&self) -> (Vec<(&'static str, String)>, Map<String, Value>) {
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
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
        let price = |price: f64| to_text(&price.into());
        add("cf-aig-skip-cache", flag(self.skip_cache.then_some(true)));
        add("cf-aig-cache-ttl", number(self.cache_ttl.map(|ttl| ttl.as_secs())));
        add("cf-aig-cache-key", self.cache_key.clone());
        add("cf-aig-metadata", self.metadata_json().map(|json| ascii(&json)));
        add("cf-aig-collect-log", flag(self.collect_log));
        add("cf-aig-collect-log-payload", flag(self.collect_log_payload));
        add("cf-aig-event-id", self.event_id.clone());
        add("cf-aig-request-timeout", number(self.request_timeout.map(millis)));
        add("cf-aig-max-attempts", number(self.max_attempts.map(u64::from)));
        add("cf-aig-retry-delay", number(self.retry_delay.map(millis)));
        add("cf-aig-backoff", self.backoff.map(|backoff| backoff.as_str().to_owned()));
        let cost =
            |(input, output)| format!(r#"{{"per_token_in":{},"per_token_out":{}}}"#, price(input), price(output));
        add("cf-aig-custom-cost", self.custom_cost.map(cost));
        add("cf-aig-byok-alias", self.byok_alias.clone());
        add("cf-aig-zdr", flag(self.zero_data_retention));
        add("cf-aig-no-wholesale", flag(self.only_own_keys.then_some(true)));
        entries
    }

    /// Returns the metadata as JSON, if there is any.
    pub(crate) fn metadata_json(&self) -> Option<String> {
        let mut all = Map::new();
        for (name, value) in &self.metadata {
            all.insert(name.clone(), value.clone());
        }
        (!all.is_empty()).then(|| to_text(&all.into()))
    }

    /// Writes the options as headers, for transports that speak HTTP. The ID is not among them.
    pub fn write(&self, headers: &mut Headers) {
        for (name, value) in self.entries() {
            headers.insert(name, value);
        }
        if let Some(token) = self.authorization.as_ref().and_then(Secret::bearer) {
            headers.insert_sensitive("cf-aig-authorization", token);
        }
    }
}

/// Escapes JSON as plain ASCII, as headers need it.
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
