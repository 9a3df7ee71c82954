//! Failures on demand: by script, by header, by chance.

use std::time::Duration;

/// A way to fail.
///
/// It can also be asked for with the request header `x-sim-fault`: `code=3040`, `status=502`, `latency=250`, `cut=3`, `late-code=3040`,
/// `no-stream`, `reset`, `garbage`, `drip=20`, `retry-after=2;code=3040`.
///
/// Behind a gateway, a fault of the script or of chance befalls one attempt of the gateway, and one of the header every attempt. An answer
/// from the gateway's cache takes no attempt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use = "a fault does nothing until a server is given it"]
pub struct Fault {
    pub(crate) code: Option<u32>,
    pub(crate) status: Option<u16>,
    pub(crate) latency: Option<Duration>,
    pub(crate) drip: Option<Duration>,
    pub(crate) cut: Option<usize>,
    pub(crate) reset: bool,
    pub(crate) garbage: bool,
    pub(crate) late_code: Option<u32>,
    pub(crate) plain: bool,
    pub(crate) retry_after: Option<u64>,
}

impl Fault {
    /// An error of the service.
    pub fn code(code: u32) -> Self {
        Self { code: Some(code), ..Self::default() }
    }

    /// A status with a page that is not JSON, as a proxy answers.
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// The right answer, late.
    pub fn latency(latency: Duration) -> Self {
        Self { latency: Some(latency), ..Self::default() }
    }

    /// The right answer, a piece at a time with a pause before each.
    pub fn drip(pause: Duration) -> Self {
        Self { drip: Some(pause), ..Self::default() }
    }

    /// A stream that ends after so many events, as if it were whole.
    pub fn cut(events: usize) -> Self {
        Self { cut: Some(events), ..Self::default() }
    }

    /// A connection that breaks in the middle of the answer.
    pub fn reset() -> Self {
        Self { reset: true, ..Self::default() }
    }

    /// An answer that is not JSON though it says so.
    pub fn garbage() -> Self {
        Self { garbage: true, ..Self::default() }
    }

    /// A stream that begins well and then says that it failed.
    pub fn late_code(code: u32) -> Self {
        Self { late_code: Some(code), ..Self::default() }
    }

    /// A whole JSON answer to a call for a stream.
    pub fn no_stream() -> Self {
        Self { plain: true, ..Self::default() }
    }

    /// With a `Retry-After` of so many seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What the header `x-sim-fault` asks for.
    pub(crate) fn parse(text: &str) -> Self {
        let mut fault = Self::default();
        for part in text.split(';') {
            let (name, value) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
            let number = value.parse::<u64>().ok();
            let small = number.and_then(|number| u32::try_from(number).ok());
            match name {
                "code" => fault.code = small,
                "status" => fault.status = number.and_then(|number| u16::try_from(number).ok()),
                "latency" => fault.latency = number.map(Duration::from_millis),
                "drip" => fault.drip = number.map(Duration::from_millis),
                "cut" => fault.cut = number.and_then(|number| usize::try_from(number).ok()),
                "late-code" => fault.late_code = small,
                "retry-after" => fault.retry_after = number,
                "reset" => fault.reset = true,
                "garbage" => fault.garbage = true,
                "no-stream" => fault.plain = true,
                _ => {}
            }
        }
        fault
    }
}
