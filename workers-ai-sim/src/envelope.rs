//! Answers in the service's envelope, and its errors.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use workers_ai_types::ErrorCode;

/// An error of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u32,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// An error with the words that its code has.
    pub(crate) fn of_code(code: u32) -> Self {
        let meaning = match ErrorCode::from(code).meaning() {
            "" => "something failed",
            meaning => meaning,
        };
        Self::new(code, format!("AiError: AiError: {meaning} (00000000-0000-4000-8000-{code:012})"))
    }

    /// A broken schema.
    pub(crate) fn invalid(detail: &str) -> Self {
        Self::new(5006, format!("AiError: Bad input: Error: {detail}"))
    }

    pub(crate) fn status(&self) -> StatusCode {
        let status = match self.code {
            2009 | 10000 => 401,
            2016 | 2017 => 424,
            2021 => 402,
            3006 => 413,
            3007 | 3008 => 408,
            3021 | 3036 | 3040 | 4006 => 429,
            3023 | 3041 | 5016 | 5018 | 5035 => 403,
            3042 | 7002 | 7003 => 404,
            5005 | 5019 => 405,
            7000 => 500,
            7009 | 7013 => 503,
            _ => 400,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)
    }

    pub(crate) fn body(&self) -> Value {
        json!({
            "result": {},
            "success": false,
            "errors": [{ "code": self.code, "message": self.message }],
            "messages": [],
        })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status(), Json(self.body())).into_response()
    }
}

/// An answer in its envelope.
pub(crate) fn ok(result: &Value) -> Response {
    Json(json!({ "result": result, "success": true, "errors": [], "messages": [] })).into_response()
}
