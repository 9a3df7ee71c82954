//! The REST API, on tokio.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};

use super::api::{Api, HttpRequest};
use crate::{
    error::ConfigError,
    gateway::GatewayHost,
    transport::{
        BoxFuture, RequestBody, Transport, TransportError, TransportErrorKind, TransportRequest, TransportResponse,
        secret::Secret,
    },
};

/// The REST API of Cloudflare, on tokio.
#[derive(Debug, Clone)]
pub struct Rest {
    http: reqwest::Client,
    api: Api,
}

impl Rest {
    /// Creates a transport to the API at an origin, for an account.
    ///
    /// # Errors
    /// Fails if the URL, the account ID or the token is invalid, or if the token would travel unencrypted to another machine.
    pub fn new(
        http: reqwest::Client,
        origin: &str,
        account: impl Into<String>,
        token: &Secret,
    ) -> Result<Self, ConfigError> {
        Ok(Self::with_api(http, Api::new(origin, account, token)?))
    }

    /// Does the same as [`new`](Self::new), but also for an origin to which the token travels unencrypted. Everyone on the way can read
    /// it and use the account.
    ///
    /// # Errors
    /// Fails if the URL, the account ID or the token is invalid.
    pub fn new_allowing_plain_http(
        http: reqwest::Client,
        origin: &str,
        account: impl Into<String>,
        token: &Secret,
    ) -> Result<Self, ConfigError> {
        Ok(Self::with_api(http, Api::new_allowing_plain_http(origin, account, token)?))
    }

    pub(crate) fn with_api(http: reqwest::Client, api: Api) -> Self {
        Self { http, api }
    }

    /// Sends calls that name a gateway to the gateway's own host.
    #[must_use]
    pub fn with_gateway_host(self, host: GatewayHost) -> Self {
        Self { api: self.api.with_gateway_host(host), ..self }
    }

    fn request(&self, request: HttpRequest) -> Result<reqwest::RequestBuilder, TransportError> {
        let builder = self.http.request(request.method, request.url).headers(request.headers);
        Ok(match request.body {
            None => builder,
            Some(RequestBody::Bytes(bytes)) => builder.body(bytes),
            Some(RequestBody::Stream(stream)) => {
                let chunks =
                    stream.take().ok_or_else(|| TransportError::build("the stream of the file was sent before"))?;
                builder.body(reqwest::Body::wrap_stream(chunks))
            }
        })
    }
}

impl Transport for Rest {
    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        let request = self.api.request(request).and_then(|request| {
            let secrets = request.secrets.clone();
            Ok((self.request(request)?, secrets))
        });
        Box::pin(async move {
            let (request, secrets) = request?;
            let response = request.send().await.map_err(lost)?;
            let (status, headers) = (response.status(), secrets.cleanse_headers(response.headers()));
            let body = secrets.cleanse(response.bytes_stream().map_err(lost));
            Ok(TransportResponse::new(status, headers, body.boxed()))
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

fn lost(error: reqwest::Error) -> TransportError {
    // A timeout while connecting is both; nothing was sent.
    let kind = if error.is_connect() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if error.is_builder() {
        TransportErrorKind::Build
    } else {
        TransportErrorKind::ConnectionLost
    };
    let timed_out = error.is_timeout();
    // The URL contains the account ID and, beside files, parts of the input.
    let error = TransportError::new(kind, error.without_url());
    if timed_out { error.timed_out() } else { error }
}
