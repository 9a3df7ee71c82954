//! Waiting before the service would refuse.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::{InMemoryState, NotKeyed},
};
use workers_ai_types::ModelInfo;

use crate::transport::Transport;

type Limiter = RateLimiter<NotKeyed, InMemoryState, DefaultClock>;

/// How many requests are made a minute. All clones of a client share it.
///
/// They are spread over the minute: those of a second may be made at once (5 of 300 a minute), the next ones come one by one. No minute
/// has more than its limit and those few.
///
/// ```
/// use std::num::NonZeroU32;
/// use workers_ai::RateLimit;
///
/// let limit = RateLimit::from_catalog().model("@cf/my/private-model", NonZeroU32::new(60).unwrap());
/// ```
#[derive(Clone, Default)]
pub struct RateLimit {
    catalog: bool,
    own: HashMap<String, NonZeroU32>,
    limiters: Arc<Mutex<HashMap<String, Arc<Limiter>>>>,
}

impl std::fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimit").field("catalog", &self.catalog).field("own", &self.own).finish_non_exhaustive()
    }
}

impl RateLimit {
    /// The limits that the catalog knows. Models of one task that have the same limit share it.
    #[must_use]
    pub fn from_catalog() -> Self {
        Self { catalog: true, ..Self::default() }
    }

    /// A limit for one model, which goes before the catalog's.
    #[must_use]
    pub fn model(mut self, id: impl Into<String>, requests_a_minute: NonZeroU32) -> Self {
        self.own.insert(id.into(), requests_a_minute);
        self
    }

    /// What a model's requests are counted under, and how many there may be.
    pub(crate) fn of(&self, id: &str, info: &ModelInfo) -> Option<(String, NonZeroU32)> {
        if let Some(own) = self.own.get(id) {
            return Some((id.to_owned(), *own));
        }
        let limit = info.requests_per_minute.filter(|_| self.catalog).and_then(NonZeroU32::new)?;
        Some((format!("{} {limit}", info.task), limit))
    }

    /// Waits until a request may be made.
    pub(crate) async fn wait(&self, transport: &dyn Transport, (key, limit): &(String, NonZeroU32)) {
        let limiter = {
            let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
            let made = || Arc::new(RateLimiter::direct(quota(*limit)));
            limiters.entry(key.clone()).or_insert_with(made).clone()
        };
        while let Err(not_until) = limiter.check() {
            transport.sleep(not_until.wait_time_from(DefaultClock::default().now())).await;
        }
    }
}

/// So many a minute, those of a second at once.
fn quota(limit: NonZeroU32) -> Quota {
    let concurrency = NonZeroU32::new(limit.get().div_ceil(60)).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(limit).allow_burst(concurrency)
}
