//! The plain binding, with types only: checks, encoding and decoding. JavaScript's own JSON is between them and the binding.

use worker::{
    Context, Env, Request, Response, Result, event,
    js_sys::{Function, JSON, Promise, Reflect},
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
};
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
    let input = JSON::parse(&String::from_utf8_lossy(&json))?;
    let ai = env.ai("AI")?;
    let run: Function = Reflect::get(ai.as_ref(), &"run".into())?.dyn_into()?;
    let promise: Promise = run.call2(ai.as_ref(), &JsValue::from_str(Llama.id()), &input)?.dyn_into()?;
    let answer = String::from(JSON::stringify(&JsFuture::from(promise).await?)?);
    let answer = LlamaOutput::decode(None, answer.as_bytes()).map_err(|error| refused(&error))?;
    Response::ok(answer.text())
}
