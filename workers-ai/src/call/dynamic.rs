//! Models without a type: JSON in, JSON out.

use serde_json::{Value, json};
use workers_ai_types::{BinaryOutput, Decode, GatewayCompatible, ModelInfo};

use crate::{
    WorkersAi,
    call::Call,
    call::request::{By, PreparedRequest},
    stream::StreamCall,
};

/// A model that is known by its id alone. [`WorkersAi::model`] returns it.
///
/// Nothing is checked before it is sent; everything else is as for typed models.
#[derive(Debug, Clone)]
pub struct DynModel {
    ai: WorkersAi,
    id: String,
    info: ModelInfo,
}

impl GatewayCompatible for DynModel {}

impl BinaryOutput for DynModel {}

impl DynModel {
    pub(crate) fn new(ai: WorkersAi, id: String) -> Self {
        Self { ai, id, info: ModelInfo::UNKNOWN }
    }

    /// What is known of the model: its limit is then [checked](WorkersAi::with_context_check), its tokens have prices, and it has a
    /// rate limit.
    ///
    /// ```
    /// # fn f(ai: workers_ai::WorkersAi) {
    /// use workers_ai::ModelInfo;
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
        Call::new(self.ai.clone(), self.encode(&input))
    }

    /// Calls the model and gets its answer piece by piece.
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
        StreamCall::new(self.ai.clone(), self.encode(&input))
    }

    /// Calls the model by the route for chats that other clients know: `…/ai/v1/chat/completions`. The input's `model` is set here.
    ///
    /// [`ChatCompletion`](crate::ChatCompletion) reads what comes back.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// use workers_ai::{ChatCompletion, ChatReply};
    ///
    /// let input = serde_json::json!({ "messages": [{ "role": "user", "content": "hello" }] });
    /// let answer = ai.model("@cf/openai/gpt-oss-20b").chat(input).read_as::<ChatCompletion>().await?;
    /// println!("{}", answer.text());
    /// # Ok(())
    /// # }
    /// ```
    pub fn chat(&self, input: Value) -> Call<Self, Value> {
        self.openai("chat/completions", input)
    }

    /// As [`chat`](DynModel::chat), piece by piece. The tokens that it took come as well, unless the input says otherwise.
    pub fn chat_stream(&self, mut input: Value) -> StreamCall {
        if let Some(members) = input.as_object_mut() {
            members.insert("stream".to_owned(), Value::Bool(true));
            members.entry("stream_options").or_insert_with(|| json!({ "include_usage": true }));
        }
        StreamCall::new(self.ai.clone(), self.encode_for("chat/completions", input))
    }

    /// Calls the model by the route for vectors that other clients know: `…/ai/v1/embeddings`.
    ///
    /// ```no_run
    /// # async fn f(ai: workers_ai::WorkersAi) -> Result<(), workers_ai::Error> {
    /// let answer = ai.model("@cf/baai/bge-m3").embeddings(serde_json::json!({ "input": ["a lighthouse"] })).await?;
    /// println!("{}", answer["data"][0]["embedding"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn embeddings(&self, input: Value) -> Call<Self, Value> {
        self.openai("embeddings", input)
    }

    /// Calls the model by the route for responses that other clients know: `…/ai/v1/responses`.
    ///
    /// Of the service's own models those of gpt-oss have it, and they do not stream it.
    pub fn responses(&self, input: Value) -> Call<Self, Value> {
        self.openai("responses", input)
    }

    fn openai(&self, route: &'static str, input: Value) -> Call<Self, Value> {
        Call::new(self.ai.clone(), self.encode_for(route, input))
    }

    fn encode_for(&self, route: &'static str, mut input: Value) -> PreparedRequest {
        if let Some(members) = input.as_object_mut() {
            members.insert("model".to_owned(), Value::String(self.id.clone()));
        }
        PreparedRequest { call: By::OpenAi(route), ..self.encode(&input) }
    }

    fn encode(&self, input: &Value) -> PreparedRequest {
        PreparedRequest::json(self.id.clone(), input, self.info)
    }
}

impl<T> Call<DynModel, T> {
    /// Reads the answer into a type that reads what models answer: [`ChatCompletion`](crate::ChatCompletion), the output of a model of the
    /// catalog that answers alike, one of your own.
    pub fn read_as<U: Decode>(self) -> Call<DynModel, U> {
        self.answering()
    }
}
