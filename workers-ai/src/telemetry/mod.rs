//! Spans of calls, with OpenTelemetry's names for generative models. Prompts and responses are in them only if a client is told to
//! record them.

#[cfg(feature = "tracing")]
mod content;
#[cfg(not(feature = "tracing"))]
mod silent;
#[cfg(feature = "tracing")]
mod span;

#[cfg(not(feature = "tracing"))]
pub(crate) use self::silent::{CallSpan, record_doubtful_context, record_retry, record_unreadable_usage};
#[cfg(feature = "tracing")]
pub(crate) use self::span::{CallSpan, record_doubtful_context, record_retry, record_unreadable_usage};
