//! Fallbacks: several models in order, the first that succeeds responds.

use std::{future::IntoFuture, marker::PhantomData};

use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};
use workers_ai_types::{
    GatewayCompatible,
    catalog::ModelInfo,
    codec::{Body, Decode, DecodeError},
};

use super::{
    Call,
    options::{Options, options},
    pipeline::{Answer, decode, perform_complete},
    request::PreparedRequest,
};
use crate::{
    Error, Meta, Reply, WorkersAi,
    duration::millis,
    error::{ConfigError, encode_error},
    gateway::Gateway,
    transport::{BoxFuture, Endpoint, json},
};

/// The output of a step, or of a later one. Returned by [`Fallback`].
#[derive(Debug, Clone, PartialEq)]
pub enum Step<A, B> {
    /// This step responded.
    This(A),
    /// A later step responded.
    Next(B),
}

/// The output of a fallback: one type for each step.
pub trait Steps: Sized {
    /// Decodes the output of the step with this index.
    ///
    /// # Errors
    /// Fails if the body is not the output of that step's model.
    fn read(step: u32, content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError>;
}

/// The output of the last step.
#[derive(Debug, Clone, PartialEq)]
pub struct Last<T>(pub T);

impl<T: Decode> Steps for Last<T> {
    fn read(_: u32, content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        T::decode(content_type, body).map(Self)
    }
}

impl<A: Decode, B: Steps> Steps for Step<A, B> {
    fn read(step: u32, content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        match step.checked_sub(1) {
            None => A::decode(content_type, body).map(Self::This),
            Some(step) => B::read(step, content_type, body).map(Self::Next),
        }
    }
}

/// A call to which one of several models responds. Returned by [`WorkersAi::fallback`].
#[must_use = "a call is made when it is awaited"]
pub struct Fallback<S> {
    ai: WorkersAi,
    gateway: Gateway,
    steps: Vec<PreparedRequest>,
    options: Options,
    output: PhantomData<fn() -> S>,
}

/// Appends a step to others.
pub trait Then<T> {
    /// The steps, followed by that one.
    type Steps: Steps;
}

impl<A: Decode, T: Decode> Then<T> for Last<A> {
    type Steps = Step<A, Last<T>>;
}

impl<A: Decode, B: Then<T>, T: Decode> Then<T> for Step<A, B> {
    type Steps = Step<A, B::Steps>;
}

impl WorkersAi {
    /// Calls a model through a gateway, and other models if it fails.
    ///
    /// Each call keeps its own headers, `reject_if_busy`, timeout (until the first byte, measured by the gateway) and gateway options,
    /// which take precedence over those of the fallback. Tags and retries belong to the fallback as a whole: the gateway retries
    /// single steps ([`Gateway::retries`]).
    ///
    /// The calls go to the gateway's universal endpoint. Cloudflare's documentation calls it deprecated, but names no replacement yet.
    ///
    /// ```no_run
    /// use workers_ai::{fallback::{Last, Step}, gateway::Gateway, prelude::*};
    ///
    /// #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// pub struct Llama;
    ///
    /// #[workers_ai_model("@cf/moonshotai/kimi-k2.6")]
    /// pub struct Kimi;
    ///
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let kimi = ai.run(Kimi, Kimi::input().messages([user("hello")]));
    /// let llama = ai.run(Llama, Llama::input().messages([user("hello")]));
    /// let reply = ai.fallback(Gateway::new("shop"), kimi).or(llama).await?;
    /// match &reply.output {
    ///     Step::This(kimi) => println!("Kimi: {}", kimi.text()),
    ///     Step::Next(Last(llama)) => println!("Llama: {}", llama.text()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn fallback<M: GatewayCompatible, T: Decode>(&self, gateway: Gateway, call: Call<M, T>) -> Fallback<Last<T>> {
        let steps = vec![call.request];
        Fallback { ai: self.clone(), gateway, steps, options: Options::default(), output: PhantomData }
    }
}

impl<S> Fallback<S> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    options!();

    /// Adds a step, which is taken if those before it fail.
    pub fn or<M: GatewayCompatible, T: Decode>(mut self, call: Call<M, T>) -> Fallback<S::Steps>
    where
        S: Then<T>,
    {
        self.steps.push(call.request);
        let Self { ai, gateway, steps, options, .. } = self;
        Fallback { ai, gateway, steps, options, output: PhantomData }
    }
}

impl<S> std::fmt::Debug for Fallback<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let models = models(&self.steps);
        f.debug_struct("Fallback").field("gateway", &self.gateway).field("models", &models).finish_non_exhaustive()
    }
}

/// A step that can be sent.
struct PreparedStep {
    item: Item,
    info: ModelInfo,
    limit: Option<u64>,
}

/// A step in the form that the universal endpoint takes.
#[derive(Serialize)]
struct Item {
    provider: &'static str,
    endpoint: String,
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    config: Map<String, Value>,
    query: Box<RawValue>,
}

fn prepare(step: PreparedRequest, ai: &WorkersAi, gateway: &Gateway, whole: &Options) -> Result<PreparedStep, Error> {
    ai.check_context(&step)?;
    let limit = step.token_limit();
    let PreparedRequest { model, info, endpoint, body, mut options, .. } = step;
    let Body::Json(mut input) = body? else {
        return Err(ConfigError::Conflict("the steps of a fallback must have JSON inputs").into());
    };
    if !matches!(endpoint, Endpoint::Run(_)) || !model.starts_with('@') {
        return Err(
            ConfigError::Conflict("a step of a fallback must be a `run` of one of the service's own models").into()
        );
    }
    check(&mut options, gateway)?;
    if options.service.reject_if_busy || whole.service.reject_if_busy {
        input = json::reject_if_busy(&input).map_err(encode_error)?;
    }
    let (gateway_headers, mut config) = options.gateway.as_ref().unwrap_or(gateway).step();
    if let Some(timeout) = options.timeout {
        config.entry("requestTimeout").or_insert_with(|| millis(timeout).into());
    }
    let mut headers = Map::new();
    headers.insert("Content-Type".to_owned(), "application/json".into());
    if let Some(session) = options.service.session_affinity {
        headers.insert("x-session-affinity".to_owned(), session.into());
    }
    let own = options.headers.iter().map(|(name, value)| (name, String::from_utf8_lossy(value)));
    headers.extend(own.map(|(name, value)| (name.to_owned(), value.into())));
    headers.extend(gateway_headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
    let query = serde_json::from_slice(&input).map_err(encode_error)?;
    Ok(PreparedStep { item: Item { provider: "workers-ai", endpoint: model, headers, config, query }, info, limit })
}

/// Checks the options of a step against those of the whole fallback.
fn check(options: &mut Options, whole: &Gateway) -> Result<(), ConfigError> {
    options.check()?;
    if !options.service.tags.is_empty() || options.retry.is_some() {
        return Err(ConfigError::Conflict("set tags and retries on the fallback, not on one of its steps"));
    }
    let Some(own) = &options.gateway else { return Ok(()) };
    if own.id != whole.id {
        let cause = format!("a step of a fallback through `{}` must not go through `{}`", whole.id, own.id);
        return Err(ConfigError::Gateway { option: "id", cause });
    }
    if !own.authorizes_as(whole) {
        let cause = "set the gateway's token on the fallback, not on one of its steps".to_owned();
        return Err(ConfigError::Gateway { option: "authorization", cause });
    }
    Ok(())
}

impl<S: Steps + Send + 'static> IntoFuture for Fallback<S> {
    type Output = Result<Reply<S>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, gateway, steps, options, .. } = self;
        Box::pin(async move {
            let (step, answer) = respond(&ai, gateway, steps, options).await?;
            answer.read(|raw, meta| decode(S::read(step, raw.content_type(), &raw.body), meta, &raw))
        })
    }
}

/// Performs the call. Returns the index of the step that responded.
async fn respond(
    ai: &WorkersAi,
    gateway: Gateway,
    steps: Vec<PreparedRequest>,
    mut options: Options,
) -> Result<(u32, Answer), Error> {
    options.check()?;
    gateway.check()?;
    let models = models(&steps);
    let first = steps.first().map(|step| (step.model.clone(), step.info));
    let (first, info) = first.unwrap_or((String::new(), ModelInfo::UNKNOWN));
    let steps = steps.into_iter().map(|step| prepare(step, ai, &gateway, &options)).collect::<Result<Vec<_>, _>>()?;
    // It is inside the steps, where the service takes it.
    options.service.reject_if_busy = false;
    let items: Vec<&Item> = steps.iter().map(|step| &step.item).collect();
    let body = serde_json::to_vec(&items).map_err(encode_error)?;
    let endpoint = Endpoint::Universal { gateway: gateway.id.clone() };
    options.gateway = Some(gateway);
    let request = PreparedRequest::new(models.clone(), info, Ok(Body::Json(body)));
    let outbound = PreparedRequest { endpoint, options, ..request }.into_outbound(ai, false)?;
    #[cfg(feature = "rate-limit")]
    let outbound = super::request::Outbound { rate_limited_as: first, ..outbound };
    #[cfg(not(feature = "rate-limit"))]
    drop(first);
    let mut performed = perform_complete(ai, outbound).await?;
    let mut meta = Meta::new(&models, &performed.value.headers);
    let index = meta.step.unwrap_or_default();
    let responded = usize::try_from(index).ok().and_then(|index| steps.get(index));
    if let Some(step) = responded {
        step.item.endpoint.clone_into(&mut meta.model);
        performed.span = performed.span.with_info(step.info);
    }
    Ok((index, performed.answer(meta, responded.and_then(|step| step.limit))))
}

/// Returns the IDs of all models.
fn models(steps: &[PreparedRequest]) -> String {
    steps.iter().map(|step| step.model.as_str()).collect::<Vec<_>>().join(" or ")
}
