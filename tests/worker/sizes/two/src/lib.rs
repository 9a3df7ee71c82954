//! The client, with two models.

use worker::{Context, Env, Request, Response, Result, event};
use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[event(fetch)]
async fn fetch(_request: Request, env: Env, _context: Context) -> Result<Response> {
    let ai = WorkersAi::from_binding(env.ai("AI")?);
    let input = Llama::input().messages([user("Describe a lighthouse.")]).max_tokens(300);
    let described = ai.run(Llama, input).await?;
    let picture = ai.run(Flux, Flux::input().prompt(described.text()).num_steps(4)).await?;
    Response::from_bytes(picture.image.decode().map_err(|error| worker::Error::RustError(error.to_string()))?.to_vec())
}
