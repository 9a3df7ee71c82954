//! Waits before the service would refuse.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed},
};
use tokio::sync::Mutex as FairMutex;
use web_time::Instant;
use workers_ai_types::catalog::ModelInfo;

use super::Transport;

/// A waiting caller holds the lock. It is passed on in the order of requests, so that a caller that never pauses does not starve others.
type Limiter = FairMutex<RateLimiter<NotKeyed, InMemoryState, Stopwatch, NoOpMiddleware<Nanos>>>;

/// Counts from its creation, on wasm32 too: governor's own clocks need `std::time::Instant`.
#[derive(Clone)]
struct Stopwatch(Instant);

impl Default for Stopwatch {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Stopwatch {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

/// Limits the number of requests per minute. All clones of a client share it.
///
/// Requests are spread over the minute: those of one second may be made at once (5 of 300 per minute), the next ones follow one by
/// one. No minute has more requests than the limit and those few.
///
/// ```
/// use std::num::NonZeroU32;
/// use workers_ai::transport::RateLimit;
///
/// let limit = RateLimit::from_catalog().model("@cf/my/private-model", NonZeroU32::new(60).unwrap());
/// ```
#[derive(Clone, Default)]
pub struct RateLimit {
    catalog: bool,
    own: HashMap<String, NonZeroU32>,
    limiters: Arc<Mutex<HashMap<String, Arc<Limiter>>>>,
    clock: Stopwatch,
}

impl std::fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimit").field("catalog", &self.catalog).field("own", &self.own).finish_non_exhaustive()
    }
}

impl RateLimit {
    /// Uses the limits that the catalog knows. Models of one task that have the same limit share it.
    #[must_use]
    pub fn from_catalog() -> Self {
        Self { catalog: true, ..Self::default() }
    }

    /// Sets the limit of one model, which takes precedence over the catalog's.
    #[must_use]
    pub fn model(mut self, id: impl Into<String>, requests_per_minute: NonZeroU32) -> Self {
        self.own.insert(id.into(), requests_per_minute);
        self
    }

    /// Returns the key that a model's requests are counted under, and their limit.
    fn limit(&self, id: &str, info: &ModelInfo) -> Option<(String, NonZeroU32)> {
        if let Some(own) = self.own.get(id) {
            return Some((id.to_owned(), *own));
        }
        let limit = info.requests_per_minute.filter(|_| self.catalog).and_then(NonZeroU32::new)?;
        Some((format!("{} {limit}", info.task), limit))
    }

    /// Waits until a request may be made.
    pub(crate) async fn wait(&self, transport: &dyn Transport, id: &str, info: &ModelInfo) {
        let Some((key, limit)) = self.limit(id, info) else { return };
        let limiter = {
            let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(FairMutex::new(RateLimiter::direct_with_clock(quota(limit), self.clock.clone())));
            limiters.entry(key).or_insert_with(new).clone()
        };
        let limiter = limiter.lock().await;
        while let Err(not_until) = limiter.check() {
            transport.sleep(not_until.wait_time_from(self.clock.now())).await;
        }
    }
}

/// Allows this many requests per minute, and those of one second at once.
fn quota(limit: NonZeroU32) -> Quota {
    let burst = NonZeroU32::new(limit.get().div_ceil(60)).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(limit).allow_burst(burst)
}
