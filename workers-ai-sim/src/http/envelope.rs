//! Responses in the service's envelope.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{error::ApiError, model::Output};

/// The shape of error responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The service's own envelope.
    Native,
    /// The same, with an additional member for OpenAI clients.
    OpenAi,
}

impl Dialect {
    /// Returns the dialect of a route.
    pub(crate) fn from_path(path: &str) -> Self {
        let openai = ["/chat/completions", "/v1/embeddings", "/v1/responses"];
        if openai.iter().any(|end| path.ends_with(end)) { Self::OpenAi } else { Self::Native }
    }
}

impl ApiError {
    /// Returns the HTTP status that belongs to the code.
    pub(crate) fn status(&self) -> StatusCode {
        let status = match self.code {
            2009 | 10000 => 401,
            2016 | 2017 => 424,
            2021 | 2049 => 402,
            3006 => 413,
            3007 | 3008 | 3046 => 408,
            2003 | 3021 | 3036 | 3040 | 4006 => 429,
            3023 | 3041 | 5016 | 5018 | 5035 => 403,
            3042 | 7001 | 7002 | 7003 => 404,
            5005 | 5019 => 405,
            3001 | 3043 | 5017 | 7000 => 500,
            3050 | 7009 | 7013 => 503,
            _ => 400,
        };
        StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)
    }

    pub(crate) fn body(&self, dialect: Dialect) -> Value {
        let mut body = json!({
            "result": {},
            "success": false,
            "errors": [{ "code": self.code, "message": self.message }],
            "messages": [],
        });
        if dialect == Dialect::OpenAi {
            body["error"] = json!({
                "message": self.message, "type": "invalid_request_error", "param": null, "code": self.code.to_string(),
            });
        }
        body
    }

    pub(crate) fn respond(&self, dialect: Dialect) -> Response {
        let mut response = (self.status(), Json(self.body(dialect))).into_response();
        if let Some(findings) =
            self.dlp_findings().and_then(|findings| HeaderValue::try_from(findings.to_string()).ok())
        {
            response.headers_mut().insert("cf-aig-dlp", findings);
        }
        response
    }

    /// Returns the findings of data loss prevention, for the codes with which it blocks.
    fn dlp_findings(&self) -> Option<Value> {
        let check = match self.code {
            2029 => "REQUEST",
            2030 => "RESPONSE",
            _ => return None,
        };
        let id = |number: u32| format!("00000000-0000-4000-8000-{number:012}");
        let profile = json!({ "context": {}, "entry_ids": [id(1)], "profile_id": id(2) });
        let finding = json!({ "profile": profile, "policy_ids": ["local-policy"], "check": check });
        Some(json!({ "findings": [finding], "action": "BLOCK" }))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.respond(Dialect::Native)
    }
}

/// Puts a result into the envelope of success.
pub(crate) fn ok(result: &Value) -> Response {
    Json(json!({ "result": result, "success": true, "errors": [], "messages": [] })).into_response()
}

/// Returns a result, in the envelope of success or alone.
pub(crate) fn result(result: &Value, enveloped: bool) -> Response {
    if enveloped { ok(result) } else { Json(result).into_response() }
}

impl Output {
    /// Returns the output as a response; one that is JSON in the envelope of success or alone.
    pub(crate) fn respond(self, enveloped: bool) -> Response {
        match self {
            Self::Bytes(content_type, bytes) => {
                ([(header::CONTENT_TYPE, content_type.into_owned())], bytes).into_response()
            }
            other => result(&other.to_json(), enveloped),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::error::ApiError;

    #[test]
    fn every_code_comes_with_its_status() {
        for (status, codes) in [
            (
                400,
                &[1000, 1001, 2008, 2029, 2030, 3003, 3030, 3039, 5004, 5006, 5007, 5021, 5025, 5028, 8001, 8006][..],
            ),
            (401, &[2009, 10000]),
            (402, &[2021, 2049]),
            (403, &[3023, 3041, 5016, 5018, 5035]),
            (404, &[3042, 7001, 7002, 7003]),
            (405, &[5005, 5019]),
            (408, &[3007, 3008, 3046]),
            (413, &[3006]),
            (424, &[2016, 2017]),
            (429, &[2003, 3021, 3036, 3040, 4006]),
            (500, &[3001, 3043, 5017, 7000]),
            (503, &[3050, 7009, 7013]),
        ] {
            for code in codes {
                assert_eq!(ApiError::from_code(*code).status(), status, "{code}");
            }
        }
    }

    #[test]
    fn findings_of_data_loss_prevention_are_in_a_header() {
        for (code, check) in [(2029, "REQUEST"), (2030, "RESPONSE")] {
            let response = ApiError::from_code(code).respond(super::Dialect::Native);
            let found: serde_json::Value =
                serde_json::from_slice(response.headers()["cf-aig-dlp"].as_bytes()).expect("JSON");
            assert_eq!(found["findings"][0]["check"], check);
        }
        assert!(!ApiError::from_code(2016).respond(super::Dialect::Native).headers().contains_key("cf-aig-dlp"));
    }
}
