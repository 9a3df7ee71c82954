//! Structured output.

use schemars::JsonSchema;
use serde::Deserialize;
use workers_ai::{
    Error, WorkersAi,
    chat::FinishReason,
    prelude::*,
    transport::{MockTransport, TransportErrorKind},
};

use crate::{
    models::{Kimi, Llama},
    setup::{chain, start},
};

/// A recipe.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Recipe {
    title: String,
    minutes: u32,
    steps: Vec<Step>,
    kind: Kind,
    note: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Step {
    text: String,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Soup,
    Cake,
}

#[tokio::test]
async fn both_envelopes_give_the_type() {
    let (sim, ai) = start().await;
    let native = Llama::input().messages([user("tomato soup")]).max_tokens(1000);
    let native = ai.run(Llama, native).json::<Recipe>().await.expect("a recipe");
    let openai = Kimi::input().messages([user("tomato soup")]);
    let openai = ai.run(Kimi, openai).json::<Recipe>().await.expect("a recipe");
    assert_eq!(*native, *openai);
    assert_eq!((native.kind == Kind::Soup, native.title.as_str()), (true, "tomato soup"));
    assert!(native.meta.usage.is_some());

    let requests = sim.requests();
    let (native, openai) = (requests[0].json(), requests[1].json());
    assert_eq!(native["response_format"]["type"], "json_schema");
    assert_eq!(native["response_format"]["json_schema"]["properties"]["title"]["type"], "string");
    assert_eq!(openai["response_format"]["json_schema"]["name"], "Recipe");
    assert_eq!(openai["response_format"]["json_schema"]["schema"]["required"][0], "title");
    // All definitions are inlined.
    assert!(!native.to_string().contains("$ref"));
}

#[tokio::test]
async fn an_unreadable_response_says_what_was_billed() {
    let mock = MockTransport::new()
        .failure(TransportErrorKind::Connect)
        .json(r#"{"response":"no JSON","usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150}}"#);
    let ai = WorkersAi::with_transport(mock);
    let error = ai.run(Llama, Llama::input().prompt("x")).json::<Recipe>().await.expect_err("no JSON");
    let Error::Decode { meta, .. } = error else { panic!("{error}") };
    assert_eq!((meta.attempts, meta.usage.map(|usage| usage.total_tokens)), (2, Some(150)));
}

#[tokio::test]
async fn json_of_another_form_is_kept() {
    let (_sim, ai) = start().await;
    let input = Llama::input().messages([user("x")]);
    let schema = serde_json::json!({ "type": "object", "properties": { "other": { "type": "string" } } });
    let error = ai.run(Llama, input).json_with::<Recipe>("recipe", schema).await.expect_err("another form");
    let Error::Decode { source, .. } = &error else { panic!("{error}") };
    assert!(source.cause.contains("title"), "{error}");
    assert!(String::from_utf8_lossy(&source.body).contains("other"));
}

#[tokio::test]
async fn json_that_was_cut_and_no_json_at_all_are_told() {
    let cut = "cut at the token limit";
    for (answer, why) in [
        (r#"{"response":"{\"a\":","usage":{"prompt_tokens":9,"completion_tokens":256,"total_tokens":265}}"#, cut),
        (r#"{"choices":[{"message":{"content":"{\"a\":"},"finish_reason":"length"}]}"#, cut),
        (
            r#"{"choices":[{"message":{"content":"{\"a\":"},"finish_reason":null}],"usage":{"completion_tokens":256}}"#,
            cut,
        ),
        (r#"{"response":"{\"a\":","usage":{"completion_tokens":25}}"#, "the JSON has another form"),
        (r#"{"response":null}"#, "the response is empty"),
        (r#"{"response":" "}"#, "the response is empty"),
    ] {
        let ai = WorkersAi::with_transport(MockTransport::new().json(answer));
        let input = Llama::input().messages([user("tomato soup")]);
        let error = ai.run(Llama, input).json::<Recipe>().await.expect_err("no recipe");
        assert!(chain(&error).contains(why), "{answer}: {}", chain(&error));
    }
}

#[tokio::test]
async fn an_answer_that_used_all_its_tokens_was_cut_whatever_it_leaves_out() {
    let answer = r#"{"choices":[{"message":{"content":"a"},"finish_reason":null}],"usage":{"completion_tokens":256}}"#;
    let ai = WorkersAi::with_transport(MockTransport::new().json(answer));
    let reply = ai.run(Kimi, Kimi::input().messages([user("hello")])).await.expect("a reply");
    assert_eq!(reply.meta.finish_reason, Some(FinishReason::Length));
}

#[tokio::test]
async fn a_schema_that_a_model_cannot_stream_is_refused_before_it_is_sent() {
    let (sim, ai) = start().await;
    let schema = serde_json::json!({ "type": "object", "properties": { "schema": { "type": "string" } } });
    let format = || workers_ai::chat::ResponseFormat::json_schema("answer", schema.clone());
    let error = ai.stream(Llama, Llama::input().prompt("hello").response_format(format())).await.expect_err("refused");
    assert!(error.to_string().contains("cannot stream JSON of a given schema (error 5023)"), "{error}");
    assert_eq!(sim.request_count(), 0);
    // The form of OpenAI can be streamed.
    let input = Kimi::input().messages([workers_ai::chat::user("hello")]).response_format(format());
    ai.stream(Kimi, input).await.expect("a stream").collect().await.expect("a reply");
}

#[tokio::test]
async fn a_value_that_is_no_object_is_read_too() {
    async fn answer<T: serde::de::DeserializeOwned + JsonSchema>(response: &str) -> Option<T> {
        let ai = WorkersAi::with_transport(MockTransport::new().json(format!(r#"{{"response":{response}}}"#)));
        ai.run(Llama, Llama::input().prompt("hello")).json::<T>().await.ok().map(|reply| reply.output)
    }
    assert_eq!(answer::<Kind>(r#""soup""#).await, Some(Kind::Soup));
    assert_eq!(answer::<Kind>(r#""\"cake\"""#).await, Some(Kind::Cake));
    assert_eq!(answer::<String>(r#""just words""#).await.as_deref(), Some("just words"));
    assert_eq!(answer::<Option<u8>>("null").await, Some(None));
    assert_eq!(answer::<u8>(r#""7""#).await, Some(7));
    assert_eq!(answer::<u8>(r#""seven""#).await, None);
}

#[tokio::test]
async fn a_tool_without_arguments_takes_nothing() {
    let call = r#"{"tool_calls":[{"name":"clock","arguments":{}}]}"#;
    let ai = WorkersAi::with_transport(MockTransport::new().json(call).json(r#"{"response":"Noon."}"#));
    let called = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let log = std::sync::Arc::clone(&called);
    let tools = workers_ai::chat::ToolBox::new().tool("clock", "The time", move |(): ()| {
        log.store(true, std::sync::atomic::Ordering::Relaxed);
        async { Ok::<_, String>("noon") }
    });
    let reply = ai.with_tools(Llama, Llama::input().messages([user("When?")]), &tools).await.expect("a reply");
    assert_eq!(reply.text(), "Noon.");
    assert!(called.load(std::sync::atomic::Ordering::Relaxed));
}
