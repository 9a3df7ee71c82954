//! The answers of chat models.

use serde_json::{Value, json};
use workers_ai_sim::Sim;

use crate::setup::{LLAMA, api, post};

const OSS: &str = "@cf/openai/gpt-oss-20b";

#[tokio::test]
async fn a_tool_result_ends_the_calls_on_every_route() {
    let sim = Sim::start().await.expect("a free port");
    let parameters =
        json!({ "type": "object", "properties": { "place": { "type": "string" } }, "required": ["place"] });
    let function = json!({ "name": "weather", "description": "The weather at a place", "parameters": parameters });
    let question = json!({ "role": "user", "content": "How is the weather in Lisbon?" });
    let mut tool = function.clone();
    tool["type"] = json!("function");
    let mut body = json!({ "model": OSS, "input": [question], "tools": [tool] });
    let path = api(&sim, "/ai/v1/responses");
    let output = post(&sim, &path, &[], &body).await.json()["output"].clone();
    let call = output.as_array().expect("a list").iter().find(|item| item["type"] == "function_call").expect("a call");
    let returned = json!({ "type": "function_call_output", "call_id": call["call_id"], "output": "21 degrees" });
    body["input"] = json!([question, call, returned]);
    let answer = post(&sim, &path, &[], &body).await;
    assert!(!answer.text().contains("function_call") && answer.text().contains("21 degrees"), "{}", answer.text());

    let path = api(&sim, "/ai/v1/chat/completions");
    let mut body = json!({
        "model": LLAMA, "messages": [question], "tools": [{ "type": "function", "function": function }],
    });
    let message = post(&sim, &path, &[], &body).await.json()["choices"][0]["message"].clone();
    let returned = json!({ "role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": "21 degrees" });
    body["messages"] = json!([question, message, returned]);
    assert!(post(&sim, &path, &[], &body).await.text().contains("21 degrees"));
}

#[tokio::test]
async fn json_mode_keeps_to_a_schema_with_references() {
    let sim = Sim::start().await.expect("a free port");
    let schema = json!({
        "type": "object", "required": ["steps"], "properties": { "steps": { "$ref": "#/$defs/Steps" } },
        "$defs": { "Steps": { "type": "array", "items": { "type": "object", "required": ["minutes"],
            "properties": { "minutes": { "type": "integer", "exclusiveMinimum": 3 } } } } },
    });
    let mut body = json!({
        "messages": [{ "role": "user", "content": "a recipe" }],
        "response_format": { "type": "json_schema", "json_schema": schema },
    });
    let native = post(&sim, &api(&sim, &format!("/ai/run/{LLAMA}")), &[], &body).await.json();
    assert_eq!(native["result"]["response"]["steps"][0]["minutes"], 4);
    body["model"] = json!(LLAMA);
    body["response_format"]["json_schema"] = json!({ "name": "recipe", "schema": schema, "strict": true });
    let chat = post(&sim, &api(&sim, "/ai/v1/chat/completions"), &[], &body).await.json();
    let content = chat["choices"][0]["message"]["content"].as_str().expect("a text");
    assert_eq!(serde_json::from_str::<Value>(content).expect("JSON"), native["result"]["response"]);
}
