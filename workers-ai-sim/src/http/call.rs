//! Calls of models, with or without a gateway.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    http::HeaderMap,
    response::Response,
};
use bytes::Bytes;
use serde_json::Value;

use super::{delivery, envelope::Dialect, gateway, openai, run};
use crate::{error::ApiError, state::SimState};

/// The parameters of a path: the account, and where the route has them the gateway and the model.
pub(super) type PathParams = Path<HashMap<String, String>>;
pub(super) type QueryParams = Query<Vec<(String, String)>>;

/// The API that is called, and the model if the path names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Endpoint {
    Model(String),
    Chat,
    /// Chat with models of any provider.
    Compat,
    Embeddings,
    Responses,
}

/// A call of a model.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) endpoint: Endpoint,
    pub(super) headers: HeaderMap,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Call {
    /// Responds through the named gateway or the one in the header, or else directly.
    pub(super) async fn respond(&self, state: &SimState, gateway: Option<&str>) -> Response {
        let named = || self.headers.get("cf-aig-gateway-id").map(|value| String::from_utf8_lossy(value.as_bytes()));
        match (gateway, named()) {
            (Some(gateway), _) => gateway::respond(state, gateway, 0, self).await,
            (None, Some(named)) => gateway::respond(state, &named, 0, self).await,
            (None, None) => self.attempt(state).await,
        }
    }

    /// Makes one attempt, with the fault that is injected into it.
    pub(super) async fn attempt(&self, state: &SimState) -> Response {
        let fault = state.fault(&self.headers);
        if let Some(latency) = fault.latency {
            tokio::time::sleep(latency).await;
        }
        if let Some(response) = delivery::replacement(&fault, self.dialect()) {
            return response;
        }
        let response = match &self.endpoint {
            Endpoint::Model(model) => run::respond(state, model, self, &fault).await,
            Endpoint::Chat => openai::chat(&self.body, &fault).await,
            Endpoint::Compat => openai::compat(&self.body, &fault).await,
            Endpoint::Embeddings => openai::embeddings(&self.body, &fault).await,
            Endpoint::Responses => openai::responses(&self.body, &fault).await,
        };
        response.unwrap_or_else(|error| self.error(&error))
    }

    pub(super) fn error(&self, error: &ApiError) -> Response {
        error.respond(self.dialect())
    }

    fn dialect(&self) -> Dialect {
        match self.endpoint {
            Endpoint::Model(_) => Dialect::Native,
            _ => Dialect::OpenAi,
        }
    }

    /// Returns the ID of the called model.
    pub(super) fn model(&self) -> String {
        match &self.endpoint {
            Endpoint::Model(model) => model.clone(),
            _ => {
                let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
                body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned()
            }
        }
    }
}
