//! Invalid configuration of a client or a call.

/// Invalid configuration of a client or a call. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no account ID.
    #[error("no account ID: call `.account(…)`, or set CLOUDFLARE_ACCOUNT_ID and use `from_env()` or `.with_env()`")]
    MissingAccount,
    /// There is no API token.
    #[error("no API token: call `.token(…)`, or set CLOUDFLARE_API_TOKEN and use `from_env()` or `.with_env()`")]
    MissingToken,
    /// The account ID is not one. Servers on this machine may use other names.
    #[error(
        "invalid account ID `{0}`: it has 32 hexadecimal digits; `wrangler whoami` and the dashboard's URL show it"
    )]
    Account(String),
    /// The API token cannot be sent in a header.
    #[error("the API token contains characters not allowed in a header")]
    Token,
    /// A base URL is invalid.
    #[error("invalid base URL `{url}`: {cause}")]
    BaseUrl {
        /// The URL.
        url: String,
        /// The problem.
        cause: String,
    },
    /// The token would travel unencrypted to another machine.
    #[error(
        "the API token would travel unencrypted to {url}: use https, or call `.allow_plain_http()` if you trust every machine on the way"
    )]
    PlainHttp {
        /// The origin.
        url: String,
    },
    /// A URL for a local client is not one of this machine.
    #[error(
        "{url} is not on this machine: `WorkersAi::local` is for tests against a server on it; use `WorkersAi::builder()` for others"
    )]
    NotLocal {
        /// The origin.
        url: String,
    },
    /// The name of a header is invalid.
    #[error("invalid header name `{0}`")]
    HeaderName(String),
    /// The value of a header is invalid.
    #[error("invalid value for the header `{name}`: `{value}`")]
    Header {
        /// The header's name.
        name: String,
        /// The value, or a placeholder where it may be a secret.
        value: String,
    },
    /// An option of a gateway is invalid.
    #[error("gateway option `{option}`: {cause}")]
    Gateway {
        /// The option.
        option: &'static str,
        /// The problem.
        cause: String,
    },
    /// A tag is invalid.
    #[error("tags: {0}")]
    Tags(String),
    /// The files of a LoRA adapter are invalid.
    #[error("finetune: {0}")]
    Finetune(String),
    /// The model lacks a capability, as the catalog says.
    #[error("{model} does not support {capability}")]
    Unsupported {
        /// The ID of the model.
        model: String,
        /// The capability, in words.
        capability: &'static str,
    },
    /// The binding of a Worker does not have what is asked. Over REST, it is there.
    #[error("the binding of a Worker does not have {0}")]
    NotOverBinding(&'static str),
    /// Two settings exclude each other.
    #[error("{0}")]
    Conflict(&'static str),
    /// The HTTP client could not be created.
    #[error("the HTTP client could not be created: {0}")]
    Http(String),
    /// The system has no random numbers.
    #[error("no random numbers are available: {0}")]
    Random(String),
}
