//! A call whose answer comes whole.

use std::{future::IntoFuture, marker::PhantomData, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::{HeaderMap, Method};
use serde_json::value::RawValue;
use web_time::Instant;
use workers_ai_types::{Body, Decode, FormPart, ModelInfo, ThroughGateway};

use crate::{
    Error, Gateway, RawReply, Reply, WorkersAi,
    error::ConfigError,
    fault::refusal,
    maybe_send::BoxFuture,
    multipart,
    observe::Watch,
    options::{Options, options},
    reply::{Meta, Peeled, peel, said},
    retry::{RetryPolicy, retrying},
    tokens::OUTPUT_TOKENS,
    transport::{Incoming, Outgoing, Phase, Target, TransportError},
};

/// An input on its way to a model: checked and written, unless that failed.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub(crate) model: String,
    pub(crate) body: Result<Body, Error>,
    pub(crate) options: Options,
    /// What the catalog says of the model, where it has a type.
    pub(crate) info: ModelInfo,
}

impl Encoded {
    /// The most tokens that a chat model may answer with. The service has its own limit where an input names none.
    pub(crate) fn token_limit(&self) -> Option<u64> {
        #[derive(serde::Deserialize)]
        struct Limit {
            max_tokens: Option<u64>,
            max_completion_tokens: Option<u64>,
        }
        let Ok(Body::Json(json)) = &self.body else { return None };
        let limit: Limit = serde_json::from_slice(json).ok()?;
        let otherwise = (self.info.task == "Text Generation").then_some(OUTPUT_TOKENS);
        limit.max_completion_tokens.or(limit.max_tokens).or(otherwise)
    }

    /// The request, and when it is tried again.
    pub(crate) fn outgoing(self, ai: &WorkersAi, stream: bool) -> Result<(Outgoing, RetryPolicy), Error> {
        ai.check_context(&self)?;
        let Self { model, body, options, info: _ } = self;
        let body = body?;
        options.check()?;
        let mut query = options.query();
        let (content_type, body) = match body {
            Body::Json(json) => {
                let json = json_with(json, options.reject_if_busy);
                ("application/json".to_owned(), if is_partner(&model) { named(&model, &json)? } else { json })
            }
            Body::Form(parts) => {
                if options.gateway.is_some() {
                    return Err(ConfigError::Conflict("a gateway takes no forms: leave the gateway out").into());
                }
                multipart::encode(parts)
            }
            Body::Raw { bytes, content_type, query: beside } => {
                query.extend(beside);
                (content_type, Bytes::from(bytes))
            }
            _ => return Err(ConfigError::Conflict("a form of body that this version does not know").into()),
        };
        let outgoing = Outgoing {
            target: if is_partner(&model) {
                Target::Account { method: Method::POST, path: "ai/run".to_owned() }
            } else {
                Target::Run(model)
            },
            query,
            headers: options.headers,
            content_type: Some(content_type),
            body,
            gateway: options.gateway,
            timeout: options.timeout.or(ai.timeout),
            stream,
        };
        let policy = options.retry.unwrap_or(ai.retry).resend(options.resend.unwrap_or(true));
        Ok((outgoing, policy))
    }
}

/// Whether another company runs the model: its id has no `@`, and it is called by the route that takes every model.
fn is_partner(model: &str) -> bool {
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

/// Reads a body to its end.
pub(crate) async fn read_all(mut incoming: Incoming) -> Result<RawReply, TransportError> {
    let first = incoming.body.next().await.transpose()?.unwrap_or_default();
    let mut whole = BytesMut::new();
    while let Some(more) = incoming.body.next().await {
        if whole.is_empty() {
            whole.extend_from_slice(&first);
        }
        whole.extend_from_slice(&more?);
    }
    let body = if whole.is_empty() { first } else { whole.freeze() };
    Ok(RawReply::new(incoming.status, incoming.headers, body))
}

/// Makes one attempt; an answer that says that it failed is an error.
pub(crate) async fn attempt(ai: &WorkersAi, model: &str, outgoing: Outgoing) -> Result<RawReply, Error> {
    let raw = read_all(ai.transport.send(outgoing).await?).await?;
    if !raw.status.is_success() {
        return Err(refusal(model, raw.status, &raw.headers, raw.body));
    }
    match peel(raw.content_type(), &raw.body) {
        Peeled::Result(body) => Ok(RawReply { body, ..raw }),
        Peeled::Failed => Err(refusal(model, raw.status, &raw.headers, raw.body)),
    }
}

/// Makes attempts until one succeeds; the answer has no envelope any more.
pub(crate) async fn complete(ai: &WorkersAi, encoded: Encoded) -> Result<(RawReply, Meta), Error> {
    let start = Instant::now();
    let (model, pace) = (encoded.model.clone(), ai.pace(&encoded));
    let watch = Watch::new(ai, &model, encoded.info, false);
    let limit = encoded.token_limit();
    let (outgoing, policy) = encoded.outgoing(ai, false)?;
    watch.sent(&outgoing.body);
    let once = || async {
        pace.wait(ai).await;
        attempt(ai, &model, outgoing.clone()).await
    };
    let (raw, attempts) = watch.around(retrying(&*ai.transport, policy, once)).await?;
    let mut meta = Meta::of(&model, &raw.headers);
    let said = said(raw.content_type(), &raw.body, limit);
    (meta.usage, meta.finish) = (said.usage, said.finish);
    meta.attempts = attempts;
    meta.duration = start.elapsed();
    watch.answered(&raw, &meta);
    Ok((raw, meta))
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
    let (content_type, body) = multipart::encode_named(parts);
    account_with(ai, method, path, (Some(content_type), body), Vec::new()).await
}

async fn account_with(
    ai: &WorkersAi,
    method: Method,
    path: String,
    (content_type, body): (Option<String>, Bytes),
    query: Vec<(String, String)>,
) -> Result<(RawReply, Meta), Error> {
    let outgoing = Outgoing {
        target: Target::Account { method, path: path.clone() },
        query,
        headers: HeaderMap::new(),
        content_type,
        body,
        gateway: None,
        timeout: ai.timeout,
        stream: false,
    };
    let (raw, attempts) = retrying(&*ai.transport, ai.retry, || attempt(ai, &path, outgoing.clone())).await?;
    let meta = Meta { attempts, ..Meta::of(&path, &raw.headers) };
    Ok((raw, meta))
}

/// Reads an answer into a type.
pub(crate) fn read<T: Decode>((raw, meta): (RawReply, Meta)) -> Result<Reply<T>, Error> {
    match T::decode(raw.content_type(), &raw.body) {
        Ok(output) => Ok(Reply { output, meta }),
        Err(error) => Err(Error::Decode { model: meta.model, source: Box::new(error) }),
    }
}

/// A call that is made when it is awaited. [`WorkersAi::run`] returns it.
#[must_use = "a call is made when it is awaited"]
pub struct Call<M, T> {
    pub(crate) ai: WorkersAi,
    pub(crate) encoded: Encoded,
    pub(crate) options: Options,
    answer: PhantomData<fn(M) -> T>,
}

impl<M, T> Call<M, T> {
    pub(crate) fn new(ai: WorkersAi, encoded: Encoded) -> Self {
        Self { ai, encoded, options: Options::default(), answer: PhantomData }
    }

    options!();

    /// Sends the call through a gateway.
    ///
    /// ```no_run
    /// # use workers_ai::{Gateway, prelude::*};
    /// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// # pub struct Llama;
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let reply = ai.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop")).await?;
    /// println!("{:?}", reply.meta.cache);
    /// # Ok(())
    /// # }
    /// ```
    pub fn gateway(mut self, gateway: Gateway) -> Self
    where
        M: ThroughGateway,
    {
        self.options.gateway = Some(gateway);
        self
    }

    /// Hands the answer over as it comes: status, headers and body. Errors of the service are answers, too.
    pub fn raw(self) -> RawCall {
        RawCall { ai: self.ai, encoded: Encoded { options: self.options, ..self.encoded } }
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
        let encoded = Encoded { options: self.options, ..self.encoded };
        let ai = self.ai;
        Box::pin(async move { read(complete(&ai, encoded).await?) })
    }
}

/// A call whose answer is handed over as it comes. [`Call::raw`] returns it.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct RawCall {
    ai: WorkersAi,
    encoded: Encoded,
}

impl IntoFuture for RawCall {
    type Output = Result<RawReply, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let ai = &self.ai;
            let pace = ai.pace(&self.encoded);
            let (outgoing, policy) = self.encoded.outgoing(ai, false)?;
            let once = || async {
                pace.wait(ai).await;
                Ok(read_all(ai.transport.send(outgoing.clone()).await?).await?)
            };
            Ok(retrying(&*ai.transport, policy, once).await?.0)
        })
    }
}

/// What a timeout before the first event says.
pub(crate) fn too_late(timeout: Duration) -> TransportError {
    TransportError::new(Phase::Timeout, format!("no event within {} ms", timeout.as_millis()))
}
