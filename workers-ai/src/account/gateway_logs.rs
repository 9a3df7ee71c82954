//! The logs of AI Gateway: looking at one, saying how good its answer was.

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Error, WorkersAi,
    call::{account, read},
};

/// How good an answer was.
///
/// ```
/// use workers_ai::{Feedback, Rating};
///
/// let feedback = Feedback::new().score(90).rating(Rating::Up).metadata("reviewer", "ana");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[must_use = "feedback does nothing until it is sent"]
pub struct Feedback {
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<u8>,
    #[serde(rename = "feedback", skip_serializing_if = "Option::is_none")]
    rating: Option<i8>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, Value>,
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rating {
    /// The answer was good.
    Up,
    /// The answer was bad.
    Down,
}

impl Feedback {
    /// Nothing is said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A score; more than 100 counts as 100.
    pub fn score(mut self, score: u8) -> Self {
        self.score = Some(score.min(100));
        self
    }

    /// A verdict.
    pub fn rating(mut self, rating: Rating) -> Self {
        self.rating = Some(if rating == Rating::Up { 1 } else { -1 });
        self
    }

    /// An entry of the log's metadata.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }
}

/// A log of a call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct GatewayLog {
    /// Its id.
    pub id: String,
    /// Who answered.
    #[serde(default)]
    pub provider: Option<String>,
    /// The model.
    #[serde(default)]
    pub model: Option<String>,
    /// Whether the cache answered.
    #[serde(default)]
    pub cached: Option<bool>,
    /// Whether the call succeeded.
    #[serde(default)]
    pub success: Option<bool>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

impl workers_ai_types::Decode for GatewayLog {
    fn decode(content_type: Option<&str>, body: &[u8]) -> Result<Self, workers_ai_types::DecodeError> {
        workers_ai_types::__private::decode_json(content_type, body)
    }
}

impl WorkersAi {
    /// Says how good the answer of a call was. `log` is the call's [`Meta::log_id`](crate::Meta::log_id).
    ///
    /// A log that is not there yet is waited for, as the policy for trying again allows.
    ///
    /// ```no_run
    /// # use workers_ai::{Feedback, Gateway, Rating, prelude::*};
    /// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// # pub struct Llama;
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let reply = ai.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop")).await?;
    /// if let Some(log) = &reply.meta.log_id {
    ///     ai.patch_log("shop", log, Feedback::new().rating(Rating::Up)).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the gateway has no such log, or cannot be asked.
    #[allow(clippy::needless_pass_by_value, reason = "a feedback is made for the call")]
    pub async fn patch_log(&self, gateway: &str, log: &str, feedback: Feedback) -> Result<(), Error> {
        let body = serde_json::to_vec(&feedback).map_err(|error| Error::Encode(error.into()))?;
        account(self, Method::PATCH, path(gateway, log), Some(body), Vec::new()).await.map(|_| ())
    }

    /// Looks at a log.
    ///
    /// # Errors
    /// As [`WorkersAi::patch_log`].
    pub async fn get_log(&self, gateway: &str, log: &str) -> Result<GatewayLog, Error> {
        let answer = account(self, Method::GET, path(gateway, log), None, Vec::new()).await?;
        read(answer).map(crate::Reply::into_output)
    }
}

fn path(gateway: &str, log: &str) -> String {
    format!("ai-gateway/gateways/{gateway}/logs/{log}")
}
