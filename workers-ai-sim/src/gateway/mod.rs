//! The state of gateways: caches and logs.

mod options;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::HeaderValue;
use bytes::Bytes;
use serde_json::{Value, json};

pub(crate) use self::options::GatewayOptions;

/// The caches and logs of all gateways.
#[derive(Debug, Default)]
pub(crate) struct Gateways {
    cache: Mutex<HashMap<String, (Instant, CachedResponse)>>,
    logs: Mutex<HashMap<String, Log>>,
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
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (Instant::now() + ttl, response));
    }

    /// Logs a call, unless its options turn that off, and returns the ID of the log.
    pub(crate) fn log(&self, call: &LogEntry<'_>, options: &GatewayOptions) -> Option<String> {
        if !options.log {
            return None;
        }
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let id = format!("LOCALLOG{:018}", logs.len() + 1);
        let entry = json!({
            "id": id, "provider": "workers-ai", "model": call.model, "cached": call.cached, "step": call.step,
            "success": call.status < 400, "status_code": call.status, "metadata": options.metadata, "score": null,
            "feedback": null,
        });
        logs.insert(id.clone(), Log { gateway: call.gateway.to_owned(), entry, requested: false });
        Some(id)
    }

    /// Reads or changes a log.
    pub(crate) fn find(&self, gateway: &str, id: &str, with: impl FnOnce(&mut Value) -> Value) -> Option<Value> {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let log = logs.get_mut(id).filter(|log| log.gateway == gateway)?;
        if !std::mem::replace(&mut log.requested, true) {
            return None;
        }
        Some(with(&mut log.entry))
    }
}
