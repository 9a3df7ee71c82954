//! Tools that a model calls and a program answers, until the model has its answer.

use std::{collections::BTreeMap, fmt, future::Future, future::IntoFuture, marker::PhantomData, sync::Arc};

use futures_util::future::join_all;
use serde_json::{Map, Value, json};
use workers_ai_types::{
    Body, Chat, ChatCompletion, ChatReply, Decode, InvalidInput, Message, Model, Request, Text, Tool, ToolCall, Tools,
    Usage, assistant, tool_result,
};

use crate::{
    Error, Reply, WorkersAi,
    call::json_body::members,
    call::options::{Options, options},
    call::request::PreparedRequest,
    call::{read, watched},
    error::ConfigError,
    reply::CacheStatus,
    transport::maybe_send::{BoxFuture, MaybeSend, MaybeSync},
};

#[cfg(not(target_arch = "wasm32"))]
type Handler = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;
#[cfg(target_arch = "wasm32")]
type Handler = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>>>;

/// Tools with what answers them. Of two tools of one name the later takes the place of the earlier.
///
/// ```
/// use workers_ai::ToolBox;
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
    /// No tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool whose arguments are a type. What the fields' docs say is told to the model.
    ///
    /// ```
    /// use schemars::JsonSchema;
    /// use serde::Deserialize;
    /// use workers_ai::ToolBox;
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
        handler: impl Fn(A) -> F + MaybeSend + MaybeSync + 'static,
    ) -> Self
    where
        A: schemars::JsonSchema + serde::de::DeserializeOwned,
        R: serde::Serialize,
        E: fmt::Display,
        F: Future<Output = Result<R, E>> + MaybeSend + 'static,
    {
        let answer = move |arguments: Value| {
            let begun = serde_json::from_value::<A>(arguments).map(&handler);
            async move {
                let result = begun.map_err(|error| format!("invalid arguments: {error}"))?.await;
                let result = result.map_err(|error| error.to_string())?;
                serde_json::to_value(result).map_err(|error| error.to_string())
            }
        };
        self.raw(name, description, crate::call::json_schema::of_arguments::<A>(), answer)
    }

    /// Adds a tool with the JSON Schema of its arguments.
    pub fn raw<E, F>(
        mut self,
        name: impl Into<String>,
        description: impl Into<String>,
        parameters: Value,
        handler: impl Fn(Value) -> F + MaybeSend + MaybeSync + 'static,
    ) -> Self
    where
        E: fmt::Display,
        F: Future<Output = Result<Value, E>> + MaybeSend + 'static,
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

    /// What a tool answers, as the text that the model gets. Whatever goes wrong is told to the model.
    async fn answer(&self, call: &ToolCall) -> String {
        let failed = |error: &str| json!({ "error": error }).to_string();
        let Some(handler) = self.handlers.get(&call.name) else {
            return failed(&format!("there is no tool `{}`", call.name));
        };
        // A model may give nothing where nothing is asked for.
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
    /// Calls a model that may call tools, and answers its calls until it has its own answer.
    ///
    /// Calls of one round run at the same time. What a tool fails with is told to the model. Tools of the input's own are refused:
    /// nothing would answer them.
    ///
    /// ```no_run
    /// # use workers_ai::{ToolBox, prelude::*};
    /// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// # pub struct Llama;
    /// # async fn f(ai: WorkersAi, tools: ToolBox) -> Result<(), workers_ai::Error> {
    /// let input = Llama::input().messages([user("How is the weather in Lisbon?")]);
    /// let reply = ai.with_tools(Llama, input, &tools).max_rounds(5).await?;
    /// println!("{}", reply.text());
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_tools<M: Model<This: Tools + Chat>, R: Request<M::This>>(
        &self,
        _: M,
        request: R,
        tools: &ToolBox,
    ) -> ToolCalls<R::Output> {
        let encoded = self.encode::<M, _>(&request.into_input(), false);
        let (ai, tools) = (self.clone(), tools.clone());
        let check = check_conversation::<M>;
        ToolCalls { ai, encoded, check, tools, rounds: 8, options: Options::default(), answer: PhantomData }
    }
}

/// A call with tools. [`WorkersAi::with_tools`] returns it.
#[must_use = "a call is made when it is awaited"]
pub struct ToolCalls<T> {
    ai: WorkersAi,
    encoded: PreparedRequest,
    check: fn(&Map<String, Value>) -> Result<(), InvalidInput>,
    tools: ToolBox,
    rounds: u32,
    options: Options,
    answer: PhantomData<fn() -> T>,
}

impl<T> ToolCalls<T> {
    options!(gateway);

    /// How often the model may be called; 8 unless said otherwise.
    pub fn max_rounds(mut self, rounds: u32) -> Self {
        self.rounds = rounds.max(1);
        self
    }
}

impl<T> fmt::Debug for ToolCalls<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolCalls")
            .field("model", &self.encoded.model)
            .field("tools", &self.tools)
            .finish_non_exhaustive()
    }
}

impl<T: Decode + 'static> IntoFuture for ToolCalls<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { ai, encoded, check, tools, rounds, options, .. } = self;
            let PreparedRequest { model, body, info, .. } = encoded;
            let Body::Json(body) = body? else {
                return Err(ConfigError::Conflict("only inputs of JSON can offer tools").into());
            };
            let mut body = members(&body)?;
            if !body.get("messages").is_some_and(Value::is_array) {
                return Err(ConfigError::Conflict("tools need `messages`, not a bare prompt").into());
            }
            offer(&mut body, &tools.tools)?;
            let (mut usage, mut paid): (Option<Usage>, bool) = (None, false);
            for _ in 0..rounds {
                check(&body)?;
                let json = serde_json::to_vec(&body).map_err(|error| Error::Encode(error.into()))?;
                let next =
                    PreparedRequest { options: options.clone(), ..PreparedRequest::new(model.clone(), json, info) };
                let (raw, mut meta, watch) = watched(&ai, next).await?;
                if meta.cache != Some(CacheStatus::Hit) {
                    usage = crate::billing::cost::sum(usage, meta.usage);
                    paid = true;
                } else if paid {
                    // One round that was paid for makes the whole no answer of a cache.
                    meta.cache = Some(CacheStatus::Miss);
                }
                let answer: ChatCompletion = serde_json::from_slice(&raw.body).unwrap_or_default();
                let calls = answer.tool_calls();
                if calls.is_empty() {
                    meta.usage = if paid { usage } else { meta.usage };
                    return watch.told(read((raw, meta)));
                }
                let results = join_all(calls.iter().map(|call| tools.answer(call))).await;
                let said: Message<Text> = assistant(answer.text()).with_tool_calls(calls.iter().cloned());
                let mut messages = vec![to_value(&said)?];
                for (call, result) in calls.iter().zip(results) {
                    // What a call without an id is answered to is its tool, as the call itself is written.
                    let id = call.id.as_deref().unwrap_or(&call.name);
                    messages.push(to_value(&tool_result::<Text>(id, result))?);
                }
                if let Some(Value::Array(all)) = body.get_mut("messages") {
                    all.extend(messages);
                }
                // A choice that forces a call would force one each round.
                body.remove("tool_choice");
            }
            Err(Error::TooManyRounds { model, rounds, usage: usage.map(Box::new) })
        })
    }
}

/// Puts the tools into the input.
fn offer(body: &mut Map<String, Value>, tools: &[Tool]) -> Result<(), Error> {
    if body.remove("tools").is_some_and(|own| own.as_array().is_none_or(|own| !own.is_empty())) {
        return Err(ConfigError::Conflict("the input has tools of its own: put them into the `ToolBox`").into());
    }
    if !tools.is_empty() {
        body.insert("tools".to_owned(), to_value(&tools)?);
    }
    Ok(())
}

/// Checks what a round adds to the input: the tools, then what was said and answered.
fn check_conversation<M: Model>(body: &Map<String, Value>) -> Result<(), InvalidInput> {
    let added = ["tools", "messages"].into_iter().filter_map(|name| Some((name, body.get(name)?)));
    workers_ai_types::__private::validate_members(added, M::ID, M::RULES)
}

fn to_value(value: &impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|error| Error::Encode(error.into()))
}
