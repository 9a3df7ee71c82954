//! Error responses of the service.

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::StatusCode;
use web_time::{SystemTime, UNIX_EPOCH};
use workers_ai_types::{ErrorClass, ErrorCode, RetryClass};

use super::class::Reading;

/// An error response of the service.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The model that was called.
    pub model: String,
    /// The HTTP status.
    pub status: StatusCode,
    /// The HTTP status that the body names, if the response itself says that it succeeded.
    pub reported_status: Option<StatusCode>,
    /// The service's error code, if the response has one.
    pub code: Option<ErrorCode>,
    /// The service's message, without the prefixes nested in it.
    pub message: String,
    /// The body as received.
    pub body: Bytes,
    /// The time that `Retry-After` asks for.
    pub retry_after: Option<Duration>,
    /// The ID of the request, for Cloudflare's support.
    pub request_id: Option<String>,
    /// The ID of the gateway's log.
    pub log_id: Option<String>,
    /// The number of attempts made.
    pub attempts: u32,
}

impl ApiError {
    fn reading(&self) -> Reading {
        Reading::of(self.code, &self.message, self.effective_status())
    }

    fn effective_status(&self) -> StatusCode {
        self.reported_status.unwrap_or(self.status)
    }

    /// Returns `true` if a proxy gave up waiting for the service, which may have answered later.
    pub(crate) fn is_proxy_timeout(&self) -> bool {
        self.code.is_none() && matches!(self.status.as_u16(), 504 | 524)
    }

    /// Returns the class of the error. The code decides; the message, where the code has several meanings or there is none; then the
    /// status.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        self.reading().class
    }

    /// Returns what to do. Empty if neither the code nor the message tell.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        self.reading().advice
    }

    /// Returns whether the same request can succeed later. A known error code or message decides; then HTTP 401, 403, 404, 405 and 501,
    /// which waiting does not change; then `Retry-After`; then the status.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        if let Some(class) = self.reading().retry {
            return class;
        }
        let status = self.effective_status();
        if matches!(status.as_u16(), 401 | 403 | 404 | 405 | 501) {
            return RetryClass::Never;
        }
        let retryable =
            self.retry_after.is_some() || matches!(status.as_u16(), 408 | 409 | 429) || status.is_server_error();
        if retryable { RetryClass::Backoff } else { RetryClass::Never }
    }

    /// Returns when to try again: what `Retry-After` says, midnight UTC for the day's allocation, or after a pause that grows with the
    /// attempts. `None` if the same request will fail again. On wasm32 it is the time of the `web-time` crate.
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        const DAY: u64 = 24 * 3600;
        let now = SystemTime::now();
        let pause = match self.retry_class() {
            RetryClass::NextDay => {
                let today = now.duration_since(UNIX_EPOCH).ok()?.as_secs() / DAY;
                return UNIX_EPOCH.checked_add(Duration::from_secs((today + 1) * DAY));
            }
            RetryClass::Backoff | RetryClass::Once => self.retry_after.unwrap_or_else(|| pause_after(self.attempts)),
            RetryClass::Never => return None,
            _ => self.retry_after?,
        };
        // `None` for a time that no clock can show.
        now.checked_add(pause)
    }
}

/// Returns a pause before another call: a second, doubled with each attempt, at most a minute.
pub(super) fn pause_after(attempts: u32) -> Duration {
    Duration::from_secs(1 << attempts.saturating_sub(1).min(6)).min(Duration::from_secs(60))
}

impl ApiError {
    /// Writes the error without the model.
    pub(super) fn fmt_after_model(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "error {code} (HTTP {})", self.status.as_u16())?,
            None => write!(f, "HTTP {}", self.status.as_u16())?,
        }
        if !self.message.is_empty() {
            // The whole is in the field, and more in the body.
            const SHOWN: usize = 500;
            let shown: String = self.message.chars().take(SHOWN).collect();
            let more = if shown.len() < self.message.len() { "…" } else { "" };
            write!(f, ": {}{more}", shown.trim_end_matches('.'))?;
        }
        let advice = self.advice();
        if !advice.is_empty() {
            write!(f, "; {advice}")?;
        }
        if self.attempts > 1 {
            write!(f, " ({} attempts)", self.attempts)?;
        }
        Ok(())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.model)?;
        self.fmt_after_model(f)
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("model", &self.model)
            .field("status", &self.status.as_u16())
            .field("reported_status", &self.reported_status)
            .field("code", &self.code)
            .field("message", &self.message)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("retry_after", &self.retry_after)
            .field("request_id", &self.request_id)
            .field("log_id", &self.log_id)
            .field("attempts", &self.attempts)
            .finish()
    }
}

impl std::error::Error for ApiError {}
