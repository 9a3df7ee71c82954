//! Steps through a gateway: the first that succeeds answers.

use std::{future::IntoFuture, marker::PhantomData};

use serde_json::{Value, json, value::RawValue};
use workers_ai_types::{Body, Decode, DecodeError, ThroughGateway};

use crate::{
    Error, Gateway, RawReply, Reply, WorkersAi,
    call::{Call, Encoded, attempt},
    error::ConfigError,
    maybe_send::{BoxFuture, MaybeSend},
    options::{Options, options},
    reply::{Meta, said},
    retry::retrying,
    transport::{Outgoing, Target},
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
    steps: Vec<Encoded>,
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
    /// The options of the calls are left out: what holds for all of them is said here.
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
    pub fn fallback<M: ThroughGateway, T: Decode>(&self, gateway: Gateway, call: Call<M, T>) -> Fallback<Last<T>> {
        let steps = vec![call.encoded];
        Fallback { ai: self.clone(), gateway, steps, options: Options::default(), answer: PhantomData }
    }
}

impl<S> Fallback<S> {
    options!();

    /// Adds a step.
    pub fn or<M: ThroughGateway, T: Decode>(mut self, call: Call<M, T>) -> Fallback<S::Steps>
    where
        S: Then<T>,
    {
        self.steps.push(call.encoded);
        let Self { ai, gateway, steps, options, .. } = self;
        Fallback { ai, gateway, steps, options, answer: PhantomData }
    }
}

impl<S> std::fmt::Debug for Fallback<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let models: Vec<&str> = self.steps.iter().map(|step| step.model.as_str()).collect();
        f.debug_struct("Fallback").field("gateway", &self.gateway).field("models", &models).finish_non_exhaustive()
    }
}

/// The steps as the universal endpoint takes them.
fn body(steps: Vec<Encoded>) -> Result<(String, Vec<u8>), Error> {
    let mut models = Vec::new();
    let mut items: Vec<Value> = Vec::new();
    for Encoded { model, body, .. } in steps {
        let Body::Json(input) = body? else {
            return Err(ConfigError::Conflict("the steps of a fallback take inputs of JSON only").into());
        };
        let input: Box<RawValue> = serde_json::from_slice(&input).map_err(|error| Error::Encode(error.into()))?;
        let headers = json!({ "Content-Type": "application/json" });
        items.push(json!({ "provider": "workers-ai", "endpoint": model, "headers": headers, "query": input }));
        models.push(model);
    }
    let body = serde_json::to_vec(&items).map_err(|error| Error::Encode(error.into()))?;
    Ok((models.join(" or "), body))
}

impl<S: Steps + MaybeSend + 'static> IntoFuture for Fallback<S> {
    type Output = Result<Reply<S>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, gateway, steps, options, .. } = self;
        Box::pin(async move {
            options.check()?;
            gateway.check()?;
            let (models, body) = body(steps)?;
            let outgoing = Outgoing {
                target: Target::Universal { gateway: gateway.id.clone() },
                query: options.query,
                headers: options.headers,
                content_type: Some("application/json".to_owned()),
                body: body.into(),
                gateway: Some(gateway),
                timeout: options.timeout.or(ai.timeout),
                stream: false,
            };
            let policy = options.retry.unwrap_or(ai.retry);
            let (raw, attempts) = retrying(&*ai.transport, policy, || attempt(&ai, &models, outgoing.clone())).await?;
            read(&raw, Meta { attempts, ..Meta::of(&models, &raw.headers) })
        })
    }
}

fn read<S: Steps>(raw: &RawReply, mut meta: Meta) -> Result<Reply<S>, Error> {
    let said = said(raw.content_type(), &raw.body, None);
    (meta.usage, meta.finish) = (said.usage, said.finish);
    match S::read(meta.step.unwrap_or_default(), raw.content_type(), &raw.body) {
        Ok(output) => Ok(Reply { output, meta }),
        Err(error) => Err(Error::Decode { model: meta.model, source: Box::new(error) }),
    }
}
