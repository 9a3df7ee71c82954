//! A streamed chat with the crate `anyllm-cloudflare-worker`, for the comparison with this client.

use anyllm::{ChatProvider, ChatRequest, StreamEvent, Tool};
use anyllm_cloudflare_worker::Provider;
use futures_util::StreamExt;
use serde_json::{Value, json};
use worker::{Context, Env, Request, Response, Result, event};

const MODEL: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    let provider = Provider::new(env.ai("AI")?);
    let chat = ChatRequest::new(MODEL).user("Why is the sky blue?");
    match request.path().as_str() {
        "/stream" => {
            let events = provider.chat_stream(&chat).await.map_err(|error| error.to_string())?;
            Response::from_stream(events.map(|event| match event {
                Ok(StreamEvent::TextDelta { text, .. }) => Ok(text.into_bytes()),
                Ok(_) => Ok(Vec::new()),
                Err(error) => Err(worker::Error::RustError(error.to_string())),
            }))
        }
        "/tool" => {
            let city = json!({ "type": "string", "description": "The name of the city" });
            let schema = json!({ "type": "object", "properties": { "city": city }, "required": ["city"] });
            let weather = Tool::new("weather", schema).description("Returns the weather");
            let chat = ChatRequest::new(MODEL).user("How is the weather in Lisbon?").tools([weather]);
            let streamed = answer(&provider, &chat).await;
            let whole = match provider.chat(&chat).await {
                Ok(reply) => {
                    let calls = reply.tool_calls().map(|call| format!("{}({})", call.name, call.arguments));
                    json!({ "calls": calls.collect::<Vec<_>>(), "text": reply.text() })
                }
                Err(error) => json!({ "error": error.to_string() }),
            };
            Response::from_json(&json!({ "error": streamed["error"], "not streamed": whole }))
        }
        _ => Response::from_json(&answer(&provider, &chat).await),
    }
}

/// Reads a stream to its end.
async fn answer(provider: &Provider, chat: &ChatRequest) -> Value {
    let mut events = match provider.chat_stream(chat).await {
        Ok(events) => events,
        Err(error) => return json!({ "error": error.to_string() }),
    };
    let (mut text, mut problem) = (String::new(), None);
    while let Some(event) = events.next().await {
        match event {
            Ok(StreamEvent::TextDelta { text: more, .. }) => text.push_str(&more),
            Ok(_) => {}
            Err(error) => problem = Some(error.to_string()),
        }
    }
    json!({ "text": text, "error": problem })
}
