//! How much of a response is read, and how long.

use std::time::Duration;

/// Bounds on responses, so that a server that misbehaves costs neither the memory nor the time of a program.
///
/// How long a call may take until its response begins, [`with_timeout`](crate::WorkersAi::with_timeout) says.
///
/// ```
/// # fn f(ai: workers_ai::WorkersAi) {
/// use std::time::Duration;
/// use workers_ai::transport::ResponseLimits;
///
/// let limits = ResponseLimits::default().max_bytes(1 << 20).between_events(Duration::from_secs(30));
/// let ai = ai.with_response_limits(limits);
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "limits do nothing until a client is given them"]
pub struct ResponseLimits {
    pub(crate) max_bytes: usize,
    pub(crate) between_events: Duration,
    pub(crate) whole_stream: Duration,
}

impl Default for ResponseLimits {
    fn default() -> Self {
        Self {
            max_bytes: 128 << 20,
            between_events: Duration::from_secs(2 * 60),
            whole_stream: Duration::from_secs(60 * 60),
        }
    }
}

impl ResponseLimits {
    /// Sets the largest body of a response, in bytes after decompression. Default: 128 MiB. It does not apply to
    /// [bytes that are streamed](crate::stream::ByteStream), which are not collected. Bodies of errors are cut off at 256 KiB.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets how long a stream may go on without an event, pings and comments aside. Default: 2 minutes, after which the service gives up,
    /// too.
    pub fn between_events(mut self, time: Duration) -> Self {
        self.between_events = time;
        self
    }

    /// Sets how long a stream of events may take as a whole, counted from its first event. Default: 1 hour.
    pub fn whole_stream(mut self, time: Duration) -> Self {
        self.whole_stream = time;
        self
    }
}
