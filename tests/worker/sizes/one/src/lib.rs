//! The client, with one model.

use worker::{Context, Env, Request, Response, Result, event};
use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[event(fetch)]
async fn fetch(_request: Request, env: Env, _context: Context) -> Result<Response> {
    let ai = WorkersAi::from_binding(env.ai("AI")?);
    let input = Llama::input().messages([user("Why is the sky blue?")]).max_tokens(300);
    let reply = ai.run(Llama, input).await?;
    Response::ok(reply.text())
}
