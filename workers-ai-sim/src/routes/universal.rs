//! The gateway's universal endpoint: steps, of which the first that succeeds answers.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::{
    call::{Call, Place, Target},
    gateway::{admit, through},
};
use crate::{envelope::Refusal, request, server::Shared};

/// What a step's `config` may hold, and the header that says the same.
const CONFIG: [(&str, &str); 4] = [
    ("requestTimeout", "cf-aig-request-timeout"),
    ("maxAttempts", "cf-aig-max-attempts"),
    ("retryDelay", "cf-aig-retry-delay"),
    ("backoff", "cf-aig-backoff"),
];

/// `POST /v1/{account}/{gateway}`.
pub(super) async fn universal(
    State(shared): State<Arc<Shared>>,
    place: Place,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let gateway = place.get("gateway").map(String::as_str).unwrap_or_default();
    let steps = read(&headers, &body).and_then(|steps| {
        // What a step asks for is looked at before any of them is taken.
        steps.iter().try_for_each(|step| admit(&shared, gateway, &step.call.headers).map(|_| ()))?;
        Ok(steps)
    });
    // Who sends no steps shows no token in them.
    let steps = steps.map_err(|refusal| shared.authorize(&headers).err().unwrap_or(refusal))?;
    let mut last = Refusal::invalid("required properties at '/' are 'provider,endpoint'").into_response();
    for (number, step) in steps.iter().enumerate() {
        last = match shared.authorize(&step.call.headers) {
            Err(refusal) => step.call.refuse(&refusal),
            Ok(()) if step.provider != "workers-ai" => step.call.refuse(&Refusal::new(2008, "Invalid provider")),
            Ok(()) => through(&shared, gateway, number, &step.call).await,
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

fn read(headers: &HeaderMap, body: &Bytes) -> Result<Vec<Step>, Refusal> {
    let Value::Array(steps) = request::json(body)? else {
        return Err(Refusal::invalid("Type mismatch of '/', 'array' not in 'object'"));
    };
    if steps.is_empty() {
        return Err(Refusal::invalid("required properties at '/' are 'provider,endpoint'"));
    }
    steps.iter().enumerate().map(|(number, step)| read_step(headers, number, step)).collect()
}

fn read_step(headers: &HeaderMap, number: usize, step: &Value) -> Result<Step, Refusal> {
    let text = |name: &str| step.get(name).and_then(Value::as_str);
    let (Some(provider), Some(endpoint)) = (text("provider"), text("endpoint")) else {
        return Err(Refusal::invalid(&format!("required properties at '/{number}' are 'provider,endpoint'")));
    };
    let members = |name: &str| match step.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(_) => Err(Refusal::invalid(&format!("Type mismatch of '/{number}/{name}', 'object' is wanted"))),
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
    let target = match endpoint {
        "v1/chat/completions" => Target::Chat,
        "v1/embeddings" => Target::Embeddings,
        "v1/responses" => Target::Responses,
        _ => Target::Model(endpoint.strip_prefix("run/").unwrap_or(endpoint).to_owned()),
    };
    let body = step.get("query").cloned().unwrap_or_default().to_string().into();
    Ok(Step { provider: provider.to_owned(), call: Call { target, headers, query: Vec::new(), body } })
}

fn wrong(number: usize, part: &str, name: &str) -> Refusal {
    Refusal::invalid(&format!("'/{number}/{part}/{name}' is no text and no number"))
}

/// Sets a header to a text, a number or a truth value.
fn set(headers: &mut HeaderMap, name: &str, value: &Value) -> Option<()> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    headers.insert(HeaderName::try_from(name).ok()?, HeaderValue::try_from(text).ok()?);
    Some(())
}
