//! A server that streams a model's answer to a browser and keeps the text.
//!
//! `cargo run --example server -p workers-ai`, then `curl -N 'http://127.0.0.1:3000/?question=hello'`

use std::collections::HashMap;

use axum::{
    Router,
    body::Body,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use workers_ai::prelude::*;

/// A chat model.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

async fn ask(State(ai): State<WorkersAi>, Query(query): Query<HashMap<String, String>>) -> Response {
    let question = query.get("question").cloned().unwrap_or_else(|| "Why is the sky blue?".to_owned());
    let input = Llama::input().messages([user(question)]);
    let words = match ai.stream(Llama, input).await {
        Ok(words) => words,
        Err(error) => return (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    };
    let mut text = String::new();
    let body = words.forward(move |event| {
        text.push_str(event.text());
        if let Event::Finish(reason) = event {
            println!("{} characters, then {}", text.chars().count(), reason.as_str());
        }
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(body)).into_response()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Without a token, a local Workers AI answers, with no model behind it.
    let sim = workers_ai_sim::start().await?;
    let has_token = std::env::var_os("CLOUDFLARE_API_TOKEN").is_some();
    let ai = if has_token { WorkersAi::from_env()? } else { WorkersAi::local(sim.url())? };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().route("/", get(ask)).with_state(ai)).await?;
    Ok(())
}
