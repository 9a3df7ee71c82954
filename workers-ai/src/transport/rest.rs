//! The REST API and the host of AI Gateway.

use std::{collections::BTreeMap, error::Error as StdError, time::Duration};

use futures_util::{StreamExt, TryStreamExt};
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::{Value, value::RawValue};
use url::Url;

use super::{
    Endpoint, RequestBody, Transport, TransportError, TransportErrorKind, TransportRequest, TransportResponse,
};
use crate::{
    error::ConfigError,
    gateway::{GatewayHost, GatewayPathStyle},
    transport::maybe_send::BoxFuture,
    transport::secret::Secret,
};

/// Where Cloudflare's API is.
pub(crate) const ORIGIN: &str = "https://api.cloudflare.com";
const API: [&str; 2] = ["client", "v4"];

/// The REST API.
#[derive(Debug, Clone)]
pub struct Rest {
    http: reqwest::Client,
    origin: Url,
    account: String,
    token: HeaderValue,
    /// Of every request that has none of that name.
    headers: HeaderMap,
    gateway_host: Option<GatewayHost>,
}

impl Rest {
    /// The API at an origin, for an account.
    ///
    /// # Errors
    /// When the URL, the account or the token cannot be sent.
    pub fn new(
        http: reqwest::Client,
        origin: &str,
        account: impl Into<String>,
        token: &Secret,
    ) -> Result<Self, ConfigError> {
        let account = account.into();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if account.is_empty() || !account.bytes().all(plain) {
            return Err(ConfigError::Account(account));
        }
        let mut token = HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(|_| ConfigError::Token)?;
        token.set_sensitive(true);
        Ok(Self { http, origin: parse_origin(origin)?, account, token, headers: HeaderMap::new(), gateway_host: None })
    }

    /// Sends calls that name a gateway to the gateway's own host.
    #[must_use]
    pub fn with_gateway_host(mut self, host: GatewayHost) -> Self {
        self.gateway_host = Some(host);
        self
    }

    /// Sends headers with every request that has none of that name.
    pub(crate) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    fn url(&self, request: &TransportRequest) -> Result<Url, TransportError> {
        let at_gateway = match (&self.gateway_host, &request.gateway) {
            (Some(host), Some(gateway)) => Some((host, gateway.id.as_str())),
            _ => None,
        };
        let mut url = match (&request.target, at_gateway) {
            (Endpoint::Run(model), Some((host, gateway))) => {
                let run = (host.form == GatewayPathStyle::Run).then_some("run");
                let start = ["v1", &self.account, gateway, "workers-ai"].into_iter().chain(run);
                with_path(&host.origin, start.chain(segments(model)?))
            }
            (Endpoint::OpenAi(path), Some((host, gateway))) => with_path(
                &host.origin,
                ["v1", &self.account, gateway, "workers-ai", "v1"].into_iter().chain(segments(path)?),
            ),
            (Endpoint::OpenAi(path), None) => {
                let start = API.into_iter().chain(["accounts", &self.account, "ai", "v1"]);
                with_path(&self.origin, start.chain(segments(path)?))
            }
            (Endpoint::Universal { gateway }, _) => with_path(&self.gateway_origin(), ["v1", &self.account, gateway]),
            (Endpoint::Run(model), None) => {
                let start = API.into_iter().chain(["accounts", &self.account, "ai", "run"]);
                with_path(&self.origin, start.chain(segments(model)?))
            }
            (Endpoint::Account { path, .. }, _) => {
                let start = API.into_iter().chain(["accounts", &self.account]);
                with_path(&self.origin, start.chain(segments(path)?))
            }
        };
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&request.query);
        }
        Ok(url)
    }

    /// Where the universal endpoint is. An API that is elsewhere has its gateways there, too: nothing of its goes to Cloudflare.
    fn gateway_origin(&self) -> Url {
        match &self.gateway_host {
            Some(host) => host.origin.clone(),
            None if self.origin.as_str().trim_end_matches('/') == ORIGIN => GatewayHost::default_origin(),
            None => self.origin.clone(),
        }
    }

    /// The steps of a fallback, each with the token: the universal endpoint hands each step's own headers on to its provider.
    fn authorized(&self, steps: &[u8]) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        let token = self.token.to_str()?;
        let mut steps: Vec<BTreeMap<String, Box<RawValue>>> = serde_json::from_slice(steps)?;
        for step in &mut steps {
            let mut headers: BTreeMap<String, Value> = match step.get("headers") {
                Some(headers) => serde_json::from_str(headers.get())?,
                None => BTreeMap::new(),
            };
            if !headers.keys().any(|name| name.eq_ignore_ascii_case("authorization")) {
                headers.insert("Authorization".to_owned(), token.into());
                step.insert("headers".to_owned(), serde_json::value::to_raw_value(&headers)?);
            }
        }
        Ok(serde_json::to_vec(&steps)?)
    }

    fn headers(&self, request: &TransportRequest) -> HeaderMap {
        let mut headers = request.headers.clone();
        for (name, value) in &self.headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        headers.entry(header::AUTHORIZATION).or_insert_with(|| self.token.clone());
        if let Some(content_type) = request.content_type.as_deref().and_then(|of| HeaderValue::try_from(of).ok()) {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        if let Some(gateway) = &request.gateway {
            let at_api = match &request.target {
                Endpoint::Universal { .. } => false,
                Endpoint::Account { .. } => true,
                Endpoint::Run(_) | Endpoint::OpenAi(_) => self.gateway_host.is_none(),
            };
            gateway.write(&mut headers, at_api);
        }
        headers
    }
}

fn parse_origin(text: &str) -> Result<Url, ConfigError> {
    let wrong = |cause: String| ConfigError::BaseUrl { url: text.to_owned(), cause };
    let text = text.trim_end_matches('/');
    // A base URL as other clients want it names the API's path as well.
    let text = text.strip_suffix("/client/v4").unwrap_or(text);
    let url = Url::parse(text).map_err(|error| wrong(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("it must begin with http:// or https://".to_owned()));
    }
    if url.cannot_be_a_base() || url.query().is_some() || !url.username().is_empty() {
        return Err(wrong("it must be an origin, such as https://api.cloudflare.com".to_owned()));
    }
    Ok(url)
}

/// The segments of an id or path, none of which leads elsewhere.
fn segments(path: &str) -> Result<impl Iterator<Item = &str> + Clone, TransportError> {
    if path.split('/').any(|segment| matches!(segment, "" | "." | "..") || segment.contains(['\\', '\0'])) {
        return Err(TransportError::new(TransportErrorKind::Build, format!("`{path}` is no id")));
    }
    Ok(path.split('/'))
}

fn with_path<'s>(origin: &Url, segments: impl IntoIterator<Item = &'s str>) -> Url {
    let mut url = origin.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

fn lost(error: reqwest::Error) -> TransportError {
    let phase = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_builder() {
        TransportErrorKind::Build
    } else {
        TransportErrorKind::ConnectionLost
    };
    // The URL holds the account and, for raw bodies, parts of the input.
    TransportError::new(phase, error.without_url())
}

impl Transport for Rest {
    fn send(&self, mut request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        if matches!(request.target, Endpoint::Universal { .. }) {
            match self.authorized(request.body.bytes()) {
                Ok(steps) => request.body = steps.into(),
                Err(error) => return Box::pin(async { Err(TransportError::new(TransportErrorKind::Build, error)) }),
            }
        }
        let url = match self.url(&request) {
            Ok(url) => url,
            Err(error) => return Box::pin(async { Err(error) }),
        };
        let method = match &request.target {
            Endpoint::Account { method, .. } => method.clone(),
            Endpoint::Run(_) | Endpoint::OpenAi(_) | Endpoint::Universal { .. } => Method::POST,
        };
        let mut builder = self.http.request(method, url).headers(self.headers(&request));
        builder = match request.body {
            RequestBody::Bytes(bytes) if bytes.is_empty() => builder,
            RequestBody::Bytes(bytes) => builder.body(bytes),
            RequestBody::Pieces(upload) => match upload.take() {
                Some(pieces) => builder.body(reqwest::Body::wrap_stream(pieces)),
                None => {
                    return Box::pin(async {
                        Err(TransportError::new(TransportErrorKind::Build, "the file was sent before"))
                    });
                }
            },
        };
        let until_head = request.timeout.filter(|_| request.stream);
        if let Some(timeout) = request.timeout.filter(|_| !request.stream) {
            builder = builder.timeout(timeout);
        }
        Box::pin(async move {
            let sent = builder.send();
            let response = match until_head {
                Some(timeout) => tokio::time::timeout(timeout, sent).await.map_err(|_| {
                    TransportError::new(
                        TransportErrorKind::Timeout,
                        format!("no answer within {} ms", timeout.as_millis()),
                    )
                })?,
                None => sent.await,
            }
            .map_err(lost)?;
            let (status, headers) = (response.status(), response.headers().clone());
            Ok(TransportResponse::new(status, headers, response.bytes_stream().map_err(lost).boxed()))
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
