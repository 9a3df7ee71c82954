//! Tools that a model calls and a program runs, until the model has its answer.

use std::{collections::BTreeMap, fmt, future::IntoFuture, sync::Arc};

use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use workers_ai_types::{
    Chat, Model, Request, Tools,
    catalog::Rule,
    chat::{ChatCompletion, ChatReply, Message, Text, Tool, ToolCall, Usage, assistant, tool_result},
    codec::{Body, Decode},
};

use super::{
    CallFuture,
    options::{Options, options},
    pipeline::{Answer, complete},
    request::{ModelFacts, PreparedRequest},
};
use crate::{
    Error, Reply, WorkersAi,
    billing::usage,
    error::{ConfigError, encode_error},
    reply::CacheStatus,
    transport::BoxFuture,
};

type Handler = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// Tools with their handlers. A tool replaces an earlier one of the same name.
///
/// ```
/// use workers_ai::chat::ToolBox;
///
/// let parameters = serde_json::json!({
///     "type": "object",
///     "properties": { "place": { "type": "string", "description": "a town" } },
///     "required": ["place"],
/// });
/// let tools = ToolBox::new().raw("weather", "The weather at a place", parameters, |arguments| async move {
///     Ok::<_, String>(serde_json::json!({ "place": arguments["place"], "degrees": 21 }))
/// });
/// ```
#[derive(Clone, Default)]
#[must_use = "tools do nothing until a model is offered them"]
pub struct ToolBox {
    tools: Vec<Tool>,
    handlers: BTreeMap<String, Handler>,
}

impl ToolBox {
    /// Creates an empty set of tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool whose arguments are a type. The model reads the doc comments of its fields.
    ///
    /// ```
    /// use schemars::JsonSchema;
    /// use serde::Deserialize;
    /// use workers_ai::chat::ToolBox;
    ///
    /// #[derive(Deserialize, JsonSchema)]
    /// struct Place {
    ///     /// A town.
    ///     place: String,
    /// }
    ///
    /// let tools = ToolBox::new().tool("weather", "The weather at a place", |Place { place }| async move {
    ///     if place.is_empty() { Err("no place") } else { Ok(format!("21 degrees in {place}")) }
    /// });
    /// ```
    #[cfg(feature = "schemars")]
    pub fn tool<A, R, E, F>(
        self,
        name: impl Into<String>,
        description: impl Into<String>,
        handler: impl Fn(A) -> F + Send + Sync + 'static,
    ) -> Self
    where
        A: schemars::JsonSchema + serde::de::DeserializeOwned,
        R: serde::Serialize,
        E: fmt::Display,
        F: Future<Output = Result<R, E>> + Send + 'static,
    {
        let answer = move |arguments: Value| {
            let parsed = serde_json::from_value::<A>(arguments).map(&handler);
            async move {
                let result = parsed.map_err(|error| format!("invalid arguments: {error}"))?.await;
                let result = result.map_err(|error| error.to_string())?;
                serde_json::to_value(result).map_err(|error| error.to_string())
            }
        };
        self.raw(name, description, super::json_schema::arguments_schema::<A>(), answer)
    }

    /// Adds a tool with the JSON Schema of its arguments.
    pub fn raw<E, F>(
        mut self,
        name: impl Into<String>,
        description: impl Into<String>,
        parameters: Value,
        handler: impl Fn(Value) -> F + Send + Sync + 'static,
    ) -> Self
    where
        E: fmt::Display,
        F: Future<Output = Result<Value, E>> + Send + 'static,
    {
        let name = name.into();
        let tool = Tool::function(name.clone(), description, parameters);
        match self.tools.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = tool,
            None => self.tools.push(tool),
        }
        let handler = move |arguments| -> BoxFuture<'static, Result<Value, String>> {
            let answer = handler(arguments);
            Box::pin(async move { answer.await.map_err(|error| error.to_string()) })
        };
        self.handlers.insert(name, Arc::new(handler));
        self
    }

    /// Runs a tool. Returns its result as the text that the model reads, failures included.
    async fn run(&self, call: &ToolCall) -> String {
        let failed = |error: &str| json!({ "error": error }).to_string();
        let Some(handler) = self.handlers.get(&call.name) else {
            return failed(&format!("there is no tool `{}`", call.name));
        };
        // A model may send null for a tool without arguments.
        let arguments = if call.arguments.is_null() { Value::Object(Map::new()) } else { call.arguments.clone() };
        match handler(arguments).await {
            Ok(Value::String(text)) => text,
            Ok(other) => other.to_string(),
            Err(error) => failed(&error),
        }
    }
}

impl fmt::Debug for ToolBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tools.iter().map(|tool| &tool.name)).finish()
    }
}

impl WorkersAi {
    /// Calls a model that may call tools, and runs them until it has its own answer.
    ///
    /// Tools of one round run concurrently. The model is told when a tool fails. An input with tools of its own is refused: nothing
    /// would run them.
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
        let model = ModelFacts::new(&model);
        ToolsCall {
            ai: self.clone(),
            request: PreparedRequest::encode(model, &request.into_input(), false),
            model,
            tools: tools.clone(),
            rounds: 8,
            read: Answer::decode::<R::Output>,
        }
    }
}

/// A call with tools. Returned by [`WorkersAi::with_tools`].
#[must_use = "a call is made when it is awaited"]
pub struct ToolsCall<T> {
    ai: WorkersAi,
    request: PreparedRequest,
    model: ModelFacts,
    tools: ToolBox,
    rounds: u32,
    read: fn(Answer) -> Result<Reply<T>, Error>,
}

impl<T> ToolsCall<T> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.request.options
    }

    options!(gateway);

    /// Sets how often the model may be called. Default: 8.
    pub fn max_rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds.max(1);
        self
    }
}

impl<T> fmt::Debug for ToolsCall<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolsCall").field("request", &self.request).field("tools", &self.tools).finish_non_exhaustive()
    }
}

impl<T: Decode> IntoFuture for ToolsCall<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        let Self { ai, request, model, tools, rounds, read } = self;
        CallFuture::new(Box::pin(converse(ai, request, model, tools, rounds)), read)
    }
}

/// Calls the model and runs its tools until it has its own answer.
async fn converse(
    ai: WorkersAi,
    request: PreparedRequest,
    model: ModelFacts,
    tools: ToolBox,
    rounds: u32,
) -> Result<Answer, Error> {
    let PreparedRequest { body, options, .. } = request;
    let Body::Json(body) = body? else {
        return Err(ConfigError::Conflict("only models with JSON inputs can be offered tools").into());
    };
    let mut body: Map<String, Value> = serde_json::from_slice(&body).map_err(encode_error)?;
    if !body.get("messages").is_some_and(Value::is_array) {
        return Err(ConfigError::Conflict("tools need `messages` instead of a bare `prompt`").into());
    }
    offer(&mut body, &tools.tools)?;
    let (mut usage, mut billed): (Option<Usage>, bool) = (None, false);
    for _ in 0..rounds {
        check(&body, model.id, model.rules)?;
        let json = serde_json::to_vec(&body).map_err(encode_error)?;
        let next = PreparedRequest::new(model.id.to_owned(), *model.info, Ok(Body::Json(json)));
        let mut answer = complete(&ai, PreparedRequest { options: options.clone(), ..next }).await?;
        if !answer.meta.is_cached() {
            usage = usage::sum(usage, answer.meta.usage);
            billed = true;
        } else if billed {
            // One round that was billed makes the whole not a response from the cache.
            answer.meta.cache = Some(CacheStatus::Miss);
        }
        let completion: ChatCompletion = serde_json::from_slice(&answer.raw.body).unwrap_or_default();
        let calls = completion.tool_calls();
        if calls.is_empty() {
            if billed {
                answer.meta.usage = usage;
            }
            return Ok(answer);
        }
        let results = join_all(calls.iter().map(|call| tools.run(call))).await;
        append(&mut body, &completion, &calls, results)?;
    }
    Err(Error::TooManyRounds { model: model.id.to_owned(), rounds, usage: usage.map(Box::new) })
}

/// Adds the tools to the input.
fn offer(body: &mut Map<String, Value>, tools: &[Tool]) -> Result<(), Error> {
    if body.remove("tools").is_some_and(|own| own.as_array().is_none_or(|own| !own.is_empty())) {
        return Err(ConfigError::Conflict("the input has tools of its own: add them to the `ToolBox`").into());
    }
    if !tools.is_empty() {
        body.insert("tools".to_owned(), to_value(&tools)?);
    }
    Ok(())
}

/// Adds a round to the conversation: the model's message, and the results of its calls.
fn append(
    body: &mut Map<String, Value>,
    completion: &ChatCompletion,
    calls: &[ToolCall],
    results: Vec<String>,
) -> Result<(), Error> {
    let message: Message<Text> = assistant(completion.text()).with_tool_calls(calls.iter().cloned());
    let mut messages = vec![to_value(&message)?];
    for (call, result) in calls.iter().zip(results) {
        // A call without an ID is answered under the name of its tool, as the call itself is written.
        let id = call.id.as_deref().unwrap_or(&call.name);
        messages.push(to_value(&tool_result::<Text>(id, result))?);
    }
    if let Some(Value::Array(all)) = body.get_mut("messages") {
        all.extend(messages);
    }
    // A choice that forces a call would force one in each round.
    body.remove("tool_choice");
    Ok(())
}

/// Checks what rounds add to the input: the tools and the messages.
fn check(body: &Map<String, Value>, id: &'static str, rules: &'static [Rule]) -> Result<(), Error> {
    let added = ["tools", "messages"].into_iter().filter_map(|name| Some((name, body.get(name)?)));
    Ok(workers_ai_types::__private::validate_members(added, id, rules)?)
}

fn to_value(value: &impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(encode_error)
}
