//! What gateways remember: answers they keep and logs of calls.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::embed::hash;

/// How long an answer is kept that has a key and no ttl.
const TTL_OF_A_KEY: Duration = Duration::from_mins(5);

/// The caches and logs of all gateways.
#[derive(Debug, Default)]
pub(crate) struct Gateways {
    cache: Mutex<HashMap<String, (Instant, Kept)>>,
    logs: Mutex<HashMap<String, Log>>,
}

/// An answer that a gateway keeps.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

#[derive(Debug)]
struct Log {
    gateway: String,
    entry: Value,
    /// Logs are late: the first look finds nothing.
    looked: bool,
}

/// What a call asks of its gateway.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    skip_cache: bool,
    ttl: Option<u64>,
    cache_key: Option<String>,
    metadata: Option<String>,
    attempts: Option<u64>,
    pub(crate) event_id: Option<String>,
}

impl Asked {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self {
            skip_cache: text("cf-aig-skip-cache").is_some_and(|skip| skip == "true"),
            ttl: text("cf-aig-cache-ttl").and_then(|ttl| ttl.parse().ok()),
            cache_key: text("cf-aig-cache-key"),
            metadata: text("cf-aig-metadata"),
            attempts: text("cf-aig-max-attempts").and_then(|attempts| attempts.parse().ok()),
            event_id: text("cf-aig-event-id"),
        }
    }

    /// What is out of its limits.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.ttl.is_some_and(|ttl| ttl != 0 && !(60..=2_592_000).contains(&ttl)) {
            return Err("cf-aig-cache-ttl is out of its limits".to_owned());
        }
        if self.attempts.is_some_and(|attempts| !(1..=5).contains(&attempts)) {
            return Err("cf-aig-max-attempts is out of its limits".to_owned());
        }
        let metadata = self.metadata.as_deref().map(serde_json::from_str::<HashMap<String, Value>>);
        match metadata {
            Some(Ok(entries)) if entries.len() > 5 => Err("cf-aig-metadata has too many entries".to_owned()),
            Some(Err(_)) => Err("cf-aig-metadata is not JSON".to_owned()),
            _ => Ok(()),
        }
    }

    /// What the answer is kept under.
    pub(crate) fn key(&self, gateway: &str, model: &str, body: &[u8]) -> String {
        let own = || format!("{model} {:x}", hash("body", &String::from_utf8_lossy(body)));
        format!("{gateway} {}", self.cache_key.clone().unwrap_or_else(own))
    }

    /// How long an answer is kept; `None`: not at all.
    pub(crate) fn keeps(&self) -> Option<Duration> {
        match (self.skip_cache, self.ttl) {
            (true, _) | (_, Some(0)) => None,
            (_, Some(ttl)) => Some(Duration::from_secs(ttl)),
            (_, None) => self.cache_key.as_ref().map(|_| TTL_OF_A_KEY),
        }
    }
}

impl Gateways {
    pub(crate) fn cached(&self, asked: &Asked, key: &str) -> Option<Kept> {
        asked.keeps()?;
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(key).filter(|(until, _)| Instant::now() < *until).map(|(_, kept)| kept.clone())
    }

    pub(crate) fn keep(&self, key: String, kept: Kept, ttl: Duration) {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (Instant::now() + ttl, kept));
    }

    /// Logs a call; the id of the log.
    pub(crate) fn log(&self, gateway: &str, model: &str, asked: &Asked, cached: bool, status: u16) -> String {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let id = format!("LOCALLOG{:018}", logs.len() + 1);
        let metadata = asked.metadata.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let entry = json!({
            "id": id, "provider": "workers-ai", "model": model, "cached": cached, "success": status < 400,
            "status_code": status, "metadata": metadata, "score": null, "feedback": null,
        });
        logs.insert(id.clone(), Log { gateway: gateway.to_owned(), entry, looked: false });
        id
    }

    /// Looks at a log or changes it.
    pub(crate) fn find(&self, gateway: &str, id: &str, with: impl FnOnce(&mut Value) -> Value) -> Option<Value> {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let log = logs.get_mut(id).filter(|log| log.gateway == gateway)?;
        if !std::mem::replace(&mut log.looked, true) {
            return None;
        }
        Some(with(&mut log.entry))
    }
}
