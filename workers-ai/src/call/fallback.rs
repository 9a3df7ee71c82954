//! Steps through a gateway: the first that succeeds answers.

use std::{future::IntoFuture, marker::PhantomData};

use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};
use web_time::Instant;
use workers_ai_types::{Body, Decode, DecodeError, GatewayCompatible, ModelInfo};

use crate::{
    Error, Gateway, Reply, WorkersAi,
    call::options::{Options, options},
    call::request::{By, PreparedRequest, is_partner, json_with},
    call::{Call, attempt},
    error::{ConfigError, decode_error},
    gateway::millis,
    reply::{Meta, extract_usage},
    telemetry::CallSpan,
    transport::maybe_send::{BoxFuture, MaybeSend},
    transport::retry::retrying,
    transport::{Endpoint, RequestBody, TransportRequest},
};

/// The answer of a step, or of one further on. [`Fallback`] gives it.
#[derive(Debug, Clone, PartialEq)]
pub enum Step<A, B> {
    /// This step answered.
    This(A),
    /// One of the following did.
    Next(B),
}

/// What a fallback's answer is read into: one type for each step.
pub trait Steps: Sized {
    /// Reads the answer of the step with that number.
    ///
    /// # Errors
    /// When it is something else.
    fn read(step: u32, content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError>;
}

/// The last step.
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

/// A call whose answer may come from one of several models. [`WorkersAi::fallback`] returns it.
#[must_use = "a call is made when it is awaited"]
pub struct Fallback<S> {
    ai: WorkersAi,
    gateway: Gateway,
    steps: Vec<PreparedRequest>,
    options: Options,
    answer: PhantomData<fn() -> S>,
}

/// Appends a step to others.
pub trait Then<T> {
    /// The steps with that one after them.
    type Steps: Steps;
}

impl<A: Decode, T: Decode> Then<T> for Last<A> {
    type Steps = Step<A, Last<T>>;
}

impl<A: Decode, B: Then<T>, T: Decode> Then<T> for Step<A, B> {
    type Steps = Step<A, B::Steps>;
}

impl WorkersAi {
    /// Calls a model through a gateway, and others where it fails.
    ///
    /// Each call keeps its own headers, `reject_if_busy`, timeout (the gateway's: to the first byte) and options of the gateway,
    /// which go before those of the whole. Tags and retries are said of the whole: trying a step again is the gateway's
    /// part ([`Gateway::retries`]).
    ///
    /// It goes to the gateway's universal endpoint. Cloudflare's documentation calls that one deprecated; there is none yet in its place.
    ///
    /// ```no_run
    /// use workers_ai::{Gateway, Last, Step, prelude::*};
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
        let steps = vec![step(call)];
        Fallback { ai: self.clone(), gateway, steps, options: Options::default(), answer: PhantomData }
    }
}

impl<S> Fallback<S> {
    options!();

    /// Adds a step.
    pub fn or<M: GatewayCompatible, T: Decode>(mut self, call: Call<M, T>) -> Fallback<S::Steps>
    where
        S: Then<T>,
    {
        self.steps.push(step(call));
        let Self { ai, gateway, steps, options, .. } = self;
        Fallback { ai, gateway, steps, options, answer: PhantomData }
    }
}

impl<S> std::fmt::Debug for Fallback<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let models = models(&self.steps);
        f.debug_struct("Fallback").field("gateway", &self.gateway).field("models", &models).finish_non_exhaustive()
    }
}

/// A call as a step, with its options.
fn step<M, T>(call: Call<M, T>) -> PreparedRequest {
    PreparedRequest { options: call.options, ..call.encoded }
}

/// A step that can be sent.
struct Prepared {
    item: Item,
    info: ModelInfo,
    limit: Option<u64>,
}

/// A step as the universal endpoint takes it.
#[derive(Serialize)]
struct Item {
    provider: &'static str,
    endpoint: String,
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    config: Map<String, Value>,
    query: Box<RawValue>,
}

fn prepare(step: PreparedRequest, ai: &WorkersAi, whole: &Gateway) -> Result<Prepared, Error> {
    ai.check_context(&step)?;
    let limit = step.token_limit();
    let PreparedRequest { model, body, options, info, call, .. } = step;
    let Body::Json(input) = body? else {
        return Err(ConfigError::Conflict("the steps of a fallback take inputs of JSON only").into());
    };
    if call != By::Run || is_partner(&model) {
        return Err(ConfigError::Conflict("a step of a fallback is a `run` of one of the service's own models").into());
    }
    options.check()?;
    if !options.tags.is_empty() || options.retry.is_some() {
        return Err(ConfigError::Conflict("tags and retries are a fallback's as a whole, not one step's").into());
    }
    if let Some(own) = options.gateway.as_ref().filter(|own| own.id != whole.id) {
        let cause = format!("a step of `{}` is said to go through `{}`", whole.id, own.id);
        return Err(ConfigError::Gateway { option: "id", cause }.into());
    }
    if options.gateway.as_ref().is_some_and(|own| !own.authorizes_as(whole)) {
        let cause = "the gateway's token is the whole's: one step cannot have its own".to_owned();
        return Err(ConfigError::Gateway { option: "authorization", cause }.into());
    }
    let (of_gateway, mut config) = options.gateway.as_ref().unwrap_or(whole).of_step();
    if let Some(timeout) = options.timeout {
        config.entry("requestTimeout").or_insert_with(|| millis(timeout).into());
    }
    let mut headers = Map::new();
    headers.insert("Content-Type".to_owned(), "application/json".into());
    let own = options.headers.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())));
    headers.extend(own.map(|(name, value)| (name.to_owned(), value.into())));
    headers.extend(of_gateway.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
    let query = serde_json::from_slice(&json_with(input, options.reject_if_busy));
    let query = query.map_err(|error| Error::Encode(error.into()))?;
    Ok(Prepared { item: Item { provider: "workers-ai", endpoint: model, headers, config, query }, info, limit })
}

impl<S: Steps + MaybeSend + 'static> IntoFuture for Fallback<S> {
    type Output = Result<Reply<S>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, gateway, steps, options, .. } = self;
        Box::pin(async move {
            let start = Instant::now();
            options.check()?;
            gateway.check()?;
            let models = models(&steps);
            let pace = steps.first().map(|step| ai.pace(step));
            let steps = steps.into_iter().map(|step| prepare(step, &ai, &gateway)).collect::<Result<Vec<_>, _>>()?;
            let items: Vec<&Item> = steps.iter().map(|step| &step.item).collect();
            let body = serde_json::to_vec(&items).map_err(|error| Error::Encode(error.into()))?;
            let outgoing = TransportRequest {
                target: Endpoint::Universal { gateway: gateway.id.clone() },
                query: options.query(),
                headers: options.headers,
                content_type: Some("application/json".to_owned()),
                body: RequestBody::from(body),
                gateway: Some(gateway),
                timeout: options.timeout.or(ai.timeout),
                stream: false,
            };
            let watch = CallSpan::new(&ai, &models, ModelInfo::UNKNOWN, false);
            if let Some(first) = items.first() {
                watch.sent(first.query.get().as_bytes());
            }
            let once = || async {
                if let Some(pace) = &pace {
                    pace.wait(&ai).await;
                }
                attempt(&ai, &models, outgoing.clone()).await
            };
            let policy = options.retry.unwrap_or(ai.retry);
            let (raw, attempts) = watch.around(retrying(&*ai.transport, policy, once)).await?;
            let mut meta = Meta { attempts, duration: start.elapsed(), ..Meta::of(&models, &raw.headers) };
            let number = meta.step.unwrap_or_default();
            let answered = usize::try_from(number).ok().and_then(|number| steps.get(number));
            let said = extract_usage(raw.content_type(), &raw.body, answered.and_then(|step| step.limit));
            (meta.usage, meta.finish_reason) = (said.usage, said.finish);
            if let Some(step) = answered {
                step.item.endpoint.clone_into(&mut meta.model);
                watch.of_model(step.info).answered(&raw, &meta);
            }
            match S::read(number, raw.content_type(), &raw.body) {
                Ok(output) => Ok(Reply { output, meta }),
                Err(error) => watch.told(Err(decode_error(meta, error, &raw))),
            }
        })
    }
}

/// What the steps are called together.
fn models(steps: &[PreparedRequest]) -> String {
    steps.iter().map(|step| step.model.as_str()).collect::<Vec<_>>().join(" or ")
}
