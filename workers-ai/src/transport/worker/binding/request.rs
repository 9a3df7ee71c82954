//! From a request to a call of the binding.

use serde_json::Value;
use worker::{
    js_sys::{Array, JSON, Object, TypeError, Uint8Array},
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
    worker_sys::web_sys,
};
use workers_ai_types::__private::to_text;

use super::{
    super::{
        js::{Thrown, function, set, stream_of_chunks, unbuildable},
        response,
    },
    options,
};
use crate::{
    error::ConfigError,
    transport::{Endpoint, Input, ModelQuery, RequestBody, TransportError, TransportRequest, TransportResponse},
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
    /// A function of `ai.toMarkdown()`.
    Markdown(&'static str),
}

impl Asked {
    pub(super) async fn new(request: TransportRequest, signal: JsValue) -> Result<Self, TransportError> {
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
            (Endpoint::Markdown, Input::Form { content_type, body }) => {
                let (files, options) = markdown(&content_type, &body).await?;
                Self { of: Of::Markdown("transform"), arguments: vec![files.into(), options.into()] }
            }
            (Endpoint::Markdown, _) => Self { of: Of::Markdown("supported"), arguments: Vec::new() },
            (endpoint, _) => {
                let what = super::missing(&endpoint).unwrap_or("a fallback whose steps are not JSON");
                return Err(TransportError::build(ConfigError::NotOverBinding(what).to_string()));
            }
        })
    }

    /// Starts the call. The error is what the function threw, or that there is no such function.
    pub(super) fn start(&self, ai: &JsValue) -> Result<JsValue, JsValue> {
        let find = |object: &JsValue, name: &str| {
            function(object, name).ok_or_else(|| {
                let missing = format!("the binding has no function `{name}`: is it `env.ai(\"AI\")`?");
                JsValue::from(TypeError::new(&missing))
            })
        };
        let arguments: Array = self.arguments.iter().collect();
        match &self.of {
            Of::Run => find(ai, "run")?.apply(ai, &arguments),
            Of::Models => find(ai, "models")?.apply(ai, &arguments),
            Of::Gateway { id, function } => {
                let gateway = find(ai, "gateway")?.call1(ai, &id.as_str().into())?;
                find(&gateway, function)?.apply(&gateway, &arguments)
            }
            Of::Markdown(function) => {
                let service = find(ai, "toMarkdown")?.call0(ai)?;
                find(&service, function)?.apply(&service, &arguments)
            }
        }
    }

    /// Converts what the call returned.
    pub(super) fn response(&self, answer: JsValue) -> Result<TransportResponse, TransportError> {
        match self.of {
            Of::Models | Of::Markdown(_) => response::of_object(&answer),
            Of::Run | Of::Gateway { .. } => response::of_any(answer),
        }
    }

    /// Converts what the call threw.
    pub(super) fn failure(&self, thrown: &Thrown, ai: &JsValue) -> Result<TransportResponse, TransportError> {
        match self.of {
            // They throw the service's refusals under the name that `run` has for wrong arguments.
            Of::Models | Of::Markdown(_) if thrown.is_internal() => Ok(thrown.refusal(ai)),
            _ => thrown.response(ai),
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
                    return Err(TransportError::build(
                        "the binding sends no files through a gateway: leave the gateway out",
                    ));
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
        return Err(TransportError::build(format!(
            "`{path}` is {}, an integer beyond 2^53, which JavaScript would round",
            to_text(&number)
        )));
    }
    let text = std::str::from_utf8(json).map_err(TransportError::build)?;
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
    response.body().map(JsValue::from).ok_or_else(|| TransportError::build("the file is empty"))
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

/// Returns the arguments of `toMarkdown().transform`: the files of a form, and its options. The runtime reads the form.
async fn markdown(content_type: &str, form: &[u8]) -> Result<(Array, Object), TransportError> {
    let (init, headers) = (web_sys::ResponseInit::new(), web_sys::Headers::new().map_err(unbuildable)?);
    headers.set("content-type", content_type).map_err(unbuildable)?;
    init.set_headers(&headers);
    let mut form = form.to_vec();
    let response = web_sys::Response::new_with_opt_u8_array_and_init(Some(&mut form), &init).map_err(unbuildable)?;
    let form = JsFuture::from(response.form_data().map_err(unbuildable)?).await.map_err(unbuildable)?;
    let form: web_sys::FormData = form.unchecked_into();
    let (files, options) = (Array::new(), Object::new());
    for blob in form.get_all("files") {
        let file = Object::new();
        set(&file, "name", web_sys::File::from(blob.clone()).name());
        set(&file, "blob", blob);
        files.push(&file);
    }
    if let Some(conversion) = form.get("conversionOptions").as_string() {
        set(&options, "conversionOptions", parse(conversion.as_bytes())?);
    }
    Ok((files, options))
}
