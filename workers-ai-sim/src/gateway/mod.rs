//! The state of gateways: caches and logs.

mod options;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::HeaderValue;
use bytes::Bytes;
use serde_json::{Value, json};

pub(crate) use self::options::GatewayOptions;

/// Responses that are cached.
const MAX_CACHED: usize = 1_000;
/// Bytes of all responses that are cached.
const MAX_CACHED_BYTES: usize = 64 << 20;
/// Logs that are kept.
const MAX_LOGS: usize = 1_000;

/// The caches and logs of all gateways.
#[derive(Debug, Default)]
pub(crate) struct Gateways {
    cache: Mutex<HashMap<String, (Instant, CachedResponse)>>,
    logs: Mutex<Logs>,
}

/// The latest logs.
#[derive(Debug, Default)]
struct Logs {
    kept: VecDeque<(String, Log)>,
    /// The number of logs so far.
    count: usize,
}

/// A response in the cache.
#[derive(Debug, Clone)]
pub(crate) struct CachedResponse {
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

/// A call, as it is logged.
pub(crate) struct LogEntry<'c> {
    pub(crate) gateway: &'c str,
    pub(crate) step: usize,
    pub(crate) model: &'c str,
    pub(crate) cached: bool,
    pub(crate) status: u16,
}

#[derive(Debug)]
struct Log {
    gateway: String,
    entry: Value,
    /// As with the service, logs appear late: the first request does not find them.
    requested: bool,
}

impl Gateways {
    pub(crate) fn cached(&self, key: &str) -> Option<CachedResponse> {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(key).filter(|(until, _)| Instant::now() < *until).map(|(_, response)| response.clone())
    }

    pub(crate) fn cache(&self, key: String, response: CachedResponse, ttl: Duration) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        cache.retain(|_, (until, _)| now < *until);
        cache.insert(key, (now + ttl, response));
        let size = |cache: &HashMap<String, (Instant, CachedResponse)>| -> usize {
            cache.values().map(|(_, response)| response.body.len()).sum()
        };
        while cache.len() > MAX_CACHED || size(&cache) > MAX_CACHED_BYTES {
            let first = cache.iter().min_by_key(|(_, (until, _))| *until).map(|(key, _)| key.clone());
            let Some(first) = first else { break };
            cache.remove(&first);
        }
    }

    /// Logs a call, unless its options turn that off, and returns the ID of the log.
    pub(crate) fn log(&self, call: &LogEntry<'_>, options: &GatewayOptions) -> Option<String> {
        if !options.log {
            return None;
        }
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        logs.count += 1;
        let id = format!("LOCALLOG{:018}", logs.count);
        let entry = json!({
            "id": id, "provider": "workers-ai", "model": call.model, "cached": call.cached, "step": call.step,
            "success": call.status < 400, "status_code": call.status, "metadata": options.metadata, "score": null,
            "feedback": null,
        });
        logs.kept.push_back((id.clone(), Log { gateway: call.gateway.to_owned(), entry, requested: false }));
        if logs.kept.len() > MAX_LOGS {
            logs.kept.pop_front();
        }
        Some(id)
    }

    /// Reads or changes a log.
    pub(crate) fn find(&self, gateway: &str, id: &str, with: impl FnOnce(&mut Value) -> Value) -> Option<Value> {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, log) = logs.kept.iter_mut().find(|(known, log)| known == id && log.gateway == gateway)?;
        if !std::mem::replace(&mut log.requested, true) {
            return None;
        }
        Some(with(&mut log.entry))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::HeaderMap;
    use bytes::Bytes;

    use super::{CachedResponse, GatewayOptions, Gateways, LogEntry, MAX_CACHED, MAX_CACHED_BYTES, MAX_LOGS};

    #[test]
    fn logs_and_caches_are_bounded() {
        let gateways = Gateways::default();
        let entry = LogEntry { gateway: "shop", step: 0, model: "m", cached: false, status: 200 };
        let options = GatewayOptions::from_headers(&HeaderMap::new()).expect("no options");
        let ids: Vec<String> = (0..=MAX_LOGS).filter_map(|_| gateways.log(&entry, &options)).collect();
        let found = |id: &String| (0..2).any(|_| gateways.find("shop", id, |entry| entry.clone()).is_some());
        assert!(!found(&ids[0]) && found(&ids[1]) && found(&ids[MAX_LOGS]));

        let response = |size: usize| CachedResponse { content_type: None, body: Bytes::from(vec![0; size]) };
        for at in 0..=MAX_CACHED {
            gateways.cache(at.to_string(), response(1), Duration::from_secs(60));
        }
        assert!(gateways.cached("0").is_none() && gateways.cached("1").is_some());
        gateways.cache("large".to_owned(), response(MAX_CACHED_BYTES), Duration::from_secs(90));
        assert!(gateways.cached("1").is_none() && gateways.cached("large").is_some());
    }
}
