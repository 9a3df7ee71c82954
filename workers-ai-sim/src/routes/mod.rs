//! The routes, and what is common to all of them: who may call, what is recorded, what goes wrong.

mod call;
mod finetunes;
mod gateway;
mod logs;
mod models;
mod openai;
mod run;
mod universal;
mod wanted;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, Uri, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{get, patch, post},
};

use self::call::Target;
use crate::{
    Recorded, deliver,
    envelope::{Dialect, Refusal},
    server::Shared,
};

const LARGEST_BODY: usize = 32 << 20;

/// Everything that the server answers.
pub(crate) fn all(shared: Arc<Shared>) -> Router {
    let answers = Router::new()
        .route("/ai/run/{*model}", post(run::path))
        .route("/ai/run", post(run::named))
        .route("/ai/v1/chat/completions", openai::route(Target::Chat))
        .route("/ai/v1/embeddings", openai::route(Target::Embeddings))
        .route("/ai/v1/responses", openai::route(Target::Responses));
    let rest = Router::new()
        .route("/ai/catalog/models", get(models::catalog))
        .route("/ai/catalog/models/{id}", get(models::catalog_entry))
        .route("/ai/models/search", get(models::search))
        .route("/ai/models/schema", get(models::schema))
        .route("/ai/finetunes", get(finetunes::list).post(finetunes::create))
        .route("/ai/finetunes/public", get(finetunes::public))
        .route("/ai/finetunes/{id}/finetune-assets", post(finetunes::upload))
        .route("/ai/tomarkdown", post(models::to_markdown))
        .route("/ai/tomarkdown/supported", get(models::supported))
        .route("/ai-gateway/gateways/{gateway}/logs/{log}", patch(logs::patch).get(logs::get))
        .route_layer(from_fn_with_state(shared.clone(), failing));
    let gateway = Router::new()
        .route("/", post(universal::universal))
        .route("/workers-ai/v1/chat/completions", openai::route(Target::Chat))
        .route("/workers-ai/v1/embeddings", openai::route(Target::Embeddings))
        .route("/workers-ai/v1/responses", openai::route(Target::Responses))
        .route("/compat/chat/completions", openai::route(Target::Compat))
        .route("/workers-ai/run/{*model}", post(run::path))
        .route("/workers-ai/{*model}", post(run::path));
    Router::new()
        .nest("/client/v4/accounts/{account}", answers.merge(rest))
        .nest("/v1/{account}/{gateway}", gateway)
        .fallback(no_route)
        .method_not_allowed_fallback(no_route)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(shared.clone(), around))
        .with_state(shared)
}

async fn no_route(method: Method, uri: Uri) -> Refusal {
    Refusal::new(7003, format!("Could not route to {method} {}", uri.path()))
}

/// Around every request: it is recorded, and who may not call is refused.
async fn around(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (method, uri, headers) = (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
    let body = to_bytes(body, LARGEST_BODY).await;
    let recorded = body.as_ref().cloned().unwrap_or_default();
    let place = shared.record(Recorded { method, uri, headers, body: recorded, status: 0 });
    let allowed = allow(&shared, &parts);
    let response = match (allowed, body) {
        (Err(refusal), _) => refusal.respond(Dialect::of(parts.uri.path())),
        (Ok(()), Err(_)) => Refusal::of_code(3006).respond(Dialect::of(parts.uri.path())),
        (Ok(()), Ok(body)) => next.run(Request::from_parts(parts, Body::from(body))).await,
    };
    shared.answered(place, response.status().as_u16());
    response
}

/// Whether a call may be made: the token is right, and so is the account that the path names.
fn allow(shared: &Shared, parts: &Parts) -> Result<(), Refusal> {
    let segments: Vec<&str> = parts.uri.path().split('/').skip(1).collect();
    match segments[..] {
        // The universal endpoint takes the token in its steps, too, and looks there itself.
        ["v1", account, _] => shared.has_account(Some(account)),
        ["client", "v4", "accounts", account, ..] | ["v1", account, ..] => {
            shared.authorize(&parts.headers).and_then(|()| shared.has_account(Some(account)))
        }
        _ => shared.authorize(&parts.headers).and_then(|()| shared.has_account(None)),
    }
}

/// Around the routes where no model answers: they fail where a fault is due.
async fn failing(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let fault = shared.fault(request.headers());
    if let Some(latency) = fault.latency {
        tokio::time::sleep(latency).await;
    }
    match deliver::early(&fault, Dialect::Native) {
        Some(response) => response,
        None => deliver::dripping(next.run(request).await, &fault).await,
    }
}
