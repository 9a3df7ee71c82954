//! Many calls of different kinds at the same time: each must get its own answer.

use std::collections::HashMap;

use futures_util::future::join_all;
use serde_json::json;
use worker::{
    js_sys::{Function, JSON, Object, Promise, Reflect},
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
    worker_sys::web_sys,
};
use workers_ai::{gateway::Gateway, prelude::*};

use crate::{Answer, Aura, Llama};

const MODEL: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";

/// Returns a plain object with the functions of the binding.
pub(crate) fn fake(binding: &impl AsRef<JsValue>) -> worker::Result<JsValue> {
    let (binding, object) = (binding.as_ref(), Object::new());
    for name in ["run", "models", "gateway", "toMarkdown"] {
        let function: Function = Reflect::get(binding, &name.into())?.unchecked_into();
        Reflect::set(&object, &name.into(), &function.bind0(binding))?;
    }
    Ok(object.into())
}

/// Makes calls of four kinds, half of them beside a neighbour that uses the binding plainly.
///
/// With `control=1`, ours use the neighbour's object as well: some must then get the answer of another.
pub(crate) async fn all(ai: &WorkersAi, binding: &impl AsRef<JsValue>, query: &HashMap<String, String>) -> Answer {
    let count: usize = query.get("n").map_or(Ok(100), |count| count.parse())?;
    let control = query.contains_key("control");
    let binding = binding.as_ref();
    let calls = (0..count).map(|number| async move {
        match (number % 2, control) {
            (1, _) => plain(binding, number).await,
            (_, false) => own(ai, number).await,
            (_, true) => raw(binding, number).await,
        }
    });
    let wrong: Vec<String> = join_all(calls).await.into_iter().filter_map(Result::err).collect();
    Ok(json!({ "calls": count, "wrong": wrong.len(), "first": wrong.iter().take(5).collect::<Vec<_>>() }))
}

/// Later calls are answered sooner.
fn fault(number: usize) -> String {
    format!("latency={}", (number * 7919) % 40)
}

async fn own(ai: &WorkersAi, number: usize) -> Result<(), String> {
    let name = format!("number {number}");
    let said = |error: workers_ai::Error| format!("{number}: {error}");
    match number % 8 {
        0 => {
            let gateway = Gateway::new(format!("g{number}"));
            let call =
                ai.run(Llama, Llama::input().prompt(&name)).gateway(gateway).header("x-sim-fault", fault(number));
            let reply = call.await.map_err(said)?;
            let log = reply.meta.log_id.clone().unwrap_or_default();
            let logged = ai.get_log(&format!("g{number}"), &log).await.map_err(said)?;
            (reply.text().contains(&name) && logged.id == log)
                .then_some(())
                .ok_or(format!("{number}: {}", reply.text()))
        }
        2 => {
            let call = ai.stream(Llama, Llama::input().prompt(&name)).header("x-sim-fault", fault(number));
            let reply = call.await.map_err(said)?.collect().await.map_err(said)?;
            reply.text.contains(&name).then_some(()).ok_or(format!("{number}: {}", reply.text))
        }
        4 => {
            let call = ai.run(Aura, Aura::input().text(&name)).header("x-sim-fault", fault(number)).bytes();
            let mut speech = call.await.map_err(said)?;
            let content_type = speech.content_type().map(str::to_owned);
            let mut length = 0;
            while let Some(chunk) = speech.next().await {
                length += chunk.map_err(said)?.len();
            }
            let is_audio = content_type.as_deref().is_some_and(|of| of.starts_with("audio/"));
            (is_audio && length > 0).then_some(()).ok_or(format!("{number}: {content_type:?}"))
        }
        _ => {
            let refused = format!("code=3036; {}", fault(number));
            let call = ai.run(Llama, Llama::input().prompt(&name)).header("x-sim-fault", refused);
            match call.await {
                Err(error) if error.code().is_some_and(|code| format!("{code:?}") == "DailyQuota") => Ok(()),
                other => Err(format!("{number}: {:?}", other.map(|_| "an answer").map_err(|error| error.to_string()))),
            }
        }
    }
}

/// Uses the binding without the client, as other code in the same Worker may, and must get an object.
async fn plain(binding: &JsValue, number: usize) -> Result<(), String> {
    let options = format!(r#"{{"extraHeaders":{{"x-sim-fault":"{}"}}}}"#, fault(number));
    let answer = run(binding, number, &options).await?;
    let text = Reflect::get(&answer, &"response".into()).ok().and_then(|text| text.as_string());
    let is_own = text.as_deref().is_some_and(|text| text.contains(&format!("number {number}")));
    is_own.then_some(()).ok_or(format!("{number}: the neighbour got {text:?}"))
}

/// A call that asks for the raw response on the object that all share.
async fn raw(binding: &JsValue, number: usize) -> Result<(), String> {
    let options = format!(r#"{{"returnRawResponse":true,"extraHeaders":{{"x-sim-fault":"{}"}}}}"#, fault(number));
    let answer = run(binding, number, &options).await?;
    answer.is_instance_of::<web_sys::Response>().then_some(()).ok_or(format!("{number}: no response"))
}

async fn run(binding: &JsValue, number: usize, options: &str) -> Result<JsValue, String> {
    let said = |error: JsValue| format!("{number}: {error:?}");
    let run: Function = Reflect::get(binding, &"run".into()).map_err(said)?.unchecked_into();
    let inputs = JSON::parse(&json!({ "prompt": format!("number {number}") }).to_string()).map_err(said)?;
    let options = JSON::parse(options).map_err(said)?;
    let promise = run.call3(binding, &MODEL.into(), &inputs, &options).map_err(said)?;
    JsFuture::from(Promise::resolve(&promise)).await.map_err(said)
}
