//! The policy for retries.

use std::time::Duration;

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

    /// Returns the pause before the next attempt: twice as long as the last, and a random part of that. `None` if there is no next
    /// attempt.
    pub(crate) fn pause(self, attempts: u32, asked: Option<Duration>, elapsed: Duration) -> Option<Duration> {
        if attempts >= self.max_attempts {
            return None;
        }
        let times = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        let delay = self.min_delay.saturating_mul(times).min(self.max_delay);
        let jitter = if self.jitter { part(delay) } else { Duration::ZERO };
        let delay = delay.saturating_add(jitter).min(self.max_delay).max(asked.unwrap_or_default());
        (elapsed.saturating_add(delay) <= self.max_elapsed).then_some(delay)
    }
}

/// Returns a random part of a duration; nothing where there are no random numbers.
fn part(of: Duration) -> Duration {
    let [first, second, ..] = random::u64().unwrap_or_default().to_ne_bytes();
    of / (1 << 16) * u32::from(u16::from_ne_bytes([first, second]))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RetryPolicy;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = RetryPolicy::default().max_attempts(u32::MAX).max_elapsed(Duration::MAX).jitter(false);
        let pause = |policy: RetryPolicy, attempts| policy.pause(attempts, None, Duration::ZERO);
        let pauses: Vec<u128> = (1..9).filter_map(|attempts| pause(policy, attempts)).map(|d| d.as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
        assert_eq!(pause(policy, 1_000), Some(Duration::from_secs(15)));
        let endless = policy.min_delay(Duration::MAX).max_delay(Duration::MAX).jitter(true);
        assert_eq!(pause(endless, 2), Some(Duration::MAX));
    }

    #[test]
    fn jitter_is_a_part_of_the_pause() {
        let policy = RetryPolicy::default().max_elapsed(Duration::MAX);
        let pauses: Vec<Duration> = (0..50).filter_map(|_| policy.pause(2, None, Duration::ZERO)).collect();
        assert!(pauses.iter().all(|pause| (1_000..2_000).contains(&pause.as_millis())), "{pauses:?}");
        assert!(pauses.iter().any(|pause| *pause != pauses[0]));
    }
}
