//! Calls of models, with or without a gateway.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    http::HeaderMap,
    response::Response,
};
use bytes::Bytes;
use serde_json::Value;

use super::envelope::Dialect;
use crate::error::ApiError;

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
    /// Whether the result comes in the envelope of the REST API, which the binding of a Worker does not have.
    pub(super) enveloped: bool,
}

impl Call {
    pub(super) fn error(&self, error: &ApiError) -> Response {
        error.respond(self.dialect())
    }

    /// Returns the form of the responses.
    pub(super) fn dialect(&self) -> Dialect {
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
