//! From responses of the runtime to responses of a transport, and back.

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt};
use http::StatusCode;
use worker::{
    Response, ResponseBuilder,
    js_sys::JSON,
    wasm_bindgen::{JsCast, JsValue},
    worker_sys::web_sys,
};

use super::{body::NativeResponse, js::unbuildable};
use crate::{
    Error,
    transport::{Headers, TransportError, TransportResponse},
};

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

/// Converts a `Response`.
pub(super) fn of_response(response: web_sys::Response) -> Result<TransportResponse, TransportError> {
    let status = StatusCode::from_u16(response.status()).map_err(TransportError::build)?;
    let mut headers = Headers::new();
    for (name, value) in &worker::Headers(response.headers()) {
        headers.append(name, value);
    }
    let native = NativeResponse::new(response);
    let body = native.chunks();
    Ok(TransportResponse { native: Some(native), ..TransportResponse::new(status, headers, body) })
}

/// Hands a response on to whoever called the Worker: the stream of the runtime itself, if nothing has been read of it.
pub(crate) fn hand_on(response: TransportResponse) -> Result<Response, Error> {
    let TransportResponse { headers, body, native, .. } = response;
    let content_type = headers.get("content-type");
    match native.and_then(|native| native.take()).and_then(|response| response.body()) {
        Some(stream) => Ok(with_content_type(content_type)?.stream(stream)),
        None => hand_on_chunks(content_type, body.map_err(|error| error.interrupted().into())),
    }
}

/// Hands chunks on to whoever called the Worker.
pub(crate) fn hand_on_chunks(
    content_type: Option<&str>,
    chunks: impl Stream<Item = Result<Bytes, Error>> + 'static,
) -> Result<Response, Error> {
    let chunks = chunks.map_ok(|bytes| bytes.to_vec()).map_err(worker::Error::from);
    with_content_type(content_type)?.from_stream(chunks).map_err(refused)
}

/// Begins a response. The service's other headers are its own business.
fn with_content_type(content_type: Option<&str>) -> Result<ResponseBuilder, Error> {
    let response = ResponseBuilder::new().with_header("cache-control", "no-cache").map_err(refused)?;
    match content_type {
        Some(content_type) => response.with_header("content-type", content_type).map_err(refused),
        None => Ok(response),
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is what `map_err` takes")]
fn refused(error: worker::Error) -> Error {
    TransportError::build(error.to_string()).into()
}
