//! Models without a type: JSON in, JSON out.

use serde_json::Value;
use workers_ai_types::{Body, ModelInfo, ThroughGateway};

use crate::{
    Error, WorkersAi,
    call::{Call, Encoded},
    options::Options,
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

impl ThroughGateway for DynModel {}

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
    /// let model = ai.model("openai/gpt-5.4").info(info);
    /// # }
    /// ```
    #[must_use]
    pub fn info(self, info: ModelInfo) -> Self {
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
    /// let reply = model.stream(serde_json::json!({ "prompt": "hello" })).await?.collect_reply().await?;
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

    fn encode(&self, input: &Value) -> Encoded {
        let body = serde_json::to_vec(input).map(Body::Json).map_err(|error| Error::Encode(error.into()));
        Encoded { model: self.id.clone(), body, options: Options::default(), info: self.info }
    }
}
