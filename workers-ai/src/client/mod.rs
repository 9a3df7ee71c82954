//! The client: where calls begin.

#[cfg(feature = "rest")]
pub(crate) mod builder;
#[cfg(feature = "openai")]
mod openai;

use std::{fmt, sync::Arc, time::Duration};

use workers_ai_types::{CheckedStruct, Encode, Model, Request, Run, Streaming};

use crate::{
    Error, billing::tokens::TokenCounter, call::Call, call::dynamic::DynModel, call::request::PreparedRequest,
    stream::StreamCall, transport::Transport, transport::retry::RetryPolicy,
};

/// A client of Workers AI. Cloning it is cheap, and clones share everything.
///
/// ```no_run
/// use workers_ai::prelude::*;
///
/// #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// pub struct Llama;
///
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
    /// Counts what an input has before it is sent.
    pub(crate) counter: Option<Arc<dyn TokenCounter>>,
    #[cfg(feature = "rate-limit")]
    pub(crate) limit: Option<crate::RateLimit>,
    /// Whether spans hold prompts and answers.
    #[cfg(feature = "tracing")]
    pub(crate) content_in_spans: bool,
}

impl fmt::Debug for WorkersAi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkersAi").field("retry", &self.retry).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl WorkersAi {
    /// A client over a way out of one's own.
    pub fn with_transport(transport: impl Transport) -> Self {
        Self {
            transport: Arc::new(transport),
            retry: RetryPolicy::default(),
            timeout: None,
            counter: None,
            #[cfg(feature = "rate-limit")]
            limit: None,
            #[cfg(feature = "tracing")]
            content_in_spans: false,
        }
    }

    /// The same way out with another policy for trying again.
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

    /// The same way out with another limit for each attempt.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self.clone() }
    }

    /// The same way out, waiting before the service would refuse. Clones share the limit.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// let patient = ai.with_rate_limit(workers_ai::RateLimit::from_catalog());
    /// # }
    /// ```
    #[cfg(feature = "rate-limit")]
    #[must_use]
    pub fn with_rate_limit(&self, limit: crate::RateLimit) -> Self {
        Self { limit: Some(limit), ..self.clone() }
    }

    /// Calls a model.
    ///
    /// The input is checked before anything is sent. What is returned does nothing until it is awaited; options go in between.
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
    pub fn run<M: Model<This: Run>, R: Request<M::This>>(&self, _: M, request: R) -> Call<M, R::Output> {
        Call::new(self.clone(), self.encode::<M, _>(&request.into_input(), false))
    }

    /// Calls a model and gets its answer word by word.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// # pub struct Llama;
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let mut words = ai.stream(Llama, Llama::input().messages([user("Why is the sky blue?")])).await?;
    /// while let Some(word) = words.next().await {
    ///     print!("{}", word?.text());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<M: Model<This: Streaming>, R: Request<M::This>>(&self, _: M, request: R) -> StreamCall {
        StreamCall::new(self.clone(), self.encode::<M, _>(&request.into_input(), true))
    }

    /// Sends a struct of one's own that was checked against a model.
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
    #[allow(clippy::needless_pass_by_value, reason = "as with `run`, what is sent is given away")]
    pub fn send<M: CheckedStruct>(&self, input: M) -> Call<M, M::Answer> {
        Call::new(self.clone(), self.encode::<M, _>(&input, false))
    }

    /// A model that has no type: JSON goes in and JSON comes out.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// let input = serde_json::json!({ "text": "hello", "target_lang": "german" });
    /// let answer = ai.model("@cf/meta/m2m100-1.2b").run(input).await?;
    /// println!("{}", answer["translated_text"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn model(&self, id: impl Into<String>) -> DynModel {
        DynModel::new(self.clone(), id.into())
    }

    /// Checks and writes an input. A fault waits until the call is awaited.
    pub(crate) fn encode<M: Model, I: Encode>(&self, input: &I, stream: bool) -> PreparedRequest {
        let body =
            input.check(M::ID, M::RULES).map_err(Error::from).and_then(|()| input.encode(stream).map_err(Error::from));
        PreparedRequest { body, ..PreparedRequest::new(M::ID.to_owned(), Vec::new(), M::INFO) }
    }
}
