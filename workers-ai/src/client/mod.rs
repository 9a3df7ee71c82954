//! The client: where calls begin.

#[cfg(any(feature = "rest", feature = "worker"))]
pub(crate) mod builder;
#[cfg(feature = "openai")]
mod openai;

use std::{fmt, sync::Arc, time::Duration};

use workers_ai_types::{Model, Request, Run, Streaming, checked::CheckedStruct};

use crate::{
    billing::context::ContextCheck,
    call::{Call, dynamic::DynModel, request::PreparedRequest, stream::StreamCall},
    transport::{ResponseLimits, Transport, retry::RetryPolicy},
};

/// A client of Workers AI. Cloning it is cheap, and clones share everything.
///
/// ```no_run
/// use workers_ai::prelude::*;
///
/// #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// pub struct Llama;
///
/// # #[cfg(feature = "rest")]
/// # async fn f() -> Result<(), workers_ai::Error> {
/// let ai = WorkersAi::from_env()?;
/// let reply = ai.run(Llama, Llama::input().messages([user("Why is the sky blue?")])).await?;
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WorkersAi {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Option<Duration>,
    pub(crate) limits: ResponseLimits,
    /// Checks whether inputs fit their models.
    pub(crate) context_check: Option<Arc<dyn ContextCheck>>,
    #[cfg(feature = "rate-limit")]
    pub(crate) limit: Option<crate::transport::RateLimit>,
    /// Records prompts and responses in spans.
    #[cfg(feature = "tracing")]
    pub(crate) content_in_spans: bool,
}

impl fmt::Debug for WorkersAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkersAi").field("retry", &self.retry).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl WorkersAi {
    /// Creates a client with your own transport.
    pub fn with_transport(transport: impl Transport) -> Self {
        Self {
            transport: Arc::new(transport),
            retry: RetryPolicy::default(),
            timeout: None,
            limits: ResponseLimits::default(),
            context_check: None,
            #[cfg(feature = "rate-limit")]
            limit: None,
            #[cfg(feature = "tracing")]
            content_in_spans: false,
        }
    }

    /// Returns a client with another policy for retries.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// let impatient = ai.with_retry(workers_ai::RetryPolicy::never());
    /// # }
    /// ```
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        Self { retry, ..self.clone() }
    }

    /// Returns a client with another timeout for each attempt: until the end of the response or, for a stream, until its first event.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self.clone() }
    }

    /// Returns a client with other bounds on responses: their size, and how long a stream may take.
    #[must_use]
    pub fn with_response_limits(&self, limits: ResponseLimits) -> Self {
        Self { limits, ..self.clone() }
    }

    /// Returns a client that waits before the service would refuse. Clones share the limit.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// use workers_ai::transport::RateLimit;
    ///
    /// let patient = ai.with_rate_limit(RateLimit::from_catalog());
    /// # }
    /// ```
    #[cfg(feature = "rate-limit")]
    #[must_use]
    pub fn with_rate_limit(&self, limit: crate::transport::RateLimit) -> Self {
        Self { limit: Some(limit), ..self.clone() }
    }

    /// Calls a model.
    ///
    /// The input is checked before anything is sent. Nothing happens until the returned call is awaited; options go in between.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    /// # pub struct Flux;
    /// # async fn f(ai: WorkersAi) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// let input = Flux::input().prompt("a lighthouse at dusk").num_steps(4);
    /// let picture = ai.run(Flux, input).timeout(Duration::from_secs(30)).await?;
    /// std::fs::write("lighthouse.jpg", picture.image.decode()?)?;
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `ai.run(Flux, …)`")]
    pub fn run<M: Model<This: Run>, R: Request<M::This>>(&self, model: M, request: R) -> Call<M, R::Output> {
        Call::new(self.clone(), PreparedRequest::encode(model.facts(), &request.into_input(), false))
    }

    /// Calls a model and streams its output.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// # pub struct Llama;
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let mut events = ai.stream(Llama, Llama::input().messages([user("Why is the sky blue?")])).await?;
    /// while let Some(event) = events.next().await {
    ///     print!("{}", event?.text());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `ai.stream(Llama, …)`")]
    pub fn stream<M: Model<This: Streaming>, R: Request<M::This>>(&self, model: M, request: R) -> StreamCall {
        StreamCall::new(self.clone(), PreparedRequest::encode(model.facts(), &request.into_input(), true))
    }

    /// Sends a struct of your own that was checked against a model.
    ///
    /// ```no_run
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    /// struct Poster {
    ///     prompt: String,
    ///     num_steps: u8,
    /// }
    ///
    /// # async fn f(ai: WorkersAi) -> Result<(), Box<dyn std::error::Error>> {
    /// let poster = Poster { prompt: "a lighthouse at dusk".to_owned(), num_steps: 4 };
    /// std::fs::write("lighthouse.jpg", ai.send(poster).await?.image.decode()?)?;
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "as with `run`, the input is given away")]
    pub fn send<M: CheckedStruct>(&self, input: M) -> Call<M, M::Answer> {
        Call::new(self.clone(), PreparedRequest::encode(input.facts(), &input, false))
    }

    /// Names a model that has no type: JSON goes in and comes out.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// let input = serde_json::json!({ "text": "hello", "target_lang": "german" });
    /// let output = ai.model("@cf/meta/m2m100-1.2b").run(input).await?;
    /// println!("{}", output["translated_text"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn model(&self, id: impl Into<String>) -> DynModel {
        DynModel::new(self.clone(), id.into())
    }
}
