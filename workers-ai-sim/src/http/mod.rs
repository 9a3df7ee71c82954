//! The HTTP API: routing, authorization, recording and fault injection.

mod attempt;
mod binding;
mod call;
mod delivery;
pub(crate) mod envelope;
mod finetunes;
mod form;
mod gateway;
mod logs;
mod markdown;
mod models;
mod openai;
mod openai_schema;
mod realtime;
mod request;
mod routes;
mod run;
mod universal;
mod watch;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, StatusCode, Uri, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, patch, post},
};

use self::{call::Endpoint, envelope::Dialect, watch::Watch};
use crate::{Fault, RecordedRequest, error::ApiError, state::SimState};

const MAX_BODY_SIZE: usize = 32 << 20;

/// Returns the router of all routes.
pub(crate) fn router(state: Arc<SimState>) -> Router {
    let answers = Router::new()
        .route("/ai/run/{*model}", post(routes::run).get(realtime::of_account))
        .route("/ai/run", post(routes::run_named))
        .route("/ai/v1/chat/completions", routes::openai(Endpoint::Chat))
        .route("/ai/v1/embeddings", routes::openai(Endpoint::Embeddings))
        .route("/ai/v1/responses", routes::openai(Endpoint::Responses));
    let rest = Router::new()
        .route("/ai/catalog/models", get(models::catalog))
        .route("/ai/catalog/models/{id}", get(models::catalog_entry))
        .route("/ai/models/search", get(models::search))
        .route("/ai/models/schema", get(models::schema))
        .route("/ai/finetunes", get(finetunes::list).post(finetunes::create))
        .route("/ai/finetunes/public", get(finetunes::public))
        .route("/ai/finetunes/{id}/finetune-assets", post(finetunes::upload))
        .route("/ai/tomarkdown", post(markdown::to_markdown))
        .route("/ai/tomarkdown/supported", get(markdown::supported))
        .route("/ai-gateway/gateways/{gateway}/logs/{log}", patch(logs::patch).get(logs::get))
        .route_layer(from_fn_with_state(state.clone(), inject_fault));
    let gateway = Router::new()
        .route("/", post(universal::universal))
        .route("/workers-ai/v1/chat/completions", routes::openai(Endpoint::Chat))
        .route("/workers-ai/v1/embeddings", routes::openai(Endpoint::Embeddings))
        .route("/workers-ai/v1/responses", routes::openai(Endpoint::Responses))
        .route("/compat/chat/completions", routes::openai(Endpoint::Compat))
        .route("/workers-ai/run/{*model}", post(routes::run))
        .route("/workers-ai/{*model}", post(routes::run));
    let binding = Router::new()
        .route("/run", post(binding::run).get(realtime::of_binding))
        .route("/ai-gateway/run", post(binding::run))
        .route("/ai-gateway/universal/run/{gateway}", post(binding::universal))
        .route("/ai-api/models/search", get(models::search))
        .route("/to-everything/markdown/transformer", post(markdown::transform))
        .route("/to-everything/markdown/supported", get(markdown::supported))
        .route("/ai-gateway/gateways/{gateway}/logs/{log}", patch(binding::patch_log).get(binding::log));
    Router::new()
        .merge(binding)
        .nest("/client/v4/accounts/{account}", answers.merge(rest))
        .nest("/v1/{account}/{gateway}", gateway)
        .fallback(no_route)
        .method_not_allowed_fallback(no_route)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(state.clone(), record_and_authorize))
        .with_state(state)
}

async fn no_route(method: Method, uri: Uri) -> ApiError {
    ApiError::new(7003, format!("Could not route to {method} {}", uri.path()))
}

/// Records every request and rejects unauthorized ones.
async fn record_and_authorize(State(state): State<Arc<SimState>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (method, uri, headers) = (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
    let body = to_bytes(body, MAX_BODY_SIZE).await;
    let recorded = body.as_ref().cloned().unwrap_or_default();
    let request = RecordedRequest {
        method: method.clone(),
        uri,
        headers,
        body: recorded,
        body_size: 0,
        status: 0,
        cancelled: false,
    };
    let number = state.log().add(request);
    let watch = Watch::new(state.clone(), number);
    let authorized = authorize(&state, &parts);
    let fault =
        parts.headers.get("x-sim-fault").map(|value| Fault::from_header(value.to_str().unwrap_or("(not text)")));
    let response = match (authorized, body) {
        // A test that relies on a fault must not pass without it.
        _ if matches!(fault, Some(Err(_))) => {
            let cause = fault.and_then(Result::err).unwrap_or_default();
            (StatusCode::BAD_REQUEST, format!("x-sim-fault: {cause}\n")).into_response()
        }
        (Err(error), _) => error.respond(Dialect::from_path(parts.uri.path())),
        (Ok(()), Err(_)) => ApiError::from_code(3006).respond(Dialect::from_path(parts.uri.path())),
        (Ok(()), Ok(body)) => next.run(Request::from_parts(parts, Body::from(body))).await,
    };
    watch.response(&method, response)
}

/// Checks the token and the account in the path.
fn authorize(state: &SimState, parts: &Parts) -> Result<(), ApiError> {
    let segments: Vec<&str> = parts.uri.path().split('/').skip(1).collect();
    match segments[..] {
        // Inside Cloudflare, the runtime of a Worker needs no token.
        ["run"] | ["ai-gateway" | "ai-api" | "to-everything", ..] => Ok(()),
        // The universal endpoint also accepts the token in its steps, and checks it itself.
        ["v1", account, _] => state.check_account(Some(account)),
        ["client", "v4", "accounts", account, ..] | ["v1", account, ..] => {
            state.authorize(&parts.headers).and_then(|()| state.check_account(Some(account)))
        }
        _ => state.authorize(&parts.headers).and_then(|()| state.check_account(None)),
    }
}

/// Injects faults into the routes that do not run a model.
async fn inject_fault(State(state): State<Arc<SimState>>, request: Request, next: Next) -> Response {
    let fault = state.fault(request.headers());
    if let Some(latency) = fault.latency {
        tokio::time::sleep(latency).await;
    }
    match delivery::replacement(&fault, Dialect::Native) {
        Some(response) => response,
        None => delivery::deliver(next.run(request).await, &fault).await,
    }
}
