//! The gateway's universal endpoint: a list of steps, of which the first that succeeds responds.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::{
    call::{Call, Endpoint, PathParams},
    gateway::{admit, respond},
    request,
};
use crate::{error::ApiError, state::SimState};

/// The members of a step's `config`, and the equivalent headers.
const CONFIG: [(&str, &str); 4] = [
    ("requestTimeout", "cf-aig-request-timeout"),
    ("maxAttempts", "cf-aig-max-attempts"),
    ("retryDelay", "cf-aig-retry-delay"),
    ("backoff", "cf-aig-backoff"),
];

/// `POST /v1/{account}/{gateway}`.
pub(super) async fn universal(
    State(state): State<Arc<SimState>>,
    params: PathParams,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let gateway = params.get("gateway").map(String::as_str).unwrap_or_default();
    take(&state, gateway, &headers, &body).await
}

/// Takes the steps of a request, until one succeeds.
pub(super) async fn take(
    state: &SimState,
    gateway: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response, ApiError> {
    let steps = read(headers, body).and_then(|steps| {
        // All steps are checked before the first is taken.
        steps.iter().try_for_each(|step| admit(state, gateway, &step.call.headers).map(|_| ()))?;
        Ok(steps)
    });
    // Steps that cannot be read cannot carry a token.
    let steps = steps.map_err(|error| state.authorize(headers).err().unwrap_or(error))?;
    let mut last = ApiError::invalid_input("required properties at '/' are 'provider,endpoint'").into_response();
    for (number, step) in steps.iter().enumerate() {
        last = match state.authorize(&step.call.headers) {
            Err(error) => step.call.error(&error),
            Ok(()) if step.provider != "workers-ai" => step.call.error(&ApiError::new(2008, "Invalid provider")),
            Ok(()) => respond(state, gateway, number, &step.call).await,
        };
        last.headers_mut().insert("cf-aig-step", HeaderValue::from(number));
        if last.status().is_success() {
            break;
        }
    }
    Ok(last)
}

struct Step {
    provider: String,
    call: Call,
}

fn read(headers: &HeaderMap, body: &Bytes) -> Result<Vec<Step>, ApiError> {
    let Value::Array(steps) = request::json(body)? else {
        return Err(ApiError::invalid_input("Type mismatch of '/', 'array' not in 'object'"));
    };
    if steps.is_empty() {
        return Err(ApiError::invalid_input("required properties at '/' are 'provider,endpoint'"));
    }
    steps.iter().enumerate().map(|(number, step)| read_step(headers, number, step)).collect()
}

fn read_step(headers: &HeaderMap, number: usize, step: &Value) -> Result<Step, ApiError> {
    let text = |name: &str| step.get(name).and_then(Value::as_str);
    let (Some(provider), Some(endpoint)) = (text("provider"), text("endpoint")) else {
        return Err(ApiError::invalid_input(&format!("required properties at '/{number}' are 'provider,endpoint'")));
    };
    let members = |name: &str| match step.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(_) => Err(ApiError::invalid_input(&format!("Type mismatch of '/{number}/{name}', 'object' expected"))),
    };
    let mut headers = headers.clone();
    for (name, value) in members("headers")? {
        set(&mut headers, &name, &value).ok_or_else(|| wrong(number, "headers", &name))?;
    }
    let config = members("config")?;
    for (name, header) in CONFIG {
        if let Some(value) = config.get(name) {
            set(&mut headers, header, value).ok_or_else(|| wrong(number, "config", name))?;
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let endpoint = endpoint.trim_start_matches('/');
    let endpoint = match endpoint {
        "v1/chat/completions" => Endpoint::Chat,
        "v1/embeddings" => Endpoint::Embeddings,
        "v1/responses" => Endpoint::Responses,
        _ => Endpoint::Model(endpoint.strip_prefix("run/").unwrap_or(endpoint).to_owned()),
    };
    let body = step.get("query").cloned().unwrap_or_default().to_string().into();
    Ok(Step {
        provider: provider.to_owned(),
        call: Call { endpoint, headers, query: Vec::new(), body, enveloped: true },
    })
}

fn wrong(number: usize, part: &str, name: &str) -> ApiError {
    ApiError::invalid_input(&format!("'/{number}/{part}/{name}' must be a string, a number or a boolean"))
}

/// Sets a header to a string, a number or a boolean.
fn set(headers: &mut HeaderMap, name: &str, value: &Value) -> Option<()> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    headers.insert(HeaderName::try_from(name).ok()?, HeaderValue::try_from(text).ok()?);
    Some(())
}
