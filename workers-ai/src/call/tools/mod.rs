//! Tools that a model calls and a program runs, until the model has its answer.

mod conversation;
mod error;
mod toolbox;

use std::{fmt, future::IntoFuture};

use futures_util::{StreamExt, stream};
use workers_ai_types::{
    Chat, Model, Request, Tools,
    catalog::{Capability, ModelFacts, ModelInfo},
    chat::{ChatCompletion, ChatReply as _, ToolCall},
    codec::{Body, Decode},
};

use self::conversation::Conversation;
pub use self::{error::ToolsError, toolbox::ToolBox};
use super::{
    options::{Options, options},
    pipeline::{Answer, complete},
    request::PreparedRequest,
};
use crate::{Error, Reply, WorkersAi, error::ConfigError, transport::BoxFuture};

impl WorkersAi {
    /// Calls a model that may call tools, and runs them until it has its own answer.
    ///
    /// Tools of one round run concurrently. The model is told when a tool fails. An input with tools of its own is refused: nothing
    /// would run them.
    ///
    /// If a later round fails, the conversation so far, with the results of all tools that ran, is in the [error](ToolsError), which can be
    /// resumed. Still, tools should be able to run twice: a model may ask twice, and a dropped future forgets what ran.
    ///
    /// ```no_run
    /// # use workers_ai::{chat::ToolBox, prelude::*};
    /// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// # pub struct Llama;
    /// # async fn f(ai: WorkersAi, tools: ToolBox) -> Result<(), workers_ai::Error> {
    /// let input = Llama::input().messages([user("How is the weather in Lisbon?")]);
    /// let reply = ai.with_tools(Llama, input, &tools).max_rounds(5).await?;
    /// println!("{}", reply.text());
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `ai.with_tools(Llama, …)`")]
    pub fn with_tools<M: Model<This: Tools + Chat>, R: Request<M::This>>(
        &self,
        model: M,
        request: R,
        tools: &ToolBox,
    ) -> ToolsCall<R::Output> {
        let request = PreparedRequest::encode(model.facts(), &request.into_input(), false);
        ToolsCall::new(self.clone(), request, tools, Answer::decode::<R::Output>)
    }
}

/// A call with tools. Returned by [`WorkersAi::with_tools`].
#[must_use = "a call is made when it is awaited"]
pub struct ToolsCall<T> {
    ai: WorkersAi,
    model: String,
    info: ModelInfo,
    /// The rules for tools and messages. `None`: the model is known by its ID alone.
    facts: Option<ModelFacts>,
    conversation: Result<Conversation, Error>,
    options: Options,
    tools: ToolBox,
    rounds: u32,
    max_calls: usize,
    concurrency: usize,
    read: fn(Answer) -> Result<Reply<T>, Error>,
}

impl<T> ToolsCall<T> {
    pub(super) fn new(
        ai: WorkersAi,
        request: PreparedRequest,
        tools: &ToolBox,
        read: fn(Answer) -> Result<Reply<T>, Error>,
    ) -> Self {
        let allowed = request.requires(Capability::Tools, "tools").map_err(Error::from);
        let allowed = allowed.and_then(|()| request.check_known(false));
        let PreparedRequest { model, info, facts, body, options, .. } = request;
        Self {
            ai,
            model,
            info,
            facts,
            conversation: allowed.and_then(|()| Conversation::new(body?, &tools.tools)),
            options,
            tools: tools.clone(),
            rounds: 8,
            max_calls: 64,
            concurrency: 16,
            read,
        }
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    options!(gateway);

    /// Sets how often the model may be called. Default: 8.
    pub fn max_rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds.max(1);
        self
    }

    /// Sets how many tools the model may call in one round. Default: 64. More are an error, and none of them runs.
    pub fn max_calls(mut self, calls: usize) -> Self {
        self.max_calls = calls;
        self
    }

    /// Sets the number of tools that run at the same time. Default: 16.
    pub fn concurrency(mut self, tools: usize) -> Self {
        self.concurrency = tools.max(1);
        self
    }

    /// Calls the model and runs its tools until it has its own answer.
    async fn converse(mut self) -> Result<Reply<T>, ToolsError<T>> {
        let again = Err(ConfigError::Conflict("an input that is invalid cannot be sent").into());
        let mut conversation = match std::mem::replace(&mut self.conversation, again) {
            Ok(conversation) => conversation,
            Err(error) => return Err(ToolsError::new(error, self)),
        };
        let result = self.rounds(&mut conversation).await;
        result.map_err(|error| {
            self.conversation = Ok(conversation);
            ToolsError::new(error, self)
        })
    }

    async fn rounds(&self, conversation: &mut Conversation) -> Result<Reply<T>, Error> {
        for _ in 0..self.rounds {
            let body = Ok(Body::Json(conversation.to_json(self.facts)?));
            let next = PreparedRequest::new(self.model.clone(), self.info, body);
            let mut answer = complete(&self.ai, PreparedRequest { options: self.options.clone(), ..next }).await?;
            conversation.count(&mut answer.meta);
            let completion: ChatCompletion = serde_json::from_slice(&answer.raw.body).unwrap_or_default();
            let mut calls = completion.tool_calls().to_vec();
            // Without a name, nothing can be called.
            calls.retain(|call| !call.name.is_empty());
            if calls.is_empty() {
                calls = self.tools.calls_in(&completion.text());
            }
            if calls.is_empty() {
                return (self.read)(answer);
            }
            conversation.identify(&mut calls);
            if calls.len() > self.max_calls {
                let (model, calls, limit) = (self.model.clone(), calls.len(), self.max_calls);
                return Err(Error::TooManyToolCalls { model, calls, limit });
            }
            let results = self.run(&calls).await;
            conversation.append(&completion, &calls, results)?;
        }
        let (model, usage) = (self.model.clone(), conversation.usage().map(Box::new));
        Err(Error::TooManyRounds { model, rounds: self.rounds, usage })
    }

    /// Runs the tools of a round.
    async fn run(&self, calls: &[ToolCall]) -> Vec<String> {
        let running: Vec<BoxFuture<'static, String>> = calls.iter().map(|call| self.tools.run(call)).collect();
        stream::iter(running).buffered(self.concurrency).collect().await
    }
}

impl<T> fmt::Debug for ToolsCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolsCall")
            .field("model", &self.model)
            .field("options", &self.options)
            .field("tools", &self.tools)
            .finish_non_exhaustive()
    }
}

impl<T: Decode + 'static> IntoFuture for ToolsCall<T> {
    type Output = Result<Reply<T>, ToolsError<T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.converse())
    }
}
