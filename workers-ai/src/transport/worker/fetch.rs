//! The REST API by the runtime's own `fetch`.

use std::time::Duration;

use worker::{
    js_sys::{self, Uint8Array},
    send::SendFuture,
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
    worker_sys::web_sys,
};

use super::{
    abort::AbortOnDrop,
    js::{Thrown, stream_of_chunks, unbuildable},
    response, sleep,
};
use crate::{
    error::ConfigError,
    gateway::GatewayHost,
    transport::{
        BoxFuture, RequestBody, Transport, TransportError, TransportErrorKind, TransportRequest, TransportResponse,
        rest::{Api, HttpRequest, USER_AGENT},
        secret::Secret,
    },
};

/// The REST API of Cloudflare, by the `fetch` of a Worker: for another account, or for a gateway's own host.
///
/// [`WorkersAi::builder`](crate::WorkersAi::builder) makes one, unless the feature `rest` is on.
#[derive(Debug, Clone)]
pub struct Fetch {
    api: Api,
}

impl Fetch {
    /// Creates a transport to the API at an origin, for an account.
    ///
    /// # Errors
    /// Fails if the URL, the account ID or the token is invalid, or if the token would travel unencrypted to another machine.
    pub fn new(origin: &str, account: impl Into<String>, token: &Secret) -> Result<Self, ConfigError> {
        Api::new(origin, account, token).map(Self::with_api)
    }

    /// Does the same as [`new`](Self::new), but also for an origin to which the token travels unencrypted. Everyone on the way can read
    /// it and use the account.
    ///
    /// # Errors
    /// Fails if the URL, the account ID or the token is invalid.
    pub fn new_allowing_plain_http(
        origin: &str,
        account: impl Into<String>,
        token: &Secret,
    ) -> Result<Self, ConfigError> {
        Api::new_allowing_plain_http(origin, account, token).map(Self::with_api)
    }

    pub(crate) fn with_api(api: Api) -> Self {
        Self { api }
    }

    /// Sends calls that name a gateway to the gateway's own host.
    #[must_use]
    pub fn with_gateway_host(self, host: GatewayHost) -> Self {
        Self { api: self.api.with_gateway_host(host) }
    }
}

impl Transport for Fetch {
    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        let request = self.api.request(request);
        Box::pin(SendFuture::new(async move { fetch(request?).await }))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        sleep(duration)
    }
}

async fn fetch(request: HttpRequest) -> Result<TransportResponse, TransportError> {
    let mut abort = AbortOnDrop::new();
    let init = web_sys::RequestInit::new();
    init.set_method(request.method.as_str());
    // The API redirects nobody: whatever does is something else, and must not receive the token.
    init.set_redirect(web_sys::RequestRedirect::Manual);
    init.set_signal(abort.signal().as_ref());
    let headers = web_sys::Headers::new().map_err(unbuildable)?;
    headers.set("user-agent", USER_AGENT).map_err(unbuildable)?;
    for (name, value) in &request.headers {
        headers.append(name.as_str(), &String::from_utf8_lossy(value.as_bytes())).map_err(unbuildable)?;
    }
    init.set_headers(&headers);
    match &request.body {
        None => {}
        Some(RequestBody::Bytes(bytes)) => init.set_body(&Uint8Array::from(&bytes[..])),
        Some(RequestBody::Stream(chunks)) => init.set_body(&stream_of_chunks(chunks)?),
    }
    let global: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let promise = global.fetch_with_str_and_init(request.url.as_str(), &init);
    let response = JsFuture::from(promise).await.map_err(|thrown| lost(&thrown))?;
    abort.disarm();
    let response = response::of_response(response.unchecked_into())?;
    let (headers, secrets) = (http::HeaderMap::from(response.headers), request.secrets);
    // A body that may repeat a secret is not handed on as it is.
    Ok(TransportResponse::new(
        response.status,
        secrets.cleanse_headers(&headers),
        Box::pin(secrets.cleanse(response.body)),
    ))
}

/// Converts what `fetch` threw. Its errors do not say whether the request was sent.
fn lost(thrown: &JsValue) -> TransportError {
    let thrown = Thrown::new(thrown);
    let kind = if thrown.is_timeout() { TransportErrorKind::Timeout } else { TransportErrorKind::ConnectionLost };
    TransportError::new(kind, thrown.to_string())
}
