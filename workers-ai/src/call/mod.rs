//! A call whose answer comes whole.

pub(crate) mod batch;
pub(crate) mod bytes;
pub(crate) mod dynamic;
pub(crate) mod embed;
pub(crate) mod fallback;
pub(crate) mod json;
pub(crate) mod json_body;
#[cfg(feature = "schemars")]
mod json_schema;
pub(crate) mod options;
pub(crate) mod request;
pub(crate) mod tools;
pub(crate) mod upload;

use std::{future::IntoFuture, marker::PhantomData, time::Duration};

use ::bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::{HeaderMap, Method};
use web_time::Instant;
use workers_ai_types::{Decode, FormPart};

use crate::{
    Error, RawReply, Reply, WorkersAi,
    call::options::{Options, options},
    call::request::PreparedRequest,
    error::decode_error,
    error::parse::api_error,
    reply::{Meta, Peeled, extract_usage, strip_envelope},
    telemetry::CallSpan,
    transport::maybe_send::BoxFuture,
    transport::multipart,
    transport::retry::retrying,
    transport::{Endpoint, RequestBody, TransportError, TransportErrorKind, TransportRequest, TransportResponse},
};

/// Reads a body to its end.
pub(crate) async fn read_all(mut incoming: TransportResponse) -> Result<RawReply, TransportError> {
    let good = incoming.status.is_success();
    let lost = |error: TransportError| if good { error.cut() } else { error };
    let first = incoming.body.next().await.transpose().map_err(lost)?.unwrap_or_default();
    let mut whole = BytesMut::new();
    while let Some(more) = incoming.body.next().await {
        if whole.is_empty() {
            whole.extend_from_slice(&first);
        }
        whole.extend_from_slice(&more.map_err(lost)?);
    }
    let body = if whole.is_empty() { first } else { whole.freeze() };
    Ok(RawReply::new(incoming.status, incoming.headers, body))
}

/// Makes one attempt; an answer that says that it failed is an error.
pub(crate) async fn attempt(ai: &WorkersAi, model: &str, outgoing: TransportRequest) -> Result<RawReply, Error> {
    let raw = read_all(ai.transport.send(outgoing).await?).await?;
    if !raw.status.is_success() {
        return Err(api_error(model, raw.status, &raw.headers, raw.body));
    }
    match strip_envelope(raw.content_type(), &raw.body) {
        Peeled::Result(body) => Ok(RawReply { body, ..raw }),
        Peeled::Failed => Err(api_error(model, raw.status, &raw.headers, raw.body)),
    }
}

/// Makes attempts until one succeeds, and reads the answer: that it cannot be read is told as the call's failure.
pub(crate) async fn complete_as<T>(
    ai: &WorkersAi,
    encoded: PreparedRequest,
    read: impl FnOnce((RawReply, Meta)) -> Result<T, Error>,
) -> Result<T, Error> {
    let (raw, meta, watch) = watched(ai, encoded).await?;
    watch.told(read((raw, meta)))
}

/// Makes attempts until one succeeds; the answer has no envelope any more. The span of the call lasts until the answer is read.
pub(crate) async fn watched(ai: &WorkersAi, encoded: PreparedRequest) -> Result<(RawReply, Meta, CallSpan), Error> {
    let start = Instant::now();
    let (model, pace) = (encoded.model.clone(), ai.pace(&encoded));
    let watch = CallSpan::new(ai, &model, encoded.info, false);
    let limit = encoded.token_limit();
    let (outgoing, policy) = encoded.outgoing(ai, false)?;
    watch.sent(outgoing.body.bytes());
    let once = || async {
        pace.wait(ai).await;
        attempt(ai, &model, outgoing.clone()).await
    };
    let (raw, attempts) = watch.around(retrying(&*ai.transport, policy, once)).await?;
    let mut meta = Meta::of(&model, &raw.headers);
    let said = extract_usage(raw.content_type(), &raw.body, limit);
    (meta.usage, meta.finish_reason) = (said.usage, said.finish);
    meta.attempts = attempts;
    meta.duration = start.elapsed();
    watch.answered(&raw, &meta);
    Ok((raw, meta, watch))
}

/// Calls another route of the account.
pub(crate) async fn account(
    ai: &WorkersAi,
    method: Method,
    path: String,
    body: Option<Vec<u8>>,
    query: Vec<(String, String)>,
) -> Result<(RawReply, Meta), Error> {
    let content_type = body.as_ref().map(|_| "application/json".to_owned());
    account_with(ai, method, path, (content_type, body.unwrap_or_default().into()), query).await
}

/// Calls another route of the account with a form; files have names.
pub(crate) async fn account_form(
    ai: &WorkersAi,
    method: Method,
    path: String,
    parts: &[(FormPart, Option<String>)],
) -> Result<(RawReply, Meta), Error> {
    let (content_type, body) = multipart::encode_named(parts)?;
    account_with(ai, method, path, (Some(content_type), body), Vec::new()).await
}

async fn account_with(
    ai: &WorkersAi,
    method: Method,
    path: String,
    (content_type, body): (Option<String>, Bytes),
    query: Vec<(String, String)>,
) -> Result<(RawReply, Meta), Error> {
    let looks = method == Method::GET;
    let outgoing = TransportRequest {
        target: Endpoint::Account { method, path: path.clone() },
        query,
        headers: HeaderMap::new(),
        content_type,
        body: RequestBody::Bytes(body),
        gateway: None,
        timeout: ai.timeout,
        stream: false,
    };
    // Looking at something can be done twice; making something cannot.
    let policy = if looks { ai.retry.retry_interrupted(true) } else { ai.retry.resend(false) };
    let (raw, attempts) = retrying(&*ai.transport, policy, || attempt(ai, &path, outgoing.clone())).await?;
    let meta = Meta { attempts, ..Meta::of(&path, &raw.headers) };
    Ok((raw, meta))
}

/// Reads an answer into a type.
pub(crate) fn read<T: Decode>((raw, meta): (RawReply, Meta)) -> Result<Reply<T>, Error> {
    match T::decode(raw.content_type(), &raw.body) {
        Ok(output) => Ok(Reply { output, meta }),
        Err(error) => Err(decode_error(meta, error, &raw)),
    }
}

/// A call that is made when it is awaited. [`WorkersAi::run`] returns it.
#[must_use = "a call is made when it is awaited"]
pub struct Call<M, T> {
    pub(crate) ai: WorkersAi,
    pub(crate) encoded: PreparedRequest,
    pub(crate) options: Options,
    answer: PhantomData<fn(M) -> T>,
}

impl<M, T> Call<M, T> {
    pub(crate) fn new(ai: WorkersAi, encoded: PreparedRequest) -> Self {
        Self { ai, encoded, options: Options::default(), answer: PhantomData }
    }

    /// The same call, its answer read into another type.
    pub(crate) fn answering<U>(self) -> Call<M, U> {
        Call { ai: self.ai, encoded: self.encoded, options: self.options, answer: PhantomData }
    }

    options!(gateway of M);

    /// Hands the answer over as it comes: status, headers and body. Errors of the service are answers, too.
    pub fn raw(self) -> RawCall {
        RawCall { ai: self.ai, encoded: PreparedRequest { options: self.options, ..self.encoded } }
    }
}

impl<M, T> std::fmt::Debug for Call<M, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("model", &self.encoded.model)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<M, T: Decode + 'static> IntoFuture for Call<M, T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let encoded = PreparedRequest { options: self.options, ..self.encoded };
        let ai = self.ai;
        Box::pin(async move { complete_as(&ai, encoded, read).await })
    }
}

/// A call whose answer is handed over as it comes. [`Call::raw`] returns it.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct RawCall {
    ai: WorkersAi,
    encoded: PreparedRequest,
}

impl IntoFuture for RawCall {
    type Output = Result<RawReply, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let ai = &self.ai;
            let pace = ai.pace(&self.encoded);
            let watch = CallSpan::new(ai, &self.encoded.model, self.encoded.info, false);
            let (outgoing, policy) = self.encoded.outgoing(ai, false)?;
            watch.sent(outgoing.body.bytes());
            let once = || async {
                pace.wait(ai).await;
                Ok(read_all(ai.transport.send(outgoing.clone()).await?).await?)
            };
            Ok(watch.around(retrying(&*ai.transport, policy, once)).await?.0)
        })
    }
}

/// What a timeout before the first event says.
pub(crate) fn too_late(timeout: Duration) -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, format!("no event within {} ms", timeout.as_millis()))
}
