//! Tools that a model calls and a program answers.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};
use workers_ai::{Error, ToolBox, prelude::*};

use crate::{
    models::{Kimi, Llama},
    setup::start,
};

fn weather(called: &Arc<AtomicU32>) -> ToolBox {
    let parameters = json!({
        "type": "object",
        "properties": { "place": { "type": "string", "description": "a town" } },
        "required": ["place"],
    });
    let called = called.clone();
    ToolBox::new().raw("weather", "The weather at a place", parameters, move |arguments: Value| {
        called.fetch_add(1, Ordering::Relaxed);
        async move {
            match arguments["place"].as_str() {
                Some("Atlantis") => Err("no such place"),
                Some(place) => Ok(json!(format!("21 degrees in {place}"))),
                None => Err("no place"),
            }
        }
    })
}

#[tokio::test]
async fn calls_of_both_schemas_are_answered() {
    let (sim, ai) = start().await;
    let called = Arc::new(AtomicU32::new(0));
    let tools = weather(&called);
    let native = Llama::input().messages([user("How is the weather in Lisbon?")]);
    let native = ai.with_tools(Llama, native, &tools).await.expect("a reply");
    let openai = Kimi::input().messages([user("How is the weather in Lisbon?")]);
    let openai = ai.with_tools(Kimi, openai, &tools).await.expect("a reply");
    assert_eq!(native.text(), "The tool says: 21 degrees in Lisbon");
    assert_eq!(openai.text(), native.text());
    assert_eq!(called.load(Ordering::Relaxed), 2);
    assert_eq!(sim.requests().len(), 4);
    // Both rounds are counted.
    let second = openai.usage().expect("usage").total_tokens;
    assert!(openai.meta.usage.expect("usage").total_tokens > second);

    let messages = sim.requests()[3].json()["messages"].clone();
    assert_eq!(messages[1]["tool_calls"][0]["function"]["name"], "weather");
    assert_eq!(messages[2], json!({ "role": "tool", "tool_call_id": "call_0", "content": "21 degrees in Lisbon" }));
}

#[tokio::test]
async fn the_model_is_told_what_a_tool_fails_with() {
    let (_sim, ai) = start().await;
    let tools = weather(&Arc::default());
    let input = Llama::input().messages([user("How is the weather in Atlantis?")]);
    let reply = ai.with_tools(Llama, input, &tools).await.expect("a reply");
    assert!(reply.text().contains("no such place"), "{}", reply.text());
}

#[tokio::test]
async fn rounds_have_a_limit() {
    let (sim, ai) = start().await;
    let tools = weather(&Arc::default());
    let input = Llama::input().messages([user("How is the weather in Lisbon?")]);
    let error = ai.with_tools(Llama, input, &tools).max_rounds(1).await.expect_err("one is too few");
    assert!(matches!(error, Error::TooManyRounds { rounds: 1, .. }), "{error}");
    assert_eq!(sim.requests().len(), 1);
    let error = ai.with_tools(Llama, Llama::input().prompt("hello"), &tools).await.expect_err("a bare prompt");
    assert!(matches!(error, Error::Configuration(_)), "{error}");
}

#[tokio::test]
async fn tools_that_the_model_would_refuse_are_refused_before_anything_is_sent() {
    let (sim, ai) = start().await;
    let parameters = json!({ "type": "object", "properties": { "place": { "type": "string" } } });
    let tools = ToolBox::new().raw("weather", "The weather", parameters, |_| async { Ok::<_, String>(json!(21)) });
    let input = Llama::input().messages([user("How is the weather in Lisbon?")]);
    let error = ai.with_tools(Llama, input, &tools).await.expect_err("no description");
    let Error::InvalidInput(invalid) = &error else { panic!("{error}") };
    assert_eq!(invalid.violations[0].field, "tools[0].function.parameters.properties.place");
    assert!(error.to_string().contains("must have `type` and `description`"), "{error}");
    assert!(sim.requests().is_empty());
    // Other models take arguments without a description.
    let input = Kimi::input().messages([user("How is the weather in Lisbon?")]);
    ai.with_tools(Kimi, input, &tools).await.expect("a reply");
}

#[cfg(feature = "schemars")]
#[tokio::test]
async fn arguments_are_a_type() {
    #[derive(serde::Deserialize, schemars::JsonSchema)]
    struct Place {
        /// A town.
        place: String,
    }
    let (sim, ai) = start().await;
    let tools = ToolBox::new().tool("weather", "The weather at a place", |Place { place }| async move {
        Ok::<_, String>(format!("rain in {place}"))
    });
    let input = Llama::input().messages([user("How is the weather in Porto?")]);
    let reply = ai.with_tools(Llama, input, &tools).await.expect("a reply");
    assert_eq!(reply.text(), "The tool says: rain in Porto");
    let parameters = &sim.requests()[0].json()["tools"][0]["function"]["parameters"];
    assert_eq!(parameters["properties"]["place"], json!({ "type": "string", "description": "A town." }));
}
