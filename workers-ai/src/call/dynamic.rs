//! Models without a type: JSON goes in and comes out.

use serde_json::{Value, json};
use workers_ai_types::{
    BinaryOutput, GatewayCompatible,
    catalog::ModelInfo,
    chat::{ChatCompletion, IntoMessage, MediaContent, Message},
    codec::{Body, Decode},
    embeddings::{Embeddings, Fixed},
};

use super::{
    Call,
    embed::{Destination, EmbedAll, MAX_TEXTS, max_texts},
    pipeline::Answer,
    request::PreparedRequest,
    stream::StreamCall,
    tools::{ToolBox, ToolsCall},
};
use crate::{
    WorkersAi,
    error::encode_error,
    known::{self, Known},
    transport::{Endpoint, json},
};

/// A model that is known by its ID alone. Returned by [`WorkersAi::model`].
///
/// With the feature `catalog`, the inputs of models that the catalog has are checked before they are sent: their fields, types and
/// bounds, and the model's capabilities; the catalog's facts apply, too. Without it, and for other models, inputs are sent as they
/// are. Everything else works as with typed models.
#[derive(Debug, Clone)]
pub struct DynModel {
    ai: WorkersAi,
    id: String,
    info: ModelInfo,
    known: Option<&'static Known>,
}

impl GatewayCompatible for DynModel {}

impl BinaryOutput for DynModel {}

impl DynModel {
    pub(crate) fn new(ai: WorkersAi, id: String) -> Self {
        let known = known::find(&id);
        let info = known.map_or(ModelInfo::UNKNOWN, |known| *known.facts().info);
        Self { ai, id, info, known }
    }

    /// Sends inputs as they are, without a check against the catalog: for fields that are newer than it.
    #[must_use]
    pub fn unchecked(self) -> Self {
        Self { known: None, ..self }
    }

    /// Returns what is known about the model: the catalog's facts with the feature `catalog`, or those that were
    /// [added](DynModel::with_info).
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Adds facts about the model: its context is then [checked](WorkersAi::with_context_check), its tokens have prices, and it has a
    /// rate limit.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// use workers_ai::catalog::ModelInfo;
    ///
    /// let info = ModelInfo { task: "Text Generation", context_window: Some(128_000), ..ModelInfo::UNKNOWN };
    /// let model = ai.model("openai/gpt-5.4").with_info(info);
    /// # }
    /// ```
    #[must_use]
    pub fn with_info(self, info: ModelInfo) -> Self {
        Self { info, ..self }
    }

    /// Calls the model.
    #[allow(clippy::needless_pass_by_value, reason = "`json!` goes straight in")]
    pub fn run(&self, input: Value) -> Call<Self, Value> {
        Call::new(self.ai.clone(), self.prepare(&input))
    }

    /// Asks a chat model. [`set`](Call::set) adds other fields of its input, [`tools`](Call::tools) offers tools, and
    /// [`streamed`](Call::streamed) streams the response.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// use workers_ai::prelude::*;
    ///
    /// let model = std::env::var("MODEL").unwrap_or("@cf/zai-org/glm-5.2".to_owned());
    /// let reply = ai.model(model).ask([system("Be brief."), user("Why is the sky blue?")]).set("max_tokens", 300).await?;
    /// println!("{}", reply.text());
    /// # Ok(())
    /// # }
    /// ```
    pub fn ask(
        &self,
        messages: impl IntoIterator<Item = impl IntoMessage<MediaContent>>,
    ) -> Call<Self, ChatCompletion> {
        let messages: Vec<Message<MediaContent>> = messages.into_iter().map(IntoMessage::into_message).collect();
        Call::new(self.ai.clone(), self.prepare(&json!({ "messages": messages })))
    }

    /// Calls the model and streams its output.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// let model = ai.model("@cf/meta/llama-3.3-70b-instruct-fp8-fast");
    /// let reply = model.stream(serde_json::json!({ "prompt": "hello" })).await?.collect().await?;
    /// println!("{}", reply.text);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(&self, mut input: Value) -> StreamCall {
        if let Some(members) = input.as_object_mut() {
            members.insert("stream".to_owned(), Value::Bool(true));
        }
        StreamCall::new(self.ai.clone(), self.prepare(&input))
    }

    /// Calls the model by the OpenAI-compatible route for chats, `…/ai/v1/chat/completions`. The input's `model` is set here.
    ///
    /// [`ChatCompletion`] reads the response.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// use workers_ai::chat::{ChatCompletion, ChatReply};
    ///
    /// let input = serde_json::json!({ "messages": [{ "role": "user", "content": "hello" }] });
    /// let reply = ai.model("@cf/openai/gpt-oss-20b").chat(input).read_as::<ChatCompletion>().await?;
    /// println!("{}", reply.text());
    /// # Ok(())
    /// # }
    /// ```
    pub fn chat(&self, input: Value) -> Call<Self, Value> {
        self.openai("chat/completions", input)
    }

    /// Streams a call by the same route as [`chat`](DynModel::chat). The usage is requested too, unless the input says otherwise.
    pub fn chat_stream(&self, mut input: Value) -> StreamCall {
        if let Some(members) = input.as_object_mut() {
            members.insert("stream".to_owned(), Value::Bool(true));
            members.entry("stream_options").or_insert_with(|| json!({ "include_usage": true }));
        }
        StreamCall::new(self.ai.clone(), self.prepare_openai("chat/completions", input))
    }

    /// Calls the model by the OpenAI-compatible route for embeddings, `…/ai/v1/embeddings`.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// let reply = ai.model("@cf/baai/bge-m3").embeddings(serde_json::json!({ "input": ["a lighthouse"] })).await?;
    /// println!("{}", reply["data"][0]["embedding"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn embeddings(&self, input: Value) -> Call<Self, Value> {
        self.openai("embeddings", input)
    }

    /// Embeds any number of texts, like [`WorkersAi::embed_all`]. The service's own models, whose IDs start with `@`, are called as
    /// they are; others by the OpenAI-compatible route.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi, texts: Vec<String>) -> Result<(), workers_ai::Error> {
    /// let vectors = ai.model("@cf/baai/bge-m3").embed_all(texts).await?;
    /// println!("{} vectors", vectors.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn embed_all(&self, texts: impl IntoIterator<Item = impl Into<String>>) -> EmbedAll<Embeddings<Self, Fixed>> {
        let prepare = |part: &[String]| {
            if self.id.starts_with('@') {
                self.prepare(&json!({ "text": part }))
            } else {
                self.prepare_openai("embeddings", json!({ "input": part }))
            }
        };
        let PreparedRequest { model, info, endpoint, .. } = prepare(&[]);
        let most = self.known.map_or(MAX_TEXTS, |known| max_texts(&known.facts()));
        let encode = |part: &[String]| {
            let request = prepare(part);
            request.check_known(false)?;
            request.body
        };
        EmbedAll::new(self.ai.clone(), Destination { model, info, endpoint }, texts, most, encode)
    }

    /// Calls the model by the OpenAI-compatible route for responses, `…/ai/v1/responses`.
    ///
    /// Of the service's own models only gpt-oss supports it, without streaming.
    pub fn responses(&self, input: Value) -> Call<Self, Value> {
        self.openai("responses", input)
    }

    fn openai(&self, route: &'static str, input: Value) -> Call<Self, Value> {
        Call::new(self.ai.clone(), self.prepare_openai(route, input))
    }

    fn prepare_openai(&self, route: &'static str, mut input: Value) -> PreparedRequest {
        if let Some(members) = input.as_object_mut() {
            members.insert("model".to_owned(), Value::String(self.id.clone()));
        }
        let endpoint = Endpoint::OpenAi { route, model: self.id.clone() };
        PreparedRequest { endpoint, ..self.prepare(&input) }
    }

    fn prepare(&self, input: &Value) -> PreparedRequest {
        let body = serde_json::to_vec(input).map(Body::Json).map_err(encode_error);
        let facts = self.known.map(Known::facts);
        PreparedRequest { facts, known: self.known, ..PreparedRequest::new(self.id.clone(), self.info, body) }
    }
}

impl Call<DynModel, ChatCompletion> {
    /// Sets a field of the input.
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.request.body = self.request.body.and_then(|body| match body {
            Body::Json(json) => json::insert(&json, [(field, value.into())]).map(Body::Json).map_err(encode_error),
            other => Ok(other),
        });
        self
    }

    /// Runs the tools that the model calls until it has its own answer, like [`WorkersAi::with_tools`].
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi, tools: workers_ai::chat::ToolBox) -> Result<(), workers_ai::Error> {
    /// use workers_ai::prelude::*;
    ///
    /// let reply = ai.model("@cf/zai-org/glm-5.2").ask([user("How is the weather in Lisbon?")]).tools(&tools).await?;
    /// println!("{}", reply.text());
    /// # Ok(())
    /// # }
    /// ```
    pub fn tools(self, tools: &ToolBox) -> ToolsCall<ChatCompletion> {
        ToolsCall::new(self.ai, self.request, tools, Answer::decode::<ChatCompletion>)
    }

    /// Streams the response.
    pub fn streamed(self) -> StreamCall {
        let Self { ai, request, .. } = self.set("stream", true);
        StreamCall::new(ai, request)
    }
}

impl<T> Call<DynModel, T> {
    /// Reads the response into another type: [`ChatCompletion`], the output of a model of the catalog that
    /// responds alike, or one of your own.
    pub fn read_as<U: Decode>(self) -> Call<DynModel, U> {
        self.with_output()
    }
}
