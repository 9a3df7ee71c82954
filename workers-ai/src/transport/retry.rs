//! Trying again: when, how often, how long in between.

use std::{future::Future, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use web_time::Instant;
use workers_ai_types::RetryClass;

use crate::{
    Error,
    transport::{Transport, TransportErrorKind},
};

/// When a call is tried again, and how long it waits before that.
///
/// What is tried again: an answer whose code says that it helps (3040 and 3021, but not 3036), else one with `Retry-After`,
/// else HTTP 408, 409, 429 and 5xx; a request that was lost before an answer began. Without such a code, HTTP 401, 403, 404, 405 and 501
/// are not, whatever `Retry-After` says: waiting does not mend them. Never a stream that has given its first event,
/// nor, unless that is asked for, a call whose answer broke off: it is paid for already.
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
    resend: bool,
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
            resend: true,
            retry_interrupted: false,
        }
    }
}

impl RetryPolicy {
    /// One attempt.
    pub fn never() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// How many attempts there are at most, the first one included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The first pause; each later one is twice as long.
    pub fn min_delay(mut self, delay: Duration) -> Self {
        self.min_delay = delay;
        self
    }

    /// The longest pause, with what chance adds, unless `Retry-After` asks for a longer one.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// No attempt begins later than this after the first.
    pub fn max_elapsed(mut self, max_elapsed: Duration) -> Self {
        self.max_elapsed = max_elapsed;
        self
    }

    /// Whether pauses are lengthened by chance, so that many clients do not come back at once. They are.
    pub fn jitter(mut self, jitter: bool) -> Self {
        self.jitter = jitter;
        self
    }

    /// Whether a call is made again whose answer broke off ([`TransportErrorKind::Interrupted`](crate::TransportErrorKind::Interrupted)), which pays for it a second time. It is
    /// not.
    pub fn retry_interrupted(mut self, resend: bool) -> Self {
        self.retry_interrupted = resend;
        self
    }

    /// Whether a request that was lost after it left is sent again.
    pub(crate) fn resend(mut self, resend: bool) -> Self {
        self.resend = resend;
        self
    }

    /// Whether a request that was lost there may be sent again.
    fn resends(self, phase: TransportErrorKind) -> bool {
        match phase {
            TransportErrorKind::Connect => true,
            TransportErrorKind::Interrupted => self.resend && self.retry_interrupted,
            _ => self.resend,
        }
    }

    fn delays(&self) -> impl Iterator<Item = Duration> {
        // No duration that is near the longest one can be multiplied.
        const FAR: Duration = Duration::from_hours(24 * 365);
        let most = self.max_delay;
        let builder = ExponentialBuilder::new()
            .with_factor(2.0)
            .with_min_delay(self.min_delay.min(most).min(FAR))
            .with_max_delay(most.min(FAR))
            .without_max_times();
        let delays = if self.jitter { builder.with_jitter().build() } else { builder.build() };
        delays.map(move |delay| delay.min(most))
    }
}

/// Makes attempts until one succeeds or none is left; says how many there were.
pub(crate) async fn retrying<T, F: Future<Output = Result<T, Error>>>(
    transport: &dyn Transport,
    policy: RetryPolicy,
    mut attempt: impl FnMut() -> F,
) -> Result<(T, u32), Error> {
    let start = Instant::now();
    let mut delays = policy.delays();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut error = match attempt().await {
            Ok(value) => return Ok((value, attempts)),
            Err(error) => error,
        };
        error.set_attempts(attempts);
        let class = match (&error, error.api_error()) {
            (_, Some(answer)) => answer.retry_class(),
            (Error::Transport(error), _) if !policy.resends(error.kind) => RetryClass::Never,
            (Error::Stream(_), _) if !policy.resends(TransportErrorKind::Interrupted) => RetryClass::Never,
            (error, _) if error.is_retryable() => RetryClass::Backoff,
            _ => RetryClass::Never,
        };
        let left = match class {
            RetryClass::Backoff => attempts < policy.max_attempts,
            RetryClass::Once => attempts < policy.max_attempts.min(2),
            _ => false,
        };
        if !left {
            return Err(error);
        }
        let asked = error.api_error().and_then(|answer| answer.retry_after);
        let delay = delays.next().unwrap_or(policy.max_delay).max(asked.unwrap_or_default());
        if start.elapsed().saturating_add(delay) > policy.max_elapsed {
            return Err(error);
        }
        crate::telemetry::retried(&error, delay);
        transport.sleep(delay).await;
    }
}
