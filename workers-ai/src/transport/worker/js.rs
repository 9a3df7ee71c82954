//! Values of JavaScript, and what it throws.

use futures_util::StreamExt;
use http::StatusCode;
use worker::{
    js_sys::{Function, Object, Reflect},
    wasm_bindgen::{JsCast, JsValue},
    worker_sys::web_sys,
};
use workers_ai_types::__private::to_text;

use crate::transport::{BodyStream, TransportError, TransportErrorKind, TransportResponse};

pub(super) fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    // A plain object takes any member.
    let _ = Reflect::set(object, &name.into(), &value.into());
}

pub(super) fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// Returns a method of an object.
pub(super) fn function(object: &JsValue, name: &str) -> Option<Function> {
    get(object, name)?.dyn_into().ok()
}

/// Converts what was thrown while a request was built.
#[allow(clippy::needless_pass_by_value, reason = "it is what `map_err` takes")]
pub(super) fn unbuildable(thrown: JsValue) -> TransportError {
    TransportError::build(Thrown::new(&thrown).to_string())
}

/// Returns a `ReadableStream` of chunks as they arrive.
pub(super) fn stream_of_chunks(chunks: &BodyStream) -> Result<JsValue, TransportError> {
    let chunks = chunks.take().ok_or_else(|| TransportError::build("the stream of the file was sent before"))?;
    let chunks = chunks.map(|chunk| match chunk {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) => Err(worker::Error::RustError(error.to_string())),
    });
    let response = worker::Response::from_stream(chunks).map_err(|error| TransportError::build(error.to_string()))?;
    let response: web_sys::Response = response.into();
    response.body().map(JsValue::from).ok_or_else(|| TransportError::build("the file is empty"))
}

/// An exception thrown by a call.
pub(super) struct Thrown {
    name: String,
    message: String,
}

impl Thrown {
    pub(super) fn new(thrown: &JsValue) -> Self {
        let text = |name: &str| get(thrown, name).and_then(|text| text.as_string());
        let message = text("message").or_else(|| thrown.as_string()).unwrap_or_default();
        Self { name: text("name").unwrap_or_default(), message }
    }

    /// Returns the code at the start of the message: `3040: Capacity temporarily exceeded`.
    fn code(&self) -> Option<(u32, &str)> {
        let (code, rest) = self.message.split_once(": ")?;
        Some((code.parse().ok()?, rest))
    }

    /// Returns the refusal that the service meant, or the loss of the request.
    pub(super) fn response(&self, ai: &JsValue) -> Result<TransportResponse, TransportError> {
        let kind = match self.name.as_str() {
            "AiInternalError" | "TypeError" | "DataCloneError" => TransportErrorKind::Build,
            _ if self.is_timeout() => TransportErrorKind::Timeout,
            name if self.code().is_some() || is_of_service(name) => return Ok(self.refusal(ai)),
            _ => TransportErrorKind::ConnectionLost,
        };
        Err(TransportError::new(kind, self.to_string()))
    }

    /// Returns `true` if a signal ended the call.
    pub(super) fn is_timeout(&self) -> bool {
        matches!(self.name.as_str(), "TimeoutError" | "AbortError")
    }

    /// Returns `true` for an error that the runtime's own code throws.
    pub(super) fn is_internal(&self) -> bool {
        self.name == "AiInternalError"
    }

    /// Returns the response that the runtime turned into an exception.
    pub(super) fn refusal(&self, ai: &JsValue) -> TransportResponse {
        let status = get(ai, "lastRequestHttpStatusCode").and_then(|status| status.as_f64());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is within bounds")]
        let status = status.filter(|status| (400.0..600.0).contains(status)).map(|status| status as u16);
        let status = status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::BAD_GATEWAY);
        let body = match self.code() {
            Some((code, message)) => {
                format!(r#"{{"errors":[{{"code":{code},"message":{}}}]}}"#, to_text(&message.into()))
            }
            None => self.message.clone(),
        };
        TransportResponse::json(status.as_u16(), body)
    }
}

/// Returns whether an exception has a name that stands for a response of the service.
fn is_of_service(name: &str) -> bool {
    matches!(name, "InferenceUpstreamError" | "AiError" | "InvalidInput")
        || (name.starts_with("AiGateway") && name != "AiGatewayInternalError")
}

impl std::fmt::Display for Thrown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, message } = self;
        if name.is_empty() { f.write_str(message) } else { write!(f, "{name}: {message}") }
    }
}
