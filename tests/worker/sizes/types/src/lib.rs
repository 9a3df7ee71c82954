//! The plain binding, with types only: checks, encoding and decoding.

use serde_json::Value;
use worker::{Context, Env, Request, Response, Result, event};
use workers_ai::{
    codec::{Body, Decode, Encode},
    prelude::*,
};

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[event(fetch)]
async fn fetch(_request: Request, env: Env, _context: Context) -> Result<Response> {
    let refused = |error: &dyn std::error::Error| worker::Error::RustError(error.to_string());
    let input = Llama::input().messages([user("Why is the sky blue?")]).max_tokens(300).build();
    input.validate().map_err(|error| refused(&error))?;
    let body = input.encode(&Llama.facts(), false).map_err(|error| refused(&error))?;
    let Body::Json(json) = body else { return Response::error("no JSON", 500) };
    let input: Value = serde_json::from_slice(&json)?;
    let answer: Value = env.ai("AI")?.run(Llama.id(), input).await?;
    let answer = LlamaOutput::decode(None, answer.to_string().as_bytes()).map_err(|error| refused(&error))?;
    Response::ok(answer.text())
}
