//! The routes, and what is common to all of them: who may call, what is recorded, what goes wrong.

mod finetunes;
mod gateway;
mod models;
mod openai;
mod run;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, Request, State},
    http::{Method, Uri},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, patch, post},
};

use crate::{Recorded, deliver, envelope::Refusal, server::Shared};

const LARGEST_BODY: usize = 32 << 20;

/// Everything that the server answers.
pub(crate) fn all(shared: Arc<Shared>) -> Router {
    let account = Router::new()
        .route("/ai/run/{*model}", post(run::path))
        .route("/ai/run", post(run::named))
        .route("/ai/v1/chat/completions", post(openai::chat))
        .route("/ai/v1/embeddings", post(openai::embeddings))
        .route("/ai/v1/responses", post(openai::responses))
        .route("/ai/catalog/models", get(models::catalog))
        .route("/ai/catalog/models/{id}", get(models::catalog_entry))
        .route("/ai/models/search", get(models::search))
        .route("/ai/models/schema", get(models::schema))
        .route("/ai/finetunes", get(finetunes::list).post(finetunes::create))
        .route("/ai/finetunes/{id}/finetune-assets", post(finetunes::upload))
        .route("/ai/tomarkdown", post(models::to_markdown))
        .route("/ai/tomarkdown/supported", get(models::supported))
        .route("/ai-gateway/gateways/{gateway}/logs/{log}", patch(gateway::patch_log).get(gateway::get_log));
    let gateway = Router::new()
        .route("/", post(gateway::universal))
        .route("/workers-ai/v1/chat/completions", post(openai::chat))
        .route("/workers-ai/v1/embeddings", post(openai::embeddings))
        .route("/compat/chat/completions", post(openai::chat))
        .route("/workers-ai/run/{*model}", post(gateway::run))
        .route("/workers-ai/{*model}", post(gateway::run));
    Router::new()
        .nest("/client/v4/accounts/{account}", account)
        .nest("/v1/{account}/{gateway}", gateway)
        .fallback(no_route)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(shared.clone(), around))
        .with_state(shared)
}

async fn no_route(method: Method, uri: Uri) -> Response {
    Refusal::new(7003, format!("Could not route to {method} {}", uri.path())).into_response()
}

/// Around every request: it is recorded, checked, and made to fail where a fault is due.
async fn around(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (method, uri, headers) = (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return Refusal::of_code(3006).into_response();
    };
    let segments: Vec<&str> = uri.path().split('/').skip(1).collect();
    let account = match segments[..] {
        ["client", "v4", "accounts", account, ..] | ["v1", account, ..] => Some(account),
        _ => None,
    };
    let response = match shared.authorize(account, &headers) {
        Err(refusal) => refusal.into_response(),
        Ok(()) => {
            let fault = shared.fault(&headers);
            if let Some(latency) = fault.latency {
                tokio::time::sleep(latency).await;
            }
            match deliver::early(&fault) {
                Some(response) => response,
                None => {
                    parts.extensions.insert(fault);
                    next.run(Request::from_parts(parts, Body::from(body.clone()))).await
                }
            }
        }
    };
    let status = response.status().as_u16();
    shared.record(Recorded { method, uri, headers, body, status });
    response
}
