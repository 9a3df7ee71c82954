//! What gateways remember: answers they keep and logs of calls.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::HeaderValue;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::asked::Asked;

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

/// A call, as it is logged.
pub(crate) struct Logged<'c> {
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
    /// Logs are late: the first look finds nothing.
    looked: bool,
}

impl Gateways {
    pub(crate) fn cached(&self, key: &str) -> Option<Kept> {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.get(key).filter(|(until, _)| Instant::now() < *until).map(|(_, kept)| kept.clone())
    }

    pub(crate) fn keep(&self, key: String, kept: Kept, ttl: Duration) {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key, (Instant::now() + ttl, kept));
    }

    /// Logs a call, unless it is not to be logged; the id of the log.
    pub(crate) fn log(&self, call: &Logged<'_>, asked: &Asked) -> Option<String> {
        if !asked.log {
            return None;
        }
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let id = format!("LOCALLOG{:018}", logs.len() + 1);
        let entry = json!({
            "id": id, "provider": "workers-ai", "model": call.model, "cached": call.cached, "step": call.step,
            "success": call.status < 400, "status_code": call.status, "metadata": asked.metadata, "score": null,
            "feedback": null,
        });
        logs.insert(id.clone(), Log { gateway: call.gateway.to_owned(), entry, looked: false });
        Some(id)
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
