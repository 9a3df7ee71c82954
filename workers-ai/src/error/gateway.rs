//! What a gateway itself refuses.

use std::{error::Error, fmt};

use http::HeaderMap;
use serde_json::Value;
use workers_ai_types::ErrorCode;

use crate::{error::ApiError, reply::header_text};

/// A gateway's own api_error: the model was not asked, or its answer was held back.
///
/// ```
/// # fn f(error: workers_ai::Error) {
/// use workers_ai::{Error, GatewayReason};
///
/// match error {
///     Error::Gateway(blocked) if blocked.reason == GatewayReason::PromptBlocked => println!("please say it otherwise"),
///     Error::Gateway(other) => println!("{:?}: {other}", other.reason),
///     other => println!("{other}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GatewayError {
    /// Why.
    pub reason: GatewayReason,
    /// The gateway's answer.
    pub response: ApiError,
    /// What data loss prevention found, as the gateway says it in `cf-aig-dlp`.
    pub dlp: Option<Value>,
}

/// Why a gateway refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GatewayReason {
    /// Guardrails blocked the prompt (2016).
    PromptBlocked,
    /// Guardrails blocked the answer (2017).
    ReplyBlocked,
    /// Data loss prevention blocked the request (2029).
    DlpRequestBlocked,
    /// Data loss prevention blocked the answer (2030).
    DlpReplyBlocked,
    /// There are no credits for what the gateway would have to scan (2021).
    NoCredits,
    /// What scans for the gateway is unavailable (7013).
    ScannerUnavailable,
    /// The gateway wants a token of its own, or another one (2009).
    Unauthorized,
    /// It knows no such provider (2008).
    NoSuchProvider,
    /// It has no such log, or not yet (7002).
    NoSuchLog,
    /// Its own limit of requests, or that of Unified Billing, is reached.
    RateLimited,
}

impl GatewayReason {
    /// The reason of an answer; `None`: it is not a gateway's own.
    pub(crate) fn of(answer: &ApiError, headers: &HeaderMap) -> Option<Self> {
        let Some(code) = answer.code else {
            let through = headers.keys().any(|name| name.as_str().starts_with("cf-aig-"));
            return (through && answer.status == http::StatusCode::TOO_MANY_REQUESTS).then_some(Self::RateLimited);
        };
        Some(match code {
            ErrorCode::PromptBlocked => Self::PromptBlocked,
            ErrorCode::ReplyBlocked => Self::ReplyBlocked,
            ErrorCode::DlpRequest => Self::DlpRequestBlocked,
            ErrorCode::DlpReply => Self::DlpReplyBlocked,
            ErrorCode::ScannerCredits => Self::NoCredits,
            ErrorCode::ScannerUnavailable => Self::ScannerUnavailable,
            ErrorCode::GatewayUnauthorized => Self::Unauthorized,
            ErrorCode::GatewayProvider => Self::NoSuchProvider,
            ErrorCode::LogNotFound => Self::NoSuchLog,
            _ => return None,
        })
    }
}

impl GatewayError {
    pub(crate) fn new(reason: GatewayReason, response: ApiError, headers: &HeaderMap) -> Self {
        let dlp = header_text(headers, "cf-aig-dlp").and_then(|text| serde_json::from_str(&text).ok());
        Self { reason, response, dlp }
    }
}

impl fmt::Display for GatewayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.response.fmt(f)?;
        match &self.response.log_id {
            Some(log) => write!(f, " (gateway log {log})"),
            None => Ok(()),
        }
    }
}

impl Error for GatewayError {}
