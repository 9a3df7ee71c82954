//! A request for a model's answer, and what an attempt at it comes to.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    http::HeaderMap,
    response::Response,
};
use bytes::Bytes;
use serde_json::Value;

use super::{gateway, openai, run};
use crate::{
    deliver,
    envelope::{Dialect, Refusal},
    server::Shared,
};

/// The names in a path: the account, and the gateway and the model where the route has them.
pub(super) type Place = Path<HashMap<String, String>>;
pub(super) type Pairs = Query<Vec<(String, String)>>;

/// Who is to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Model(String),
    Chat,
    /// Chat with the models of any provider.
    Compat,
    Embeddings,
    Responses,
}

/// A request for a model's answer.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) target: Target,
    pub(super) headers: HeaderMap,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Call {
    /// The answer: through the gateway of that name, or of the one in the header; else from the model.
    pub(super) async fn answer(&self, shared: &Shared, gateway: Option<&str>) -> Response {
        let named = || self.headers.get("cf-aig-gateway-id").map(|value| String::from_utf8_lossy(value.as_bytes()));
        match (gateway, named()) {
            (Some(gateway), _) => gateway::through(shared, gateway, 0, self).await,
            (None, Some(named)) => gateway::through(shared, &named, 0, self).await,
            (None, None) => self.attempt(shared).await,
        }
    }

    /// One attempt, with whatever goes wrong this time.
    pub(super) async fn attempt(&self, shared: &Shared) -> Response {
        let fault = shared.fault(&self.headers);
        if let Some(latency) = fault.latency {
            tokio::time::sleep(latency).await;
        }
        if let Some(response) = deliver::early(&fault, self.dialect()) {
            return response;
        }
        let answer = match &self.target {
            Target::Model(model) => run::answer(shared, model, self, &fault).await,
            Target::Chat => openai::chat(&self.body, &fault).await,
            Target::Compat => openai::compat(&self.body, &fault).await,
            Target::Embeddings => openai::embeddings(&self.body, &fault).await,
            Target::Responses => openai::responses(&self.body, &fault).await,
        };
        answer.unwrap_or_else(|refusal| self.refuse(&refusal))
    }

    pub(super) fn refuse(&self, refusal: &Refusal) -> Response {
        refusal.respond(self.dialect())
    }

    fn dialect(&self) -> Dialect {
        match self.target {
            Target::Model(_) => Dialect::Native,
            _ => Dialect::OpenAi,
        }
    }

    /// The model that is asked for.
    pub(super) fn model(&self) -> String {
        match &self.target {
            Target::Model(model) => model.clone(),
            _ => {
                let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
                body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned()
            }
        }
    }
}
