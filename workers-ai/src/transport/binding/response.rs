//! From what the binding returned to a response.

use bytes::Bytes;
use futures_util::StreamExt;
use http::StatusCode;
use worker::{
    js_sys::JSON,
    wasm_bindgen::{JsCast, JsValue},
    worker_sys::web_sys,
};

use super::{
    SendStream,
    js::{build, unbuildable},
};
use crate::transport::{BoxStream, Headers, TransportError, TransportErrorKind, TransportResponse};

/// Converts a `Response`, or what comes where an object in place of the binding makes none: a stream, or an object.
pub(super) fn of_any(answer: JsValue) -> Result<TransportResponse, TransportError> {
    let answer = match answer.dyn_into::<web_sys::Response>() {
        Ok(response) => return of_response(response),
        Err(answer) => answer,
    };
    match answer.dyn_into::<web_sys::ReadableStream>() {
        Ok(stream) => {
            let response = web_sys::Response::new_with_opt_readable_stream(Some(&stream)).map_err(unbuildable)?;
            of_response(response)
        }
        Err(object) => of_object(&object),
    }
}

/// Converts an object that stands for JSON.
pub(super) fn of_object(object: &JsValue) -> Result<TransportResponse, TransportError> {
    // A function that returns nothing has no JSON.
    let json =
        if object.is_undefined() { "null".to_owned() } else { JSON::stringify(object).map_err(unbuildable)?.into() };
    Ok(TransportResponse::json(200, json))
}

fn of_response(response: web_sys::Response) -> Result<TransportResponse, TransportError> {
    let status = StatusCode::from_u16(response.status()).map_err(build)?;
    let mut response = worker::Response::from(response);
    let mut headers = Headers::new();
    for (name, value) in response.headers() {
        headers.append(name, value);
    }
    let body: BoxStream<'static, Result<Bytes, TransportError>> = match response.stream() {
        // Dropping it cancels what is left of the service's stream.
        Ok(chunks) => Box::pin(SendStream::new(chunks).map(|chunk| match chunk {
            Ok(bytes) => Ok(Bytes::from(bytes)),
            Err(error) => Err(TransportError::new(TransportErrorKind::ConnectionLost, error.to_string())),
        })),
        Err(_) => Box::pin(futures_util::stream::empty()),
    };
    Ok(TransportResponse::new(status, headers, body))
}
