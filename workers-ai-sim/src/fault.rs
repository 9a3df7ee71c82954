//! Fault injection: by script, by header, at random.

use std::time::Duration;

/// A failure to inject.
///
/// Pass it to [`Sim::fail_next`](crate::Sim::fail_next) or [`SimBuilder::fail_randomly`](crate::SimBuilder::fail_randomly), or request it with
/// the header `x-sim-fault`, one or more of these separated by `;`: `code=3040`, `status=502`, `latency=250` (milliseconds), `drip=20`
/// (milliseconds), `cut=3` (events), `stall=3` (pieces), `late-code=3040`, `no-stream`, `reset`, `invalid-json`, `retry-after=2` (seconds).
///
/// Behind a gateway, a scripted or random fault affects one attempt of the gateway, and one of the header affects every attempt. A response
/// from the gateway's cache makes no attempt.
///
/// ```
/// use workers_ai_sim::Fault;
///
/// let overloaded = Fault::code(3040).retry_after(2);
/// assert_ne!(overloaded, Fault::code(3040));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use = "a fault does nothing until it is passed to a server"]
pub struct Fault {
    pub(crate) code: Option<u32>,
    pub(crate) status: Option<u16>,
    pub(crate) latency: Option<Duration>,
    pub(crate) drip: Option<Duration>,
    pub(crate) cut: Option<usize>,
    pub(crate) stall: Option<usize>,
    pub(crate) reset: bool,
    pub(crate) invalid_json: bool,
    pub(crate) late_code: Option<u32>,
    pub(crate) no_stream: bool,
    pub(crate) retry_after: Option<u64>,
}

impl Fault {
    /// Responds with an error of the service, with the status that belongs to the code.
    ///
    /// ```
    /// let out_of_capacity = workers_ai_sim::Fault::code(3040);
    /// ```
    pub fn code(code: u32) -> Self {
        Self { code: Some(code), ..Self::default() }
    }

    /// Responds with a status and an HTML page, as a proxy in between does.
    ///
    /// ```
    /// let bad_gateway = workers_ai_sim::Fault::status(502);
    /// ```
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Delays the response.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let slow = workers_ai_sim::Fault::latency(Duration::from_millis(250));
    /// ```
    pub fn latency(latency: Duration) -> Self {
        Self { latency: Some(latency), ..Self::default() }
    }

    /// Sends the response in pieces, with a pause before each.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let slow = workers_ai_sim::Fault::drip(Duration::from_millis(20));
    /// ```
    pub fn drip(pause: Duration) -> Self {
        Self { drip: Some(pause), ..Self::default() }
    }

    /// Ends a stream after this many events, as if it were complete.
    ///
    /// ```
    /// let incomplete = workers_ai_sim::Fault::cut(3);
    /// ```
    pub fn cut(events: usize) -> Self {
        Self { cut: Some(events), ..Self::default() }
    }

    /// Sends this many pieces of the response, and nothing more until the caller leaves.
    ///
    /// ```
    /// let endless = workers_ai_sim::Fault::stall(3);
    /// ```
    pub fn stall(pieces: usize) -> Self {
        Self { stall: Some(pieces), ..Self::default() }
    }

    /// Breaks the connection in the middle of the response.
    ///
    /// ```
    /// let broken = workers_ai_sim::Fault::reset();
    /// ```
    pub fn reset() -> Self {
        Self { reset: true, ..Self::default() }
    }

    /// Responds with invalid JSON that is declared as JSON.
    ///
    /// ```
    /// let invalid = workers_ai_sim::Fault::invalid_json();
    /// ```
    pub fn invalid_json() -> Self {
        Self { invalid_json: true, ..Self::default() }
    }

    /// Starts a stream and then reports an error of the service in it.
    ///
    /// ```
    /// let fails_late = workers_ai_sim::Fault::late_code(3040);
    /// ```
    pub fn late_code(code: u32) -> Self {
        Self { late_code: Some(code), ..Self::default() }
    }

    /// Responds to a streaming request with one JSON document.
    ///
    /// ```
    /// let whole = workers_ai_sim::Fault::no_stream();
    /// ```
    pub fn no_stream() -> Self {
        Self { no_stream: true, ..Self::default() }
    }

    /// Adds a `Retry-After` header.
    ///
    /// ```
    /// let overloaded = workers_ai_sim::Fault::code(3040).retry_after(2);
    /// ```
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Parses the value of the header `x-sim-fault`.
    pub(crate) fn from_header(text: &str) -> Result<Self, String> {
        fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<Option<T>, String> {
            let invalid = |_| format!("`{name}` needs a number in range, got `{value}`");
            value.parse().map(Some).map_err(invalid)
        }
        let mut fault = Self::default();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name {
                "code" => fault.code = number(name, value)?,
                "status" => fault.status = number(name, value)?.filter(|status| (100..1000).contains(status)),
                "latency" => fault.latency = number(name, value)?.map(Duration::from_millis),
                "drip" => fault.drip = number(name, value)?.map(Duration::from_millis),
                "cut" => fault.cut = number(name, value)?,
                "stall" => fault.stall = number(name, value)?,
                "late-code" => fault.late_code = number(name, value)?,
                "retry-after" => fault.retry_after = number(name, value)?,
                "reset" => fault.reset = true,
                "invalid-json" => fault.invalid_json = true,
                "no-stream" => fault.no_stream = true,
                other => return Err(format!("unknown fault `{other}`")),
            }
            if name == "status" && fault.status.is_none() {
                return Err(format!("`status` needs an HTTP status, got `{value}`"));
            }
        }
        Ok(fault)
    }
}
