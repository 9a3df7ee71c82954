//! From an input to a request.

use std::{fmt, time::Duration};

use serde_json::Value;
use workers_ai_types::{
    __private::{RawMembers, from_text},
    catalog::{Capability, ModelFacts, ModelInfo},
    codec::{Body, Encode},
};

use super::options::Options;
use crate::{
    Error, WorkersAi,
    billing::tokens::DEFAULT_OUTPUT_TOKENS,
    error::ConfigError,
    known::Known,
    transport::{
        BodyStream, Endpoint, Input, RequestBody, TransportRequest, json::mentions, multipart, retry::RetryPolicy,
    },
};

/// An input on its way to a model: checked and encoded, unless that failed. The failure is reported when the call is made.
pub(crate) struct PreparedRequest {
    /// The model's ID; for a fallback, all of them.
    pub(crate) model: String,
    /// The catalog's facts about the model.
    pub(crate) info: ModelInfo,
    /// All that is known about the model. `None`: it is known by its ID alone.
    pub(crate) facts: Option<ModelFacts>,
    /// The model of the catalog that the JSON of the body is checked against.
    pub(crate) known: Option<&'static Known>,
    pub(crate) endpoint: Endpoint,
    pub(crate) body: Result<Body, Error>,
    /// Sent in place of the bytes of the body's file.
    pub(crate) upload: Option<BodyStream>,
    pub(crate) options: Options,
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What users wrote, and whole recordings, do not belong in logs.
        f.debug_struct("PreparedRequest")
            .field("model", &self.model)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// A request with everything that is needed to send and retry it.
pub(crate) struct Outbound {
    /// The model, for errors and spans.
    pub(crate) model: String,
    /// The ID of the model whose rate limit applies.
    #[cfg(feature = "rate-limit")]
    pub(crate) rate_limited_as: String,
    /// The catalog's facts about the model. `None`: it is not the call of a model.
    #[cfg_attr(
        not(any(feature = "rate-limit", feature = "tracing")),
        allow(dead_code, reason = "only limits and spans depend on them")
    )]
    pub(crate) info: Option<ModelInfo>,
    pub(crate) request: TransportRequest,
    pub(crate) policy: RetryPolicy,
    pub(crate) timeout: Option<Duration>,
}

impl PreparedRequest {
    /// Checks and encodes an input.
    pub(crate) fn encode<I: Encode>(model: ModelFacts, input: &I, stream: bool) -> Self {
        let checked = input.check(&model).map_err(Error::from);
        let body = checked.and_then(|()| input.encode(&model, stream).map_err(Error::from));
        Self { facts: Some(model), ..Self::new(model.id.to_owned(), *model.info, body) }
    }

    /// Prepares the call of a model.
    pub(crate) fn new(model: String, info: ModelInfo, body: Result<Body, Error>) -> Self {
        let endpoint = Endpoint::Run(model.clone());
        Self { model, info, facts: None, known: None, endpoint, body, upload: None, options: Options::default() }
    }

    /// Returns the number of tokens that a chat model may generate. The service has a limit of its own where an input sets none.
    pub(crate) fn token_limit(&self) -> Option<u64> {
        let Ok(Body::Json(json)) = &self.body else { return None };
        let members = RawMembers::of(json)?;
        let mut limits = ["max_completion_tokens", "max_output_tokens", "max_tokens"].iter();
        match limits.find_map(|name| members.get(name).filter(|limit| *limit != "null")) {
            Some(limit) => limit.parse().ok(),
            None => (self.info.task == "Text Generation").then_some(DEFAULT_OUTPUT_TOKENS),
        }
    }

    /// Checks JSON that no type has checked, if the catalog knows the model.
    pub(crate) fn check_known(&self, stream: bool) -> Result<(), Error> {
        let (Some(known), Endpoint::Run(_), Ok(Body::Json(json))) = (self.known, &self.endpoint, &self.body) else {
            return Ok(());
        };
        // JSON that is nested too deeply to be read again is the service's to refuse.
        if let Ok(input) = serde_json::from_slice::<Value>(json) {
            known.check(&input)?;
            if !stream && input["stream"] == true {
                let cause = "`stream` is set by the call: use `.stream(…)`, or `.streamed()` after `.ask(…)`";
                return Err(ConfigError::Conflict(cause).into());
            }
        }
        Ok(())
    }

    /// Fails if the catalog says that the model lacks a capability.
    pub(crate) fn requires(&self, capability: Capability, words: &'static str) -> Result<(), ConfigError> {
        match self.known {
            Some(known) if !known.can(capability) => {
                Err(ConfigError::Unsupported { model: self.model.clone(), capability: words })
            }
            _ => Ok(()),
        }
    }

    /// Builds the request. With `stream`, its response is read in chunks.
    pub(crate) fn into_outbound(self, ai: &WorkersAi, stream: bool) -> Result<Outbound, Error> {
        if stream {
            self.requires(Capability::Streaming, "streaming")?;
        }
        self.check_known(stream)?;
        ai.check_context(&self)?;
        let Self { model, info, endpoint, body, upload, mut options, .. } = self;
        let body = body?;
        if stream && has_native_schema(&body) {
            return Err(ConfigError::Conflict(
                "this model cannot stream JSON of a given schema (error 5023): use `run`, or leave the schema out",
            )
            .into());
        }
        options.check()?;
        let is_upload = upload.is_some();
        let input = input(body, upload)?;
        check(&endpoint, &input, &options)?;
        let policy = options.retry.unwrap_or(ai.retry);
        let policy = if options.only_once { policy.writing() } else { policy };
        let timeout = options.timeout.or(ai.timeout);
        let mut request = TransportRequest::new(endpoint, input);
        request.options = options.service;
        request.headers = options.headers;
        request.gateway = options.gateway;
        request.stream = stream;
        // A stream can be sent once.
        let policy = if is_upload { policy.max_attempts(1) } else { policy };
        Ok(Outbound {
            #[cfg(feature = "rate-limit")]
            rate_limited_as: model.clone(),
            model,
            info: Some(info),
            request,
            policy,
            timeout,
        })
    }
}

/// Returns whether an input asks for JSON of a schema in the native form: the schema itself, without a name.
fn has_native_schema(body: &Body) -> bool {
    let Body::Json(json) = body else { return false };
    if !mentions(json, "json_schema") {
        return false;
    }
    let format = RawMembers::of(json).and_then(|members| from_text::<Value>(members.get("response_format")?).ok());
    format.is_some_and(|format| {
        format["type"] == "json_schema" && format["json_schema"].get("schema").is_none_or(|schema| !schema.is_object())
    })
}

fn input(body: Body, upload: Option<BodyStream>) -> Result<Input, Error> {
    Ok(match body {
        Body::Json(json) => Input::Json(json.into()),
        Body::Form(parts) => {
            let (content_type, body) = multipart::encode(parts)?;
            Input::Form { content_type, body }
        }
        Body::File { field, content_type, bytes, fields, in_json } => {
            multipart::valid_content_type(&content_type)?;
            let file = upload.map_or_else(|| RequestBody::Bytes(bytes.into()), RequestBody::Stream);
            Input::File { field, content_type, file, fields: fields.into(), in_json }
        }
        _ => return Err(ConfigError::Conflict("this version does not know this kind of body").into()),
    })
}

/// Checks options that exclude each other.
fn check(endpoint: &Endpoint, input: &Input, options: &Options) -> Result<(), ConfigError> {
    let reject_if_busy = options.service.reject_if_busy;
    if reject_if_busy && matches!(endpoint, Endpoint::OpenAi { .. }) {
        return Err(ConfigError::Conflict("`reject_if_busy` is not supported by the OpenAI-compatible routes"));
    }
    if reject_if_busy && !input.json().is_some_and(|json| json.trim_ascii_start().starts_with(b"{")) {
        return Err(ConfigError::Conflict("`reject_if_busy` needs an input that is a JSON object"));
    }
    if options.gateway.is_some() && matches!(input, Input::Form { .. }) {
        return Err(ConfigError::Conflict("gateways do not accept forms: leave the gateway out"));
    }
    Ok(())
}
