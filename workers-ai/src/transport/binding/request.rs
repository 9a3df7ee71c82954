//! From a request to a call of the binding.

use futures_util::StreamExt;
use serde_json::Value;
use worker::{
    js_sys::{Array, JSON, Object, Uint8Array},
    wasm_bindgen::{JsCast, JsValue},
    worker_sys::web_sys,
};
use workers_ai_types::__private::to_text;

use super::{
    js::{build, function, set, unbuildable},
    options,
};
use crate::{
    error::ConfigError,
    transport::{
        BodyStream, Endpoint, Input, ModelQuery, RequestBody, TransportError, TransportRequest, TransportResponse,
    },
};

/// A call of the binding: the way to its function, and the arguments.
pub(super) struct Asked {
    of: Of,
    arguments: Vec<JsValue>,
}

enum Of {
    /// `ai.run(model, inputs, options)`
    Run,
    /// `ai.models(query)`
    Models,
    /// A function of `ai.gateway(id)`.
    Gateway { id: String, function: &'static str },
}

impl Asked {
    pub(super) fn new(request: TransportRequest, signal: JsValue) -> Result<Self, TransportError> {
        let TransportRequest { endpoint, input, options: of_call, headers, gateway, .. } = request;
        let gateway_function = |id: String, function| Of::Gateway { id, function };
        Ok(match (endpoint, input) {
            (Endpoint::Run(model), input) => {
                let inputs = inputs(input, gateway.is_some())?;
                let options = options::of_run(&of_call, &headers, gateway.as_ref(), signal);
                Self { of: Of::Run, arguments: vec![model.into(), inputs, options.into()] }
            }
            (Endpoint::Models(query), _) => Self { of: Of::Models, arguments: vec![models(&query).into()] },
            (Endpoint::GatewayLog { gateway, log }, Input::Json(json)) => {
                Self { of: gateway_function(gateway, "patchLog"), arguments: vec![log.into(), parse(&json)?] }
            }
            (Endpoint::GatewayLog { gateway, log }, _) => {
                Self { of: gateway_function(gateway, "getLog"), arguments: vec![log.into()] }
            }
            (Endpoint::Universal { gateway: id }, Input::Json(steps)) => {
                let options = Object::new();
                set(&options, "signal", signal);
                let mut headers = headers;
                if let Some(gateway) = &gateway {
                    gateway.write(&mut headers);
                }
                set(&options, "extraHeaders", options::of_headers(&headers));
                Self { of: gateway_function(id, "run"), arguments: vec![parse(&steps)?, options.into()] }
            }
            (endpoint, _) => {
                let what = super::missing(&endpoint).unwrap_or("a fallback whose steps are not JSON");
                return Err(build(ConfigError::NotOverBinding(what).to_string()));
            }
        })
    }

    /// Starts the call. The error is what the function threw, or that there is no such function.
    pub(super) fn start(&self, ai: &JsValue) -> Result<JsValue, JsValue> {
        let find = |object: &JsValue, name: &str| {
            function(object, name).map_err(|error| JsValue::from(worker::js_sys::TypeError::new(&error.to_string())))
        };
        let arguments: Array = self.arguments.iter().collect();
        match &self.of {
            Of::Run => find(ai, "run")?.apply(ai, &arguments),
            Of::Models => find(ai, "models")?.apply(ai, &arguments),
            Of::Gateway { id, function } => {
                let gateway = find(ai, "gateway")?.call1(ai, &id.as_str().into())?;
                find(&gateway, function)?.apply(&gateway, &arguments)
            }
        }
    }

    /// Converts what the call returned.
    pub(super) fn response(&self, answer: JsValue) -> Result<TransportResponse, TransportError> {
        match self.of {
            Of::Models => super::response::of_object(&answer),
            Of::Run | Of::Gateway { .. } => super::response::of_any(answer),
        }
    }
}

/// Returns the second argument of `run`.
fn inputs(input: Input, through_gateway: bool) -> Result<JsValue, TransportError> {
    match input {
        Input::Json(json) => parse(&json),
        Input::Form { content_type, body } => {
            let inputs = Object::new();
            set(&inputs, "multipart", file(&stream_of(&body)?, &content_type));
            Ok(inputs.into())
        }
        Input::File { field, content_type, file: body, fields, in_json } => {
            let inputs: Object = parse(&fields)?.unchecked_into();
            let value = match body {
                // The runtime sends no stream through a gateway.
                RequestBody::Bytes(bytes) if through_gateway && in_json => {
                    bytes.iter().map(|byte| JsValue::from(*byte)).collect::<Array>().into()
                }
                _ if through_gateway => {
                    return Err(build("the binding sends no files through a gateway: leave the gateway out"));
                }
                RequestBody::Bytes(bytes) => file(&stream_of(&bytes)?, &content_type),
                RequestBody::Stream(chunks) => file(&stream_of_chunks(&chunks)?, &content_type),
            };
            set(&inputs, field, value);
            Ok(inputs.into())
        }
        Input::None => Ok(Object::new().into()),
    }
}

fn file(body: &JsValue, content_type: &str) -> JsValue {
    let file = Object::new();
    set(&file, "body", body);
    set(&file, "contentType", content_type);
    file.into()
}

/// Parses JSON into plain objects. Integers that JavaScript would round are refused.
fn parse(json: &[u8]) -> Result<JsValue, TransportError> {
    if let Some((path, number)) = rounded(json) {
        return Err(build(format!(
            "`{path}` is {}, an integer beyond 2^53, which JavaScript would round",
            to_text(&number)
        )));
    }
    let text = std::str::from_utf8(json).map_err(build)?;
    JSON::parse(text).map_err(unbuildable)
}

const MAX_EXACT: u64 = (1 << 53) - 1;

/// Returns the place of an integer that JavaScript would round. Only a run of 16 digits can be one, and most inputs have none.
fn rounded(json: &[u8]) -> Option<(String, Value)> {
    fn find(value: &Value, path: &str) -> Option<(String, Value)> {
        match value {
            Value::Number(number) => {
                let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs))?;
                (magnitude > MAX_EXACT).then(|| (path.to_owned(), value.clone()))
            }
            Value::Array(items) => items.iter().enumerate().find_map(|(at, item)| find(item, &format!("{path}[{at}]"))),
            Value::Object(members) => members.iter().find_map(|(name, member)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                find(member, &path)
            }),
            _ => None,
        }
    }
    let long = json.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let mut long = long.filter(|run| run.len() >= 16 && run[0].is_ascii_digit());
    long.next()?;
    find(&serde_json::from_slice(json).ok()?, "")
}

/// Returns a `ReadableStream` of bytes that are all there.
fn stream_of(bytes: &[u8]) -> Result<JsValue, TransportError> {
    let array = Uint8Array::from(bytes);
    let response = web_sys::Response::new_with_opt_js_u8_array(Some(&array)).map_err(unbuildable)?;
    response.body().map(JsValue::from).ok_or_else(|| build("the file is empty"))
}

/// Returns a `ReadableStream` of chunks as they arrive.
fn stream_of_chunks(chunks: &BodyStream) -> Result<JsValue, TransportError> {
    let chunks = chunks.take().ok_or_else(|| build("the stream of the file was sent before"))?;
    let chunks = chunks.map(|chunk| match chunk {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) => Err(worker::Error::RustError(error.to_string())),
    });
    let response = worker::Response::from_stream(chunks).map_err(|error| build(error.to_string()))?;
    let response: web_sys::Response = response.into();
    response.body().map(JsValue::from).ok_or_else(|| build("the file is empty"))
}

/// Returns the argument of `models`.
fn models(query: &ModelQuery) -> Object {
    let all = Object::new();
    for (name, value) in [("search", &query.search), ("task", &query.task), ("author", &query.author)] {
        if let Some(value) = value {
            set(&all, name, value.as_str());
        }
    }
    set(&all, "hide_experimental", query.hide_experimental);
    if query.include_deprecated {
        set(&all, "include_deprecated", true);
    }
    set(&all, "page", query.page);
    set(&all, "per_page", query.per_page);
    all
}
