//! The binding of a Worker: `env.AI`.

mod options;
mod request;
mod socket;

use std::time::Duration;

use worker::{
    js_sys::{Array, Function, Promise, Reflect},
    send::{SendFuture, SendWrapper},
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
};

use self::request::Asked;
use super::{
    abort::AbortOnDrop,
    js::{self, Thrown},
    sleep,
};
use crate::{
    WorkersAi,
    client::builder::DEFAULT_TIMEOUT,
    error::ConfigError,
    transport::{BoxFuture, Endpoint, Transport, TransportError, TransportRequest, TransportResponse},
};

/// The binding of a Worker to Workers AI.
///
/// Every call has an object of its own: the runtime keeps the options and the results of a call on the object that it was made with,
/// and those of calls at the same time would be mixed.
#[derive(Debug, Clone)]
pub struct Binding {
    ai: SendWrapper<JsValue>,
}

impl Binding {
    /// Wraps the binding: `env.ai("AI")?`, or an object that behaves like it.
    pub fn new(ai: impl AsRef<JsValue>) -> Self {
        Self { ai: SendWrapper::new(ai.as_ref().clone()) }
    }

    /// Makes an object for one call. A binding that makes none is used itself.
    fn own(&self) -> JsValue {
        let made = Reflect::get(&self.ai, &"constructor".into())
            .ok()
            .and_then(|class| class.dyn_into::<Function>().ok())
            .and_then(|class| Reflect::construct(&class, &Array::of1(&self.ai)).ok())
            .filter(|own| js::function(own, "run").is_some());
        made.unwrap_or_else(|| (*self.ai).clone())
    }
}

impl WorkersAi {
    /// Creates a client over the binding of a Worker.
    ///
    /// ```no_run
    /// use worker::{Context, Env, Request, Response, event};
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// pub struct Llama;
    ///
    /// async fn answer(env: Env) -> worker::Result<Response> {
    ///     let ai = WorkersAi::from_binding(env.ai("AI")?);
    ///     let reply = ai.run(Llama, Llama::input().messages([user("Why is the sky blue?")])).await?;
    ///     Response::ok(reply.text())
    /// }
    /// ```
    ///
    /// The binding's name is that in `wrangler.jsonc`: `"ai": { "binding": "AI" }`.
    ///
    /// As over REST, an attempt may take 10 minutes; [`with_timeout`](WorkersAi::with_timeout) changes that.
    #[must_use]
    pub fn from_binding(ai: impl AsRef<JsValue>) -> Self {
        Self::with_transport(Binding::new(ai)).with_timeout(DEFAULT_TIMEOUT)
    }
}

impl Transport for Binding {
    fn check(&self, endpoint: &Endpoint) -> Result<(), ConfigError> {
        missing(endpoint).map_or(Ok(()), |what| Err(ConfigError::NotOverBinding(what)))
    }

    fn send(&self, request: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        let this = self.clone();
        Box::pin(SendFuture::new(async move { this.perform(request).await }))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        sleep(duration)
    }
}

/// Returns what the binding does not have, in words.
fn missing(endpoint: &Endpoint) -> Option<&'static str> {
    match endpoint {
        Endpoint::Run(_)
        | Endpoint::Universal { .. }
        | Endpoint::Models(_)
        | Endpoint::GatewayLog { .. }
        | Endpoint::Markdown => None,
        Endpoint::OpenAi { .. } => Some("the OpenAI-compatible routes: use `run`"),
        Endpoint::ModelSchema(_) => Some("the schemas of models"),
        Endpoint::Finetunes(_) => Some("LoRA adapters"),
    }
}

impl Binding {
    async fn perform(&self, request: TransportRequest) -> Result<TransportResponse, TransportError> {
        let own = self.own();
        let mut abort = AbortOnDrop::new();
        let asked = Asked::new(request, abort.value()).await?;
        let answer = match asked.start(&own) {
            Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await,
            Err(thrown) => Err(thrown),
        };
        abort.disarm();
        match answer {
            Ok(answer) => asked.response(answer),
            Err(thrown) => asked.failure(&Thrown::new(&thrown), &own),
        }
    }
}
