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

/// The kind of problem that a service error reports. Several codes can report the same kind, and one code several kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The input is wrong: a field, a type, a value, damaged data.
    InvalidInput,
    /// The input, or the input and its output, exceed the model's context.
    ContextExceeded,
    /// The prompt, the image or the output was found to be unsafe.
    ContentFlagged,
    /// The model could not produce the structured output that was asked for.
    SchemaNotMet,
    /// The model or the route cannot do what was asked for.
    Unsupported,
    /// The model, gateway, route or log does not exist.
    NotFound,
    /// The token or another credential is missing or not accepted.
    Unauthorized,
    /// The account's plan, credits or spend limit do not allow it.
    Billing,
    /// Too many requests in a short time.
    RateLimited,
    /// The day's free allocation is used up.
    DailyQuota,
    /// It took too long inside the service.
    Timeout,
    /// The service, the model or the provider failed or has no capacity.
    Unavailable,
    /// The cause is not known: a code that this version does not know, or one that says nothing.
    Unknown,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $about:ident, $class:ident, $meaning:literal, $advice:literal;)*) => {
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

            /// Returns the kind of problem that the code reports. `Error::class` of the client also reads the message.
            #[must_use]
            pub const fn class(self) -> ErrorClass {
                match self {
                    $(Self::$name => ErrorClass::$about,)*
                    Self::Other(_) => ErrorClass::Unknown,
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
                let known = Self::ALL.iter().find(|code| code.as_u32() == number);
                known.copied().unwrap_or(Self::Other(number))
            }
        }
    };
}

codes! {
    ParameterMissing = 1000, InvalidInput, Never, "A parameter that the model needs was not sent", "send the field";
    InputConflict = 1001, InvalidInput, Never, "Fields exclude each other", "send either `prompt` or `messages`";
    Refused = 1031, Unknown, Never, "The request was refused before it reached the model", "make the request smaller: it was seen with large schemas";
    NoSuchGateway = 2001, NotFound, Never, "The gateway does not exist", "create the gateway in the dashboard, or check its ID";
    GatewayOutput = 2002, Unavailable, Never, "The gateway could not read the model's output", "use another model or route";
    GatewayRateLimited = 2003, RateLimited, Backoff, "The gateway's rate limit is reached", "send fewer requests per minute, or raise the gateway's limit";
    ProviderUnavailable = 2005, Unavailable, Backoff, "The provider did not answer the gateway", "retry";
    GatewayProvider = 2008, NotFound, Never, "The gateway does not know the provider", "check the name of the provider";
    GatewayUnauthorized = 2009, Unauthorized, Never, "The gateway refused the call", "send `cf-aig-authorization`";
    ProviderTimeout = 2014, Timeout, Backoff, "The provider took too long for the gateway", "retry, or stream the output";
    PromptBlocked = 2016, ContentFlagged, Never, "The gateway's guardrails blocked the prompt", "rephrase the prompt";
    ReplyBlocked = 2017, ContentFlagged, Never, "The gateway's guardrails blocked the response", "rephrase the prompt";
    ProviderCredentials = 2018, Unauthorized, Never, "The provider did not accept the credentials", "check the provider's key";
    CompatDisabled = 2019, Unsupported, Never, "The gateway's `/compat` route is disabled", "use the provider's own route";
    GatewayBilling = 2021, Billing, Never, "The gateway cannot bill the call", "check the account's credits and the gateway's token";
    DlpRequest = 2029, ContentFlagged, Never, "Data loss prevention blocked the request", "see the `cf-aig-dlp` header";
    DlpReply = 2030, ContentFlagged, Never, "Data loss prevention blocked the response", "see the `cf-aig-dlp` header";
    CompatUnavailable = 2036, Unsupported, Never, "The gateway's `/compat` route is disabled", "use the provider's own route";
    NoSuchCredential = 2040, Unauthorized, Never, "The gateway has no such stored key", "check the name of the stored key";
    SpendLimit = 2041, Billing, Never, "The gateway's spend limit is reached", "raise the limit, or wait until it is reset";
    NotInUnifiedBilling = 2047, Unauthorized, Never, "The credentials are not valid for this model", "use a key of the provider: the model may not be in Unified Billing";
    InsufficientBalance = 2049, Billing, Never, "The account's balance is insufficient", "add credits";
    ServiceFailed = 3001, Unavailable, Backoff, "Internal error of the service", "retry";
    Incomplete = 3003, InvalidInput, Never, "The request is incomplete", "fix the input";
    TooLarge = 3006, InvalidInput, Never, "The request is too large", "make it smaller, or split it";
    Timeout = 3007, Timeout, Backoff, "The model took too long", "retry, or stream the output";
    Aborted = 3008, Timeout, Backoff, "The request was aborted", "retry";
    InvalidOrIncomplete = 3010, InvalidInput, Never, "The input is invalid or incomplete", "check the data: its format, and that it is complete";
    RateLimited = 3021, RateLimited, Backoff, "The rate limit per minute is reached", "send fewer requests per minute";
    AccountBlocked = 3023, Unauthorized, Never, "The account is blocked", "contact Cloudflare's support";
    ContentFlagged = 3030, ContentFlagged, Never, "The input was refused", "check the input: it may have been flagged, or be damaged";
    DailyQuota = 3036, DailyQuota, NextDay, "The daily free allocation is used up", "wait until 00:00 UTC, or upgrade to the Workers Paid plan";
    FinetuneFiles = 3039, NotFound, Never, "Files of the fine-tune are missing", "upload its files";
    OutOfCapacity = 3040, Unavailable, Backoff, "The model has no capacity at the moment", "retry, or use another model";
    PrivateModel = 3041, Unauthorized, Never, "The account may not use this private model", "check the account";
    InvalidModelId = 3042, NotFound, Never, "The model ID is invalid", "check the ID";
    InternalError = 3043, Unavailable, Backoff, "Internal error of the service", "retry";
    RequestTimeout = 3046, Timeout, Backoff, "The model took longer than about 120 s", "stream the output, or ask for less";
    RetriesExhausted = 3050, Unavailable, Backoff, "The service's own retries are used up", "retry later, or use another model";
    DailyQuotaOld = 4006, DailyQuota, NextDay, "The daily free allocation is used up", "wait until 00:00 UTC, or upgrade to the Workers Paid plan";
    InvalidData = 5004, InvalidInput, Never, "The data is invalid", "check the base64 and the types of the input";
    LoraUnsupported = 5005, Unsupported, Never, "The model does not support LoRA", "leave `lora` out, or use another model";
    SchemaViolation = 5006, InvalidInput, Never, "The input does not match the model's schema", "fix the field that the message names";
    NoSuchModel = 5007, NotFound, Never, "The model does not exist", "check the ID";
    InferenceFailed = 5012, Unavailable, Once, "The model failed", "retry once";
    TermsNotAccepted = 5016, Unauthorized, Never, "The model's terms have not been accepted", "accept them once for the account";
    NoSuchDynamicRoute = 5017, NotFound, Never, "The dynamic route does not exist", "check the name of the route";
    PrivateModelNotAllowed = 5018, Unauthorized, Never, "The account may not use this private model", "check the account";
    SdkTooOld = 5019, Unsupported, Never, "The client is too old", "upgrade it";
    ContextExceeded = 5021, ContextExceeded, Never, "The input exceeds the model's context", "shorten the input";
    SchemaWithStream = 5023, Unsupported, Never, "A JSON schema and a stream exclude each other", "leave one of them out";
    SchemaNotMet = 5024, SchemaNotMet, Once, "The model could not meet the JSON schema", "simplify the schema: no nullable unions, fewer levels";
    JsonModeUnsupported = 5025, Unsupported, Never, "The model does not support JSON mode", "use another model";
    ModelDeprecated = 5028, NotFound, Never, "The model was retired", "use its replacement";
    PaidPlanRequired = 5035, Billing, Never, "The model requires the Workers Paid plan", "upgrade the account to the Workers Paid plan";
    GatewayInternal = 7000, Unavailable, Once, "Internal error of the service", "retry once; leave the gateway out if the body is a form";
    ModelNotFound = 7001, NotFound, Never, "The model does not exist", "check the ID";
    LogNotFound = 7002, NotFound, Backoff, "The gateway log does not exist yet", "retry after some seconds";
    NoRoute = 7003, NotFound, Never, "The route does not exist", "check the URL and the account ID";
    UpstreamUnavailable = 7009, Unavailable, Backoff, "The model's host is unavailable", "retry";
    ScannerUnavailable = 7013, Unavailable, Backoff, "The gateway's scanner is unavailable", "retry";
    EngineRefused = 8001, InvalidInput, Never, "The engine refused the input", "fix the field that the message names";
    EngineFailed = 8002, InvalidInput, Never, "The engine failed on the input", "change what the message names";
    EngineInvalid = 8006, InvalidInput, Never, "The engine could not use the input", "fix what the message names";
    EngineBadRequest = 8007, InvalidInput, Never, "The engine refused the request", "fix what the message names";
    Unauthenticated = 10000, Unauthorized, Never, "The token was not accepted", "check the token and its permissions";
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
