//! Requests and responses that were lost on the way.

use std::{error::Error as StdError, fmt};

/// A request or a response that was lost on the way.
///
/// `Display` names the kind of failure; [`source`](std::error::Error::source) is its cause.
pub struct TransportError {
    /// The point at which it was lost.
    pub kind: TransportErrorKind,
    /// The number of attempts made.
    pub attempts: u32,
    /// The model that was called. The client fills it in.
    pub model: Option<String>,
    timed_out: bool,
    source: Box<dyn StdError + Send + Sync>,
}

/// The point at which a request or a response was lost. It decides what may have been billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request could not be built. Nothing was sent.
    Build,
    /// No connection was established. Nothing was sent.
    Connect,
    /// The request was sent, and took too long.
    Timeout,
    /// The connection was lost after the request was sent and before a response began.
    ConnectionLost,
    /// A successful response had begun and was interrupted: the call has been billed.
    Interrupted,
    /// A [mock transport](crate::transport::MockTransport) has no response for the request; the source says what it had.
    NothingQueued,
}

impl TransportError {
    /// Creates an error with its cause.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let timed_out = kind == TransportErrorKind::Timeout;
        Self { kind, attempts: 1, model: None, timed_out, source: source.into() }
    }

    /// Creates the error of a request that could not be built.
    pub(crate) fn build(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(TransportErrorKind::Build, source)
    }

    /// Marks the error as caused by a timeout, whatever its kind: connecting can time out, too.
    #[must_use]
    pub fn timed_out(self) -> Self {
        Self { timed_out: true, ..self }
    }

    /// Marks the error as one that happened after a successful response had begun.
    pub(crate) fn interrupted(self) -> Self {
        Self { kind: TransportErrorKind::Interrupted, ..self }
    }

    /// Returns the text of the error and of its causes.
    #[cfg(feature = "worker")]
    pub(super) fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause: Option<&dyn StdError> = Some(&*self.source);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }

    /// Returns `true` if a timeout was the cause.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.timed_out
    }

    /// Returns `true` if no connection was established.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.kind == TransportErrorKind::Connect
    }

    /// Returns `true` if the service may have received the request, which then is billed whether or not its response arrives.
    #[must_use]
    pub fn maybe_billed(&self) -> bool {
        match self.kind {
            TransportErrorKind::Build | TransportErrorKind::Connect | TransportErrorKind::NothingQueued => false,
            TransportErrorKind::Timeout | TransportErrorKind::ConnectionLost | TransportErrorKind::Interrupted => true,
        }
    }

    /// Returns `true` if the same request may succeed when it is sent again. Whether it is then billed twice,
    /// [`maybe_billed`](Self::maybe_billed) says.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        !matches!(self.kind, TransportErrorKind::Build | TransportErrorKind::NothingQueued)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(model) = &self.model {
            write!(f, "{model}: ")?;
        }
        f.write_str(match (self.kind, self.timed_out) {
            (TransportErrorKind::Build, _) => "the request could not be built",
            (TransportErrorKind::NothingQueued, _) => "the mock transport has no response for this request",
            (TransportErrorKind::Connect, false) => "could not connect",
            (TransportErrorKind::Connect, true) => "connecting timed out",
            (TransportErrorKind::Timeout, _) => "the request timed out",
            (TransportErrorKind::ConnectionLost, _) => "the connection was lost",
            (TransportErrorKind::Interrupted, false) => "the response was interrupted",
            (TransportErrorKind::Interrupted, true) => "the response was interrupted: it timed out",
        })?;
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " ({attempts} attempts)"),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("attempts", &self.attempts)
            .field("model", &self.model)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
