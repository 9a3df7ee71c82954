//! The time that a stream may take.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use web_time::Instant;

use crate::{
    error::StreamErrorKind,
    transport::{BoxFuture, ResponseLimits, Transport},
};

/// Measures the time between events and that of the whole stream, with one timer.
pub(super) struct Deadline {
    transport: Arc<dyn Transport>,
    limits: ResponseLimits,
    start: Instant,
    /// When the wait for the next event began. `None`: nobody has asked for it yet.
    waiting: Option<Instant>,
    timer: Option<BoxFuture<'static, ()>>,
}

impl Deadline {
    pub(super) fn new(transport: Arc<dyn Transport>, limits: ResponseLimits) -> Self {
        Self { transport, limits, start: Instant::now(), waiting: None, timer: None }
    }

    /// Counts an event.
    pub(super) fn event(&mut self) {
        self.waiting = None;
    }

    /// Waits until one of the limits is exceeded.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<StreamErrorKind> {
        loop {
            if let Some(timer) = &mut self.timer {
                ready!(timer.as_mut().poll(cx));
                self.timer = None;
            }
            match self.left() {
                Ok(left) => self.timer = Some(self.transport.sleep(left)),
                Err(exceeded) => return Poll::Ready(exceeded),
            }
        }
    }

    /// Returns the time until a limit could be exceeded.
    fn left(&mut self) -> Result<Duration, StreamErrorKind> {
        let ResponseLimits { between_events, whole_stream, .. } = self.limits;
        let silent = self.waiting.get_or_insert_with(Instant::now).elapsed();
        let whole = self.start.elapsed();
        let silence_left = between_events.saturating_sub(silent);
        let whole_left = whole_stream.saturating_sub(whole);
        if silence_left.is_zero() {
            return Err(StreamErrorKind::Silent(between_events));
        }
        if whole_left.is_zero() {
            return Err(StreamErrorKind::TooLong(whole_stream));
        }
        Ok(silence_left.min(whole_left))
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deadline").field("limits", &self.limits).finish_non_exhaustive()
    }
}
