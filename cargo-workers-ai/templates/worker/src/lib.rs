//! A Worker over Workers AI: chat, images, structured output, and questions about your own documents.

mod ask;
mod consume;
mod failure;
mod generate;
mod index;
mod lines;
mod models;
mod outbox;
mod split;
mod store;

use serde::{Deserialize, Serialize};
use worker::{Context, Env, MessageBatch, Method, Request, Response, event};

use self::failure::Failure;

/// A piece of a document, as it waits in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Chunk {
    /// The document's ID and the number: indexing a document again replaces its chunks.
    id: String,
    document: String,
    number: u32,
    text: String,
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let answer = match (request.method(), request.path().as_str()) {
        (Method::Get, "/") => Response::from_html(include_str!("page.html")).map_err(Failure::from),
        (Method::Post, "/chat") => generate::chat(request, &env).await,
        (Method::Post, "/image") => generate::image(request, &env).await,
        (Method::Post, "/recipe") => generate::recipe(request, &env).await,
        (Method::Post, "/index") => index::index(request, &env).await,
        (Method::Post, "/ask") => ask::ask(request, &env).await,
        (method, path) => Err(Failure::NoRoute(format!("{} {path}", method.as_ref()))),
    };
    answer.or_else(Failure::response)
}

#[event(queue)]
async fn queue(batch: MessageBatch<Chunk>, env: Env, _context: Context) -> worker::Result<()> {
    consume::consume(&batch, &env).await
}
