//! A streamed chat with this client, for the comparison with another crate.

use std::time::Duration;

use serde_json::{Value, json};
use worker::{Context, Env, Request, Response, Result, event};
use workers_ai::{EventStream, RetryPolicy, chat::Tool, prelude::*};

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let ai = WorkersAi::from_binding(env.ai("AI")?);
    let ai = ai.with_retry(RetryPolicy::default().min_delay(Duration::from_millis(10)));
    match request.path().as_str() {
        "/stream" => Ok(ai.stream(Llama, Llama::input().messages([user("Why is the sky blue?")])).response().await?),
        "/tool" => {
            let city = json!({ "type": "string", "description": "The name of the city" });
            let schema = json!({ "type": "object", "properties": { "city": city }, "required": ["city"] });
            let weather = Tool::function("weather", "Returns the weather", schema);
            let input = Llama::input().messages([user("How is the weather in Lisbon?")]).tools([weather]);
            let mut calls = Vec::new();
            answer(ai.stream(Llama, input).await, |event| {
                if let Event::ToolCall(call) = event {
                    calls.push(format!("{}({})", call.name, call.arguments));
                }
            })
            .await
            .and_then(|mut answer| {
                answer["calls"] = json!(calls);
                Response::from_json(&answer)
            })
        }
        _ => {
            let input = Llama::input().messages([user("Why is the sky blue?")]);
            Response::from_json(&answer(ai.stream(Llama, input).await, |_| {}).await?)
        }
    }
}

/// Reads a stream to its end.
async fn answer(
    stream: std::result::Result<EventStream, workers_ai::Error>,
    mut see: impl FnMut(&Event),
) -> Result<Value> {
    let mut events = match stream {
        Ok(events) => events,
        Err(error) => return Ok(json!({ "error": error.to_string() })),
    };
    let (mut text, mut problem) = (String::new(), None);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => {
                see(&event);
                text.push_str(event.text());
            }
            Err(error) => problem = Some(error.to_string()),
        }
    }
    Ok(json!({ "text": text, "error": problem, "attempts": events.meta().attempts }))
}
