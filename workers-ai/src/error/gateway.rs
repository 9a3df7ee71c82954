//! Calls that a gateway refused.

use std::{error::Error as StdError, fmt};

use serde_json::Value;
use workers_ai_types::{
    __private::{RawMembers, from_text},
    ErrorClass, ErrorCode,
};

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
    /// The account has no credits, or too few (2021, 2049).
    NoCredits,
    /// The gateway's spend limit is reached (2041).
    SpendLimit,
    /// The gateway's scanner is unavailable (7013).
    ScannerUnavailable,
    /// The gateway requires a token of its own, or another one (2009, 2021).
    Unauthorized,
    /// The provider's credentials are missing or not accepted (2018, 2040, 2047).
    Credentials,
    /// The gateway does not exist (2001).
    NoSuchGateway,
    /// The gateway knows no such provider (2008).
    NoSuchProvider,
    /// The provider did not answer (2005).
    ProviderUnavailable,
    /// The provider took too long (2014).
    ProviderTimeout,
    /// The gateway could not read what the model answered (2002).
    UnreadableOutput,
    /// The gateway's `/compat` route is disabled (2019, 2036).
    CompatDisabled,
    /// The gateway has no such log, or not yet (7002).
    NoSuchLog,
    /// The rate limit of the gateway or of Unified Billing is reached (2003).
    RateLimited,
    /// Another reason: see the response.
    Other,
}

impl GatewayReason {
    /// Returns the reason of a response. `None` if it is not a gateway's own.
    pub(crate) fn from_response(response: &ApiError, headers: &Headers) -> Option<Self> {
        let members = RawMembers::of(&response.body);
        let named = members.and_then(|members| members.get("name")).is_some_and(|name| name.starts_with("\"AiGateway"));
        let Some(code) = response.code else {
            let through = headers.iter().any(|(name, _)| name.starts_with("cf-aig-"));
            let limited = (through || named) && response.status == http::StatusCode::TOO_MANY_REQUESTS;
            return if limited { Some(Self::RateLimited) } else { named.then_some(Self::Other) };
        };
        Some(match code {
            ErrorCode::NoSuchGateway => Self::NoSuchGateway,
            ErrorCode::GatewayOutput => Self::UnreadableOutput,
            ErrorCode::GatewayRateLimited => Self::RateLimited,
            ErrorCode::ProviderUnavailable => Self::ProviderUnavailable,
            ErrorCode::ProviderTimeout => Self::ProviderTimeout,
            ErrorCode::ProviderCredentials | ErrorCode::NoSuchCredential | ErrorCode::NotInUnifiedBilling => {
                Self::Credentials
            }
            ErrorCode::CompatDisabled | ErrorCode::CompatUnavailable => Self::CompatDisabled,
            ErrorCode::SpendLimit => Self::SpendLimit,
            ErrorCode::PromptBlocked => Self::PromptBlocked,
            ErrorCode::ReplyBlocked => Self::ReplyBlocked,
            ErrorCode::DlpRequest => Self::DlpRequestBlocked,
            ErrorCode::DlpReply => Self::DlpReplyBlocked,
            ErrorCode::GatewayBilling if response.class() == ErrorClass::Unauthorized => Self::Unauthorized,
            ErrorCode::GatewayBilling | ErrorCode::InsufficientBalance => Self::NoCredits,
            ErrorCode::ScannerUnavailable => Self::ScannerUnavailable,
            ErrorCode::GatewayUnauthorized => Self::Unauthorized,
            ErrorCode::GatewayProvider => Self::NoSuchProvider,
            ErrorCode::LogNotFound => Self::NoSuchLog,
            // The gateway's own codes.
            other if named || (2_000..2_100).contains(&other.as_u32()) => Self::Other,
            _ => return None,
        })
    }
}

impl GatewayError {
    pub(crate) fn new(reason: GatewayReason, response: ApiError, headers: &Headers) -> Self {
        let dlp = headers.get("cf-aig-dlp").and_then(|text| from_text(text).ok());
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
