//! The policy for retries.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use super::{TransportErrorKind, random};

/// Decides when a failed call is retried, and how long it waits before that.
///
/// Retries follow the service's error code, then `Retry-After`, then the HTTP status. Capacity errors (3040) and rate limits (3021)
/// are retried; an exhausted daily quota (3036) is not. Without a known code, HTTP 408, 409, 429 and 5xx are retried, and anything with
/// `Retry-After`; HTTP 401, 403, 404, 405 and 501 are not, since waiting does not change them.
///
/// Nothing is paid for twice unless you ask for it. A request that could not be sent is retried. One that was sent and got no response,
/// because it timed out or the connection was lost, may have been billed: the response to a call that is not streamed begins when the
/// model has finished. It is retried only [if asked for](RetryPolicy::retry_unanswered), as is a successful response that was
/// [interrupted](RetryPolicy::retry_interrupted). A stream is never retried after its first event.
///
/// ```
/// use std::time::Duration;
/// use workers_ai::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(8).max_elapsed(Duration::from_secs(300));
/// let never = RetryPolicy::never();
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use = "a policy does nothing until a client or a call is given it"]
pub struct RetryPolicy {
    max_attempts: u32,
    min_delay: Duration,
    max_delay: Duration,
    max_elapsed: Duration,
    jitter: bool,
    retry_unanswered: bool,
    retry_interrupted: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            min_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(15),
            max_elapsed: Duration::from_secs(90),
            jitter: true,
            retry_unanswered: false,
            retry_interrupted: false,
        }
    }
}

impl RetryPolicy {
    /// Creates a policy that never retries.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Sets the maximum number of attempts, including the first. Default: 4.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the first pause; each later one is twice as long. Default: 500 ms.
    pub fn min_delay(mut self, delay: Duration) -> Self {
        self.min_delay = delay;
        self
    }

    /// Sets the longest pause, jitter included, unless `Retry-After` asks for a longer one. Default: 15 s.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets the time after which no further attempt begins, counted from the first. Default: 90 s.
    pub fn max_elapsed(mut self, elapsed: Duration) -> Self {
        self.max_elapsed = elapsed;
        self
    }

    /// Adds a random part to each pause, so that many clients do not return at once. On by default.
    pub fn jitter(mut self, jitter: bool) -> Self {
        self.jitter = jitter;
        self
    }

    /// Retries a successful response that was [interrupted](TransportErrorKind::Interrupted). Off by default: it is billed again.
    pub fn retry_interrupted(mut self, retry: bool) -> Self {
        self.retry_interrupted = retry;
        self
    }

    /// Retries a request that was sent and got no response: it [timed out](TransportErrorKind::Timeout), or the
    /// [connection was lost](TransportErrorKind::ConnectionLost). Off by default: it may be billed again.
    ///
    /// ```
    /// use workers_ai::RetryPolicy;
    ///
    /// let eager = RetryPolicy::default().retry_unanswered(true);
    /// ```
    pub fn retry_unanswered(mut self, retry: bool) -> Self {
        self.retry_unanswered = retry;
        self
    }

    /// Retries whatever was lost, for requests that cost nothing and change nothing.
    pub(crate) fn reading(self) -> Self {
        self.retry_unanswered(true).retry_interrupted(true)
    }

    /// Retries only what was not sent, for requests that must not arrive twice.
    pub(crate) fn writing(self) -> Self {
        self.retry_unanswered(false).retry_interrupted(false)
    }

    /// Returns `true` if a request that was lost this way may be sent again.
    pub(crate) fn resends(self, kind: TransportErrorKind) -> bool {
        match kind {
            TransportErrorKind::Build | TransportErrorKind::NothingQueued => false,
            TransportErrorKind::Connect => true,
            TransportErrorKind::Interrupted => self.retry_interrupted,
            TransportErrorKind::Timeout | TransportErrorKind::ConnectionLost => self.retry_unanswered,
        }
    }

    /// Returns the pause before the next attempt. `None` if there is no next attempt.
    pub(crate) fn pause(
        self,
        delays: &mut impl Iterator<Item = Duration>,
        attempts: u32,
        asked: Option<Duration>,
        elapsed: Duration,
    ) -> Option<Duration> {
        if attempts >= self.max_attempts {
            return None;
        }
        let delay = delays.next().unwrap_or(self.max_delay).max(asked.unwrap_or_default());
        (elapsed.saturating_add(delay) <= self.max_elapsed).then_some(delay)
    }

    /// Returns the pauses between attempts.
    pub(crate) fn delays(self) -> impl Iterator<Item = Duration> {
        /// A year: longer durations could overflow when they are multiplied.
        const MAX: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        let max_delay = self.max_delay;
        let mut builder = ExponentialBuilder::new()
            .with_factor(2.0)
            .with_min_delay(self.min_delay.min(max_delay).min(MAX))
            .with_max_delay(max_delay.min(MAX))
            .without_max_times();
        let seed = if self.jitter { random::u64().ok() } else { None };
        if let Some(seed) = seed {
            builder = builder.with_jitter().with_jitter_seed(seed);
        }
        builder.build().map(move |delay| delay.min(max_delay))
    }
}
