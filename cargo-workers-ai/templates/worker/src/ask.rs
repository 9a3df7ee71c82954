//! Answers questions from the documents.

use serde::Deserialize;
use serde_json::json;
use worker::{Env, Request, Response};
use workers_ai::prelude::*;

use crate::{
    failure::{Failure, json},
    models::{Bge, Llama, client},
    store,
};

/// The number of pieces that an answer is made from.
const PIECES: usize = 5;

#[derive(Deserialize)]
struct Question {
    question: String,
}

/// Finds the pieces that are nearest to a question, and answers from them.
pub async fn ask(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let Question { question } = json(&mut request).await?;
    let ai = client(env)?;
    let asked = ai.run(Bge, Bge::input().text(question.as_str())).await?;
    let found = store::of(env)?.nearest(asked.get(0).unwrap_or_default(), PIECES).await?;
    if found.is_empty() {
        return Ok(Response::from_json(&json!({ "answer": "There are no documents yet.", "sources": [] }))?);
    }
    let sources: Vec<String> =
        found.iter().enumerate().map(|(number, hit)| format!("[{}] {}", number + 1, hit.text)).collect();
    let rules = format!(
        "Answer from these sources only, and name them by their numbers. If they do not say it, say so.\n\n{}",
        sources.join("\n\n")
    );
    let reply = ai.run(Llama, Llama::input().messages([system(rules), user(question)]).max_tokens(500)).await?;
    Ok(Response::from_json(&json!({ "answer": reply.text(), "sources": found }))?)
}
