//! The plain binding, with JSON.

use serde_json::{Value, json};
use worker::{Context, Env, Request, Response, Result, event};

#[event(fetch)]
async fn fetch(_request: Request, env: Env, _context: Context) -> Result<Response> {
    let input = json!({ "messages": [{ "role": "user", "content": "Why is the sky blue?" }], "max_tokens": 300 });
    let answer: Value = env.ai("AI")?.run("@cf/meta/llama-3.3-70b-instruct-fp8-fast", input).await?;
    Response::ok(answer["response"].as_str().unwrap_or_default())
}
