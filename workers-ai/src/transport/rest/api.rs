//! From what is asked to HTTP requests.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::{Map, Value, value::RawValue};
use url::Url;

use super::{
    cleanse::{Secrets, Step},
    origin::{check_encrypted, is_loopback, parse_origin},
};
use crate::{
    error::ConfigError,
    gateway::GatewayHost,
    transport::{
        Endpoint, Headers, Input, RequestBody, TransportError, TransportRequest, json, request::is_partner,
        secret::Secret,
    },
};

/// An account at the API: from what is asked to HTTP requests.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(super) origin: Url,
    pub(super) account: String,
    token: HeaderValue,
    /// Sent with every request that has no header of the same name.
    headers: Headers,
    pub(super) gateway_host: Option<GatewayHost>,
}

/// A request to the API, as HTTP spells it.
pub(crate) struct HttpRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<RequestBody>,
    /// The secrets that must not come back in a response.
    pub(crate) secrets: Secrets,
}

impl Api {
    /// Creates the account. Its token must not travel unencrypted to another machine.
    pub(crate) fn new(origin: &str, account: impl Into<String>, token: &Secret) -> Result<Self, ConfigError> {
        check_encrypted(&parse_origin(origin)?)?;
        Self::new_allowing_plain_http(origin, account, token)
    }

    /// Creates the account, at any origin.
    pub(crate) fn new_allowing_plain_http(
        origin: &str,
        account: impl Into<String>,
        token: &Secret,
    ) -> Result<Self, ConfigError> {
        let (account, origin) = (account.into(), parse_origin(origin)?);
        let token = Self::authorization(&account, token, &origin)?;
        Ok(Self { origin, account, token, headers: Headers::new(), gateway_host: None })
    }

    /// Returns the header with the token. Checks the account ID.
    pub(crate) fn authorization(account: &str, token: &Secret, origin: &Url) -> Result<HeaderValue, ConfigError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let is_id = account.len() == 32 && account.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_name = !account.is_empty() && account.bytes().all(allowed);
        if !(is_id || is_name && is_loopback(origin)) {
            return Err(ConfigError::Account(account.to_owned()));
        }
        let token = token.bearer().and_then(|token| HeaderValue::try_from(token).ok());
        let mut token = token.ok_or(ConfigError::Token)?;
        token.set_sensitive(true);
        Ok(token)
    }

    /// Sends calls that name a gateway to the gateway's own host.
    pub(crate) fn with_gateway_host(mut self, host: GatewayHost) -> Self {
        self.gateway_host = Some(host);
        self
    }

    /// Sends these headers with every request that has none of the same name.
    pub(crate) fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// Returns `true` if a call goes to the gateway's own host, whose path names the gateway.
    fn is_at_gateway_host(&self, request: &TransportRequest) -> bool {
        match &request.endpoint {
            Endpoint::Universal { .. } => true,
            // The gateway's host has routes of its own for the models of other companies.
            Endpoint::Run(model) | Endpoint::OpenAi { model, .. } => {
                self.gateway_host.is_some() && request.gateway.is_some() && !is_partner(model)
            }
            _ => false,
        }
    }

    fn headers(&self, request: &TransportRequest) -> Result<HeaderMap, TransportError> {
        let mut headers = request.headers.clone();
        if let Some(session) = &request.options.session_affinity
            && !headers.contains("x-session-affinity")
        {
            headers.insert("x-session-affinity", session.as_str());
        }
        headers.fill(&self.headers);
        if let Some(gateway) = &request.gateway {
            gateway.write(&mut headers);
            if !self.is_at_gateway_host(request) {
                headers.insert("cf-aig-gateway-id", gateway.id.as_str());
            }
        }
        let sendable = |(name, value): &(&str, &[u8])| {
            HeaderName::try_from(*name).is_ok() && HeaderValue::from_bytes(value).is_ok()
        };
        if let Some((name, _)) = headers.iter().find(|header| !sendable(header)) {
            return Err(TransportError::build(format!("the header `{name}` cannot be sent")));
        }
        let mut map = HeaderMap::from(headers);
        map.entry(header::AUTHORIZATION).or_insert_with(|| self.token.clone());
        let content_type = match &request.input {
            Input::None => None,
            Input::Json(_) => Some("application/json"),
            Input::Form { content_type, .. } | Input::File { content_type, .. } => Some(content_type.as_str()),
        };
        if let Some(content_type) = content_type.and_then(|text| HeaderValue::try_from(text).ok()) {
            map.insert(header::CONTENT_TYPE, content_type);
        }
        Ok(map)
    }

    /// Builds the HTTP request.
    pub(crate) fn request(&self, request: TransportRequest) -> Result<HttpRequest, TransportError> {
        let mut url = self.url(&request)?;
        let query = query(&request);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let headers = self.headers(&request)?;
        let secrets = Secrets::of(&headers, &request);
        let (method, busy) = (method(&request), request.options.reject_if_busy);
        let body = match request.input {
            Input::None => None,
            Input::Json(json) => Some(RequestBody::Bytes(self.json(&request.endpoint, json, busy)?)),
            Input::Form { body, .. } => Some(RequestBody::Bytes(body)),
            Input::File { file, .. } => Some(file),
        };
        Ok(HttpRequest { method, url, headers, body, secrets })
    }

    /// Returns the JSON document in the form that a route takes.
    fn json(&self, endpoint: &Endpoint, mut input: Bytes, reject_if_busy: bool) -> Result<Bytes, TransportError> {
        if reject_if_busy {
            input = json::reject_if_busy(&input).map_err(TransportError::build)?.into();
        }
        match endpoint {
            Endpoint::Run(model) if is_partner(model) => {
                let input: &RawValue = serde_json::from_slice(&input).map_err(TransportError::build)?;
                serde_json::to_vec(&Envelope { model, input }).map(Bytes::from).map_err(TransportError::build)
            }
            Endpoint::Universal { .. } => self.authorized(&input).map(Bytes::from),
            _ => Ok(input),
        }
    }

    /// Adds the token to each step of a fallback: the universal endpoint passes each step's own headers on to its provider.
    fn authorized(&self, steps: &[u8]) -> Result<Vec<u8>, TransportError> {
        let token = self.token.to_str().map_err(TransportError::build)?;
        let steps: Vec<&RawValue> = serde_json::from_slice(steps).map_err(TransportError::build)?;
        let authorize = |step: &RawValue| {
            let Step { mut headers } = serde_json::from_str(step.get()).map_err(TransportError::build)?;
            if !headers.keys().any(|name| name.eq_ignore_ascii_case("authorization")) {
                headers.insert("Authorization".to_owned(), token.into());
            }
            json::insert(step.get().as_bytes(), [("headers", headers.into())]).map_err(TransportError::build)
        };
        let steps = steps.into_iter().map(authorize).collect::<Result<Vec<_>, _>>()?;
        Ok([&b"["[..], &steps.join(&b","[..]), b"]"].concat())
    }
}

/// How the API takes the models of other companies: the input beside the ID.
#[derive(serde::Serialize)]
struct Envelope<'a> {
    model: &'a str,
    input: &'a RawValue,
}

fn method(request: &TransportRequest) -> Method {
    match (&request.endpoint, &request.input) {
        (_, Input::None) => Method::GET,
        (Endpoint::GatewayLog { .. }, _) => Method::PATCH,
        _ => Method::POST,
    }
}

/// Returns what is added to the URL.
fn query(request: &TransportRequest) -> Vec<(Cow<'static, str>, String)> {
    let mut query: Vec<(Cow<'static, str>, String)> = Vec::new();
    let mut add = |name: &'static str, value: Option<String>| query.extend(value.map(|value| (name.into(), value)));
    let options = &request.options;
    add("queueRequest", options.queue.then(|| "true".to_owned()));
    add("tags", (!options.tags.is_empty()).then(|| options.tags.join(",")));
    match &request.endpoint {
        Endpoint::Models(models) => {
            add("search", models.search.clone());
            add("task", models.task.clone());
            add("author", models.author.clone());
            add("include_deprecated", models.include_deprecated.then(|| "true".to_owned()));
            add("hide_experimental", models.hide_experimental.then(|| "true".to_owned()));
            add("page", Some(models.page.to_string()));
            add("per_page", Some(models.per_page.to_string()));
        }
        Endpoint::ModelSchema(model) => add("model", Some(model.clone())),
        _ => {}
    }
    if let Input::File { fields, .. } = &request.input {
        let fields: Map<String, Value> = serde_json::from_slice(fields).unwrap_or_default();
        query.extend(fields.into_iter().map(|(name, value)| match value {
            Value::String(text) => (name.into(), text),
            other => (name.into(), other.to_string()),
        }));
    }
    query
}
