//! From an input to a request.

use std::fmt;

use ::bytes::Bytes;
use http::Method;
use serde_json::{Value, value::RawValue};
use workers_ai_types::{Body, ModelInfo};

use crate::{
    Error, WorkersAi,
    billing::tokens::OUTPUT_TOKENS,
    call::options::Options,
    error::ConfigError,
    transport::multipart,
    transport::retry::RetryPolicy,
    transport::{BodyStream, Endpoint, RequestBody, TransportRequest},
};

/// An input on its way to a model: checked and written, unless that failed.
pub(crate) struct PreparedRequest {
    pub(crate) model: String,
    pub(crate) body: Result<Body, Error>,
    pub(crate) options: Options,
    /// What the catalog says of the model, where it has a type.
    pub(crate) info: ModelInfo,
    /// How it is called.
    pub(crate) call: By,
    /// What is sent in the place of a body of bytes.
    pub(crate) upload: Option<BodyStream>,
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What users extract_usage, and whole recordings, are not for logs.
        f.debug_struct("PreparedRequest")
            .field("model", &self.model)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// The route that a model is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The service's own, which takes the model's own input.
    Run,
    /// One that other clients know: `chat/completions` and its like. The input names the model.
    OpenAi(&'static str),
}

impl PreparedRequest {
    /// An input of JSON for a model that is known by its id alone.
    pub(crate) fn json(model: String, input: &Value, info: ModelInfo) -> Self {
        let body = serde_json::to_vec(input).map(Body::Json).map_err(|error| Error::Encode(error.into()));
        Self { body, ..Self::new(model, Vec::new(), info) }
    }

    /// An input of JSON that was written before.
    pub(crate) fn new(model: String, json: Vec<u8>, info: ModelInfo) -> Self {
        Self { model, body: Ok(Body::Json(json)), options: Options::default(), info, call: By::Run, upload: None }
    }

    /// The most tokens that a chat model may answer with. The service has its own limit where an input names none.
    pub(crate) fn token_limit(&self) -> Option<u64> {
        #[derive(serde::Deserialize)]
        struct Limit {
            #[serde(rename = "max_completion_tokens")]
            completion: Option<u64>,
            #[serde(rename = "max_output_tokens")]
            output: Option<u64>,
            #[serde(rename = "max_tokens")]
            any: Option<u64>,
        }
        let Ok(Body::Json(json)) = &self.body else { return None };
        let limit: Limit = serde_json::from_slice(json).ok()?;
        let otherwise = (self.info.task == "Text Generation").then_some(OUTPUT_TOKENS);
        limit.completion.or(limit.output).or(limit.any).or(otherwise)
    }

    /// The request, and when it is tried again.
    pub(crate) fn outgoing(self, ai: &WorkersAi, stream: bool) -> Result<(TransportRequest, RetryPolicy), Error> {
        ai.check_context(&self)?;
        let Self { model, body, options, info: _, call, upload } = self;
        let body = body?;
        options.check()?;
        if call != By::Run && options.reject_if_busy {
            return Err(ConfigError::Conflict("`reject_if_busy` is of the service's own route only").into());
        }
        if options.reject_if_busy && !matches!(body, Body::Json(_)) {
            return Err(
                ConfigError::Conflict("`reject_if_busy` travels in a body of JSON, and this one is none").into()
            );
        }
        let mut query = options.query();
        let once = upload.is_some();
        let (content_type, body) = match body {
            Body::Json(json) => {
                let json = json_with(json, options.reject_if_busy);
                let json = if call == By::Run && is_partner(&model) { named(&model, &json)? } else { json };
                ("application/json".to_owned(), RequestBody::Bytes(json))
            }
            Body::Form(parts) => {
                if options.gateway.is_some() {
                    return Err(ConfigError::Conflict("a gateway takes no forms: leave the gateway out").into());
                }
                let (content_type, form) = multipart::encode(parts)?;
                (content_type, RequestBody::Bytes(form))
            }
            Body::File { bytes, content_type, fields, .. } => {
                let beside: serde_json::Map<String, Value> = serde_json::from_slice(&fields).unwrap_or_default();
                multipart::sendable(&content_type)?;
                query.extend(beside.into_iter().map(|(name, value)| {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    (name, text)
                }));
                (content_type, upload.map_or_else(|| bytes.into(), RequestBody::Pieces))
            }
            _ => return Err(ConfigError::Conflict("a form of body that this version does not know").into()),
        };
        let outgoing = TransportRequest {
            target: call.target(model),
            query,
            headers: options.headers,
            content_type: Some(content_type),
            body,
            gateway: options.gateway,
            timeout: options.timeout.or(ai.timeout),
            stream,
        };
        let policy = options.retry.unwrap_or(ai.retry).resend(options.resend.unwrap_or(true));
        // What was sent piece by piece is gone.
        Ok((outgoing, if once { policy.max_attempts(1) } else { policy }))
    }
}

impl By {
    fn target(self, model: String) -> Endpoint {
        let account = |path: String| Endpoint::Account { method: Method::POST, path };
        match self {
            Self::Run if is_partner(&model) => account("ai/run".to_owned()),
            Self::Run => Endpoint::Run(model),
            // The gateway's host knows other companies' models by routes of theirs.
            Self::OpenAi(route) if is_partner(&model) => account(format!("ai/v1/{route}")),
            Self::OpenAi(route) => Endpoint::OpenAi(route.to_owned()),
        }
    }
}

/// Whether another company runs the model: its id has no `@`, and it is called by the route that takes every model.
pub(crate) fn is_partner(model: &str) -> bool {
    !model.starts_with('@') && model.contains('/')
}

/// An input with the id of its model.
fn named(model: &str, input: &[u8]) -> Result<Bytes, Error> {
    let input: &RawValue = serde_json::from_slice(input).map_err(|error| Error::Encode(error.into()))?;
    let named = Named { model, input };
    serde_json::to_vec(&named).map(Bytes::from).map_err(|error| Error::Encode(error.into()))
}

#[derive(serde::Serialize)]
struct Named<'a> {
    model: &'a str,
    input: &'a RawValue,
}

/// Adds the options that travel in the body to an object.
pub(crate) fn json_with(mut json: Vec<u8>, reject_if_busy: bool) -> Bytes {
    const BUSY: &[u8] = br#""options":{"rejectIfBusy":true}}"#;
    if reject_if_busy && json.last() == Some(&b'}') {
        json.pop();
        if json.last() != Some(&b'{') {
            json.push(b',');
        }
        json.extend_from_slice(BUSY);
    }
    json.into()
}
