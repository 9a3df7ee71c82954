//! Errors of the service.

use workers_ai_types::ErrorCode;

/// An error of the service. How it is put into a response is up to [`crate::http::envelope`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Returns an error with the usual message of its code.
    pub(crate) fn from_code(code: u32) -> Self {
        let meaning = match ErrorCode::from(code).meaning() {
            "" => "something failed",
            meaning => meaning,
        };
        Self::new(code, format!("AiError: AiError: {meaning} (00000000-0000-4000-8000-{code:012})"))
    }

    /// Returns the error for an input that breaks its schema.
    pub(crate) fn invalid_input(detail: &str) -> Self {
        Self::new(5006, format!("AiError: Bad input: Error: {detail}"))
    }

    pub(crate) fn no_such_model(id: &str) -> Self {
        Self::new(5007, format!("AiError: No such model {id} or task"))
    }
}
