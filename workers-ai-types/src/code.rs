//! The service's error codes: their meaning, whether to retry, what to do.

use std::fmt;

/// Whether the same request can succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryClass {
    /// The same request will fail again.
    Never,
    /// It may succeed after a pause.
    Backoff,
    /// It may succeed when it is retried once.
    Once,
    /// It will succeed when the day's free allocation is renewed, at 00:00 UTC.
    NextDay,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $class:ident, $meaning:literal, $advice:literal;)*) => {
        /// An error code of Workers AI or AI Gateway.
        ///
        /// ```
        /// # use workers_ai_types as workers_ai;
        /// use workers_ai::{ErrorCode, RetryClass};
        ///
        /// let code = ErrorCode::from(3040);
        /// assert_eq!(code, ErrorCode::OutOfCapacity);
        /// assert_eq!(code.retry_class(), Some(RetryClass::Backoff));
        /// assert_eq!(code.to_string(), "3040");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!($meaning, " (", stringify!($number), ").")] $name,)*
            /// A code that this version does not know.
            Other(u32),
        }

        impl ErrorCode {
            /// Every known code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the code as a number.
            #[must_use]
            pub const fn as_u32(self) -> u32 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// Returns whether the same request can succeed later. `None`: the code is not known.
            #[must_use]
            pub const fn retry_class(self) -> Option<RetryClass> {
                match self {
                    $(Self::$name => Some(RetryClass::$class),)*
                    Self::Other(_) => None,
                }
            }

            /// Returns the meaning of the code. Empty for a code that is not known.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)*
                    Self::Other(_) => "",
                }
            }

            /// Returns what to do about it. Empty for a code that is not known.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self {
                    $(Self::$name => $advice,)*
                    Self::Other(_) => "",
                }
            }
        }

        impl From<u32> for ErrorCode {
            fn from(number: u32) -> Self {
                match number {
                    $($number => Self::$name,)*
                    other => Self::Other(other),
                }
            }
        }
    };
}

codes! {
    ParameterMissing = 1000, Never, "A parameter that the model needs was not sent", "send the field";
    InputConflict = 1001, Never, "Fields exclude each other", "send either `prompt` or `messages`";
    GatewayProvider = 2008, Never, "The gateway does not know the provider", "check the name of the provider";
    GatewayUnauthorized = 2009, Never, "The gateway refused the call", "send `cf-aig-authorization`";
    PromptBlocked = 2016, Never, "The gateway's guardrails blocked the prompt", "rephrase the prompt";
    ReplyBlocked = 2017, Never, "The gateway's guardrails blocked the response", "rephrase the prompt";
    ScannerCredits = 2021, Never, "There are no credits for the gateway's scanner", "check the account's billing";
    DlpRequest = 2029, Never, "Data loss prevention blocked the request", "see the `cf-aig-dlp` header";
    DlpReply = 2030, Never, "Data loss prevention blocked the response", "see the `cf-aig-dlp` header";
    Incomplete = 3003, Never, "The request is incomplete", "fix the input";
    TooLarge = 3006, Never, "The request is too large", "make it smaller, or split it";
    Timeout = 3007, Backoff, "The model took too long", "retry, or stream the output";
    Aborted = 3008, Backoff, "The request was aborted", "retry";
    RateLimited = 3021, Backoff, "The rate limit per minute is reached", "send fewer requests per minute";
    AccountBlocked = 3023, Never, "The account is blocked", "contact Cloudflare's support";
    ContentFlagged = 3030, Never, "The prompt or the image was flagged", "rephrase the prompt";
    DailyQuota = 3036, NextDay, "The daily free allocation is used up", "wait until 00:00 UTC, or upgrade to the paid plan";
    FinetuneFiles = 3039, Never, "Files of the fine-tune are missing", "upload its files";
    OutOfCapacity = 3040, Backoff, "The model has no capacity at the moment", "retry, or use another model";
    PrivateModel = 3041, Never, "The account may not use this private model", "check the account";
    InvalidModelId = 3042, Never, "The model ID is invalid", "check the ID";
    DailyQuotaOld = 4006, NextDay, "The daily free allocation is used up", "wait until 00:00 UTC, or upgrade to the paid plan";
    InvalidData = 5004, Never, "The data is invalid", "check the base64 and the types of the input";
    LoraUnsupported = 5005, Never, "The model does not support LoRA", "leave `lora` out, or use another model";
    SchemaViolation = 5006, Never, "The input does not match the model's schema", "fix the field that the message names";
    NoSuchModel = 5007, Never, "There is no such model", "check the ID";
    TermsNotAccepted = 5016, Never, "The model's terms have not been accepted", "accept them once for the account";
    PrivateModelNotAllowed = 5018, Never, "The account may not use this private model", "check the account";
    SdkTooOld = 5019, Never, "The client is too old", "upgrade it";
    ContextExceeded = 5021, Never, "The input exceeds the model's context", "shorten it";
    JsonModeUnsupported = 5025, Never, "The model does not support JSON mode", "use another model";
    ModelDeprecated = 5028, Never, "The model was retired", "use its replacement";
    PaidPlanRequired = 5035, Never, "The model requires the Workers Paid plan", "upgrade the account";
    GatewayInternal = 7000, Once, "The service failed", "retry once; leave the gateway out if the body is a form";
    LogNotFound = 7002, Backoff, "The gateway log does not exist yet", "retry after some seconds";
    NoRoute = 7003, Never, "There is no such route", "check the URL and the account ID";
    UpstreamUnavailable = 7009, Backoff, "The model's host is unavailable", "retry";
    ScannerUnavailable = 7013, Backoff, "The gateway's scanner is unavailable", "retry";
    EngineRefused = 8001, Never, "The engine refused the input", "fix the field that the message names";
    ToolDidNotFit = 8006, Never, "The forced tool call did not fit", "raise `max_tokens`";
    Unauthenticated = 10000, Never, "The token was not accepted", "check the token and its permissions";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_u32().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorCode, RetryClass};

    #[test]
    fn every_code_is_found_by_its_number() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from(code.as_u32()), *code);
            assert!(code.retry_class().is_some() && !code.meaning().is_empty());
        }
        assert_eq!(ErrorCode::from(4711).as_u32(), 4711);
        assert_eq!(ErrorCode::from(4711).retry_class(), None);
    }

    #[test]
    fn a_used_up_day_is_no_rate_limit() {
        assert_eq!(ErrorCode::from(3036).retry_class(), Some(RetryClass::NextDay));
        assert_eq!(ErrorCode::from(4006).retry_class(), Some(RetryClass::NextDay));
        assert_eq!(ErrorCode::from(3021).retry_class(), Some(RetryClass::Backoff));
    }
}
