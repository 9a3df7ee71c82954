//! Tools that a model calls and a program runs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use workers_ai::{
    CacheStatus, Error, WorkersAi,
    billing::Meter,
    chat::{Tool, ToolBox},
    gateway::Gateway,
    prelude::*,
    transport::MockTransport,
};

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
    assert_eq!(native.text(), "The tool returned: 21 degrees in Lisbon");
    assert_eq!(openai.text(), native.text());
    assert_eq!(called.load(Ordering::Relaxed), 2);
    assert_eq!(sim.request_count(), 4);
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
    let Error::TooManyRounds { rounds: 1, usage: Some(usage), .. } = error.error() else { panic!("{error}") };
    assert!(usage.total_tokens > 0);
    assert_eq!(sim.request_count(), 1);
    let reply = error.resume().await.expect("one more is enough");
    assert_eq!((&*reply.text(), sim.request_count()), ("The tool returned: 21 degrees in Lisbon", 2));
    let error = ai.with_tools(Llama, Llama::input().prompt("hello"), &tools).await.expect_err("a bare prompt");
    assert!(matches!(error.error(), Error::Configuration(_)), "{error}");
}

/// A response in which the model calls a tool as often as asked.
fn calls(name: &str, count: usize) -> String {
    let call = |id: usize| json!({ "id": format!("call-{id}"), "name": name, "arguments": {} });
    let calls: Vec<Value> = (0..count).map(call).collect();
    json!({ "response": null, "tool_calls": calls, "usage": { "prompt_tokens": 10, "completion_tokens": 5 } })
        .to_string()
}

#[tokio::test]
async fn a_later_round_that_fails_forgets_nothing_and_runs_no_tool_twice() {
    let charged = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&charged);
    let tools = ToolBox::new().with_call(
        "charge",
        "Charges the customer",
        json!({ "type": "object", "properties": {} }),
        move |call| {
            counted.fetch_add(1, Ordering::Relaxed);
            async move { Ok::<_, String>(json!({ "charged by": call.id })) }
        },
    );
    let transport = MockTransport::new()
        .json(calls("charge", 1))
        .response(
            http::StatusCode::BAD_REQUEST,
            "application/json",
            [r#"{"errors": [{"code": 3036, "message": "used up"}]}"#],
        )
        .json(json!({ "response": "done", "usage": { "prompt_tokens": 20, "completion_tokens": 5 } }).to_string());
    let ai = WorkersAi::with_transport(transport);
    let input = Llama::input().messages([user("Charge order 17.")]);
    let error = ai.with_tools(Llama, input, &tools).await.expect_err("used up");
    assert_eq!(
        error.to_string(),
        format!("{}: the conversation failed after 1 response; its 3 messages are kept in the error", Llama::ID)
    );
    assert_eq!((error.rounds(), error.usage().map(|usage| usage.total_tokens)), (1, Some(15)));
    assert!(error.messages()[2].to_string().contains("call-0"), "{:?}", error.messages());
    let reply = error.resume().await.expect("a reply");
    assert_eq!((&*reply.text(), charged.load(Ordering::Relaxed)), ("done", 1));
    assert_eq!(reply.meta.usage.map(|usage| usage.total_tokens), Some(40));
}

#[tokio::test]
async fn the_calls_of_a_round_and_the_tools_at_once_have_limits() {
    let (running, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let shared = (Arc::clone(&running), Arc::clone(&most));
    let tools = ToolBox::new().raw("wait", "Waits", json!({ "type": "object", "properties": {} }), move |_| {
        let (running, most) = shared.clone();
        async move {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            running.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, String>(json!("waited"))
        }
    });
    let transport = MockTransport::new()
        .json(calls("wait", 40))
        .json(json!({ "response": "done" }).to_string())
        .json(calls("wait", 100_000));
    let ai = WorkersAi::with_transport(transport);
    let call = || ai.with_tools(Llama, Llama::input().messages([user("Wait.")]), &tools);
    call().concurrency(4).await.expect("40 are allowed");
    assert_eq!(most.load(Ordering::SeqCst), 4);
    let error = call().await.expect_err("too many");
    let Error::TooManyToolCalls { calls: 100_000, limit: 64, .. } = error.error() else { panic!("{error:?}") };
    assert!(error.error().maybe_billed());
}

#[tokio::test]
async fn tools_that_the_model_would_refuse_are_refused_before_anything_is_sent() {
    let (sim, ai) = start().await;
    let parameters = json!({ "type": "object", "properties": { "place": { "type": "string" } } });
    let tools = ToolBox::new().raw("weather", "The weather", parameters, |_| async { Ok::<_, String>(json!(21)) });
    let input = Llama::input().messages([user("How is the weather in Lisbon?")]);
    let error = ai.with_tools(Llama, input, &tools).await.expect_err("no description");
    let Error::InvalidInput(invalid) = error.error() else { panic!("{error}") };
    assert_eq!(invalid.violations[0].field, "tools[0].function.parameters.properties.place");
    assert!(error.error().to_string().contains("must have `type` and `description`"), "{error}");
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
    assert_eq!(reply.text(), "The tool returned: rain in Porto");
    let parameters = &sim.requests()[0].json()["tools"][0]["function"]["parameters"];
    assert_eq!(parameters["properties"]["place"], json!({ "type": "string", "description": "A town." }));
}

#[tokio::test]
async fn a_list_of_no_calls_hides_none() {
    for empty in ["null", "[]"] {
        let calls =
            r#"[{"id":"call_0","type":"function","function":{"name":"weather","arguments":"{\"place\":\"Lisbon\"}"}}]"#;
        let asks =
            format!(r#"{{"tool_calls":{empty},"choices":[{{"message":{{"content":null,"tool_calls":{calls}}}}}]}}"#);
        let answers = MockTransport::new().json(asks).json(r#"{"response":"It is mild."}"#);
        let ai = WorkersAi::with_transport(answers.clone());
        let called = Arc::new(AtomicU32::new(0));
        let input = Llama::input().messages([user("How is the weather in Lisbon?")]);
        let reply = ai.with_tools(Llama, input, &weather(&called)).await.expect("a reply");
        assert_eq!((reply.text(), called.load(Ordering::Relaxed)), ("It is mild.".into(), 1), "{empty}");
        assert_eq!(answers.requests().len(), 2);
    }
}

#[tokio::test]
async fn tools_of_the_inputs_own_are_not_thrown_away() {
    let (sim, ai) = start().await;
    let own = Tool::function("own", "Something else", json!({ "type": "object", "properties": {} }));
    let input = Llama::input().messages([user("How is the weather in Lisbon?")]).tools([own]);
    let error = ai.with_tools(Llama, input, &weather(&Arc::default())).await.expect_err("two sets of tools");
    assert!(error.error().to_string().contains("`ToolBox`"), "{error}");
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn no_tools_are_not_offered_and_of_two_of_one_name_the_later_is() {
    let (sim, ai) = start().await;
    let input = || Llama::input().messages([user("How is the weather in Lisbon?")]);
    ai.with_tools(Llama, input(), &ToolBox::new()).await.expect("a reply");
    assert_eq!(sim.requests()[0].json().get("tools"), None);

    let called = Arc::new(AtomicU32::new(0));
    let parameters = json!({
        "type": "object",
        "properties": { "place": { "type": "string", "description": "a town" } },
    });
    let tools =
        weather(&called).raw("weather", "Another one", parameters, |_| async { Ok::<_, String>(json!("hail")) });
    let reply = ai.with_tools(Llama, input(), &tools).await.expect("a reply");
    assert_eq!(reply.text(), "The tool returned: hail");
    let offered = sim.requests()[1].json()["tools"].clone();
    assert_eq!(offered.as_array().map(Vec::len), Some(1));
    assert_eq!(offered[0]["function"]["description"], "Another one");
    assert_eq!(called.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn one_round_that_was_paid_for_is_counted_though_a_cache_answered_another() {
    let (_sim, ai) = start().await;
    let called = Arc::new(AtomicU32::new(0));
    let gateway = || Gateway::new("shop").cache_ttl(Duration::from_secs(60 * 60));
    let input = || Llama::input().messages([user("How is the weather in Lisbon?")]);
    let tools = weather(&called);
    let ask = || ai.with_tools(Llama, input(), &tools).gateway(gateway());
    ask().max_rounds(1).await.expect_err("one is too few");
    let meter = Meter::new();
    let paid = ask().await.expect("a reply");
    meter.add(Llama, &paid.meta);
    let cached = ask().await.expect("a reply");
    meter.add(Llama, &cached.meta);
    assert_eq!((paid.meta.cache, cached.meta.cache), (Some(CacheStatus::Miss), Some(CacheStatus::Hit)));
    let taken = meter.by_model()[Llama::ID];
    assert_eq!((taken.calls, taken.cached, Some(taken.usage)), (2, 1, paid.meta.usage));
}

#[tokio::test]
async fn calls_that_are_written_as_text_are_made_in_every_form() {
    let any = || json!({ "type": "object", "properties": {} });
    for text in [
        r#"{"name":"clock","parameters":{}}"#,
        r#"{"name":"clock","arguments":"{}"}"#,
        r#"{"type":"function","function":{"name":"clock","arguments":{}}}"#,
        r#"[{"name":"clock","parameters":null}]"#,
        "```json\n{\"name\":\"clock\",\"parameters\":{}}\n```",
        "<|python_tag|>{\"name\":\"clock\",\"parameters\":{}}",
        r#"{"name":"clock","parameters":{}}; {"name":"clock","parameters":{}}"#,
    ] {
        let first = json!({ "response": text }).to_string();
        let mock = MockTransport::new().json(first).json(r#"{"response":"Noon."}"#);
        let ai = WorkersAi::with_transport(mock);
        let tools = ToolBox::new().raw("clock", "The time", any(), |_| async { Ok::<_, String>(json!("noon")) });
        let reply = ai.with_tools(Llama, Llama::input().messages([user("When?")]), &tools).await.expect(text);
        assert_eq!(reply.text(), "Noon.", "{text}");
    }
    for answer in [r#"{"name":"Ada","parameters":{}}"#, r#"{"name":"clock"}"#, "[1, 2]", "{}"] {
        let ai = WorkersAi::with_transport(MockTransport::new().json(json!({ "response": answer }).to_string()));
        let tools = ToolBox::new().raw("clock", "The time", any(), |_| async { Ok::<_, String>(json!("noon")) });
        let reply = ai.with_tools(Llama, Llama::input().messages([user("JSON?")]), &tools).await.expect(answer);
        assert_eq!(reply.text(), answer);
    }
    // A call without a name is none, and costs no further round.
    let ai = WorkersAi::with_transport(MockTransport::new().json(r#"{"response":"the answer","tool_calls":[{}]}"#));
    let tools = ToolBox::new().raw("clock", "The time", any(), |_| async { Ok::<_, String>(json!("noon")) });
    let reply = ai.with_tools(Llama, Llama::input().messages([user("When?")]), &tools).await.expect("a reply");
    assert_eq!(reply.text(), "the answer");
}
