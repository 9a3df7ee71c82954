//! The logs of AI Gateway, and feedback on them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{call, read};
use crate::{
    Error, WorkersAi,
    error::encode_error,
    transport::{Endpoint, Input},
};

/// Feedback on a response.
///
/// ```
/// use workers_ai::account::{Feedback, Rating};
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

/// A rating of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rating {
    /// The response was good.
    Up,
    /// The response was bad.
    Down,
}

impl Feedback {
    /// Creates empty feedback.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a score from 0 to 100; higher ones count as 100.
    pub fn score(mut self, score: u8) -> Self {
        self.score = Some(score.min(100));
        self
    }

    /// Sets a rating.
    pub fn rating(mut self, rating: Rating) -> Self {
        self.rating = Some(if rating == Rating::Up { 1 } else { -1 });
        self
    }

    /// Adds an entry to the metadata of the log.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }
}

/// The log of a call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct GatewayLog {
    /// Its ID.
    pub id: String,
    /// The provider that responded.
    #[serde(default)]
    pub provider: Option<String>,
    /// The model.
    #[serde(default)]
    pub model: Option<String>,
    /// Whether the response came from the cache.
    #[serde(default)]
    pub cached: Option<bool>,
    /// Whether the call succeeded.
    #[serde(default)]
    pub success: Option<bool>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

impl WorkersAi {
    /// Adds feedback to the log of a call, found in [`Meta::log_id`](crate::Meta::log_id).
    ///
    /// A log that is not available yet is waited for, as the policy for retries allows.
    ///
    /// ```no_run
    /// # use workers_ai::{account::{Feedback, Rating}, gateway::Gateway, prelude::*};
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
    /// Fails if the gateway has no such log, and as every call does.
    #[allow(clippy::needless_pass_by_value, reason = "feedback is built for the call")]
    pub async fn patch_log(&self, gateway: &str, log: &str, feedback: Feedback) -> Result<(), Error> {
        let body = serde_json::to_vec(&feedback).map_err(encode_error)?;
        call(self, ROUTE, endpoint(gateway, log), Input::Json(body.into())).await.map(|_| ())
    }

    /// Returns the log of a call.
    ///
    /// # Errors
    /// Fails if the gateway has no such log, and as every call does.
    pub async fn get_log(&self, gateway: &str, log: &str) -> Result<GatewayLog, Error> {
        read(self, ROUTE, endpoint(gateway, log), Input::None).await
    }
}

const ROUTE: &str = "gateway log";

fn endpoint(gateway: &str, log: &str) -> Endpoint {
    Endpoint::GatewayLog { gateway: gateway.to_owned(), log: log.to_owned() }
}
