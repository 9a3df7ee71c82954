//! Calls that a gateway refused.

use std::{error::Error as StdError, fmt};

use serde_json::Value;
use workers_ai_types::ErrorCode;

use super::ApiError;
use crate::transport::Headers;

/// A refusal by the gateway itself: the model was not called, or its response was held back.
///
/// ```
/// # fn f(error: workers_ai::Error) {
/// use workers_ai::{Error, gateway::GatewayReason};
///
/// match error {
///     Error::Gateway(blocked) if blocked.reason == GatewayReason::PromptBlocked => println!("please rephrase"),
///     Error::Gateway(other) => println!("{:?}: {other}", other.reason),
///     other => println!("{other}"),
/// }
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GatewayError {
    /// The reason for the refusal.
    pub reason: GatewayReason,
    /// The gateway's response.
    pub response: ApiError,
    /// The findings of data loss prevention, from the header `cf-aig-dlp`.
    pub dlp: Option<Value>,
}

/// Why a gateway refused a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GatewayReason {
    /// Guardrails blocked the prompt (2016).
    PromptBlocked,
    /// Guardrails blocked the response (2017).
    ReplyBlocked,
    /// Data loss prevention blocked the request (2029).
    DlpRequestBlocked,
    /// Data loss prevention blocked the response (2030).
    DlpReplyBlocked,
    /// There are no credits to pay for the gateway's scanner (2021).
    NoCredits,
    /// The gateway's scanner is unavailable (7013).
    ScannerUnavailable,
    /// The gateway requires a token of its own, or another one (2009).
    Unauthorized,
    /// The gateway knows no such provider (2008).
    NoSuchProvider,
    /// The gateway has no such log, or not yet (7002).
    NoSuchLog,
    /// The rate limit of the gateway or of Unified Billing is reached.
    RateLimited,
}

impl GatewayReason {
    /// Returns the reason of a response. `None` if it is not a gateway's own.
    pub(crate) fn from_response(response: &ApiError, headers: &Headers) -> Option<Self> {
        let Some(code) = response.code else {
            let through = headers.iter().any(|(name, _)| name.starts_with("cf-aig-"));
            return (through && response.status == http::StatusCode::TOO_MANY_REQUESTS).then_some(Self::RateLimited);
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
    pub(crate) fn new(reason: GatewayReason, response: ApiError, headers: &Headers) -> Self {
        let dlp = headers.get("cf-aig-dlp").and_then(|text| serde_json::from_str(text).ok());
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

impl StdError for GatewayError {}
