//! Scripted answers.

use serde_json::{Value, json};
use workers_ai_sim::{Answer, Fault, Sim};

use crate::setup::{Answer as Received, LLAMA, api, post, shop};

const GLM: &str = "@cf/zai-org/glm-4.7-flash";
const FLUX: &str = "@cf/black-forest-labs/flux-1-schnell";
const BGE: &str = "@cf/baai/bge-base-en-v1.5";
const AURA: &str = "@cf/deepgram/aura-1";

async fn start() -> Sim {
    workers_ai_sim::start().await.expect("a free port")
}

async fn run(sim: &Sim, model: &str, input: &Value) -> Received {
    post(sim, &api(sim, &format!("/ai/run/{model}")), &[], input).await
}

/// The input of a chat.
fn question() -> Value {
    json!({ "messages": [{ "role": "user", "content": "Why is the sky blue?" }] })
}

/// The same, streamed.
fn streamed() -> Value {
    let mut input = question();
    input["stream"] = json!(true);
    input
}

/// The JSON of each event before `[DONE]`.
fn events(received: &Received) -> Vec<Value> {
    let text = received.text();
    let (events, rest) = text.split_once("data: [DONE]").unwrap_or_else(|| panic!("no stream: {text}"));
    assert_eq!(rest.trim(), "");
    let events = events.split("\n\n").filter_map(|event| event.strip_prefix("data: "));
    events.map(|event| serde_json::from_str(event).expect("JSON")).collect()
}

/// The texts at a place in the events, joined.
fn joined(events: &[Value], pointer: &str) -> String {
    events.iter().filter_map(|event| event.pointer(pointer)?.as_str()).collect()
}

#[tokio::test]
async fn answers_are_used_in_order_and_the_permanent_one_after_them() {
    let sim = start().await;
    let said = async || run(&sim, LLAMA, &question()).await.json()["result"]["response"].clone();
    sim.always_answer(LLAMA, "always").expect("a chat model");
    sim.answer(LLAMA, "first").expect("a chat model");
    sim.answer(LLAMA, json!({ "response": "second" })).expect("a chat model");
    assert_eq!(said().await, "first");
    assert_eq!(said().await, "second");
    assert_eq!(said().await, "always");
    assert_eq!(said().await, "always");
    sim.always_answer(LLAMA, "now this").expect("a chat model");
    assert_eq!(said().await, "now this");
    let other = run(&sim, "@cf/meta/llama-3.2-1b-instruct", &question()).await.text();
    assert!(other.contains("You asked"), "another model has no script: {other}");
    assert_eq!(sim.request_count(), 6);
}

#[tokio::test]
async fn json_is_sent_as_it_is() {
    let sim = start().await;
    let output = json!({ "response": "hello", "usage": { "prompt_tokens": 1 }, "novelty": [1, null] });
    sim.answer(LLAMA, output.clone()).expect("a chat model");
    assert_eq!(run(&sim, LLAMA, &question()).await.json()["result"], output);
    let output = json!({ "image": "aGVsbG8=", "novelty": true });
    sim.answer(FLUX, output.clone()).expect("a model");
    assert_eq!(run(&sim, FLUX, &json!({ "prompt": "a", "steps": 4 })).await.json()["result"], output);
}

#[tokio::test]
async fn a_text_has_the_form_of_its_model_and_is_streamed_where_that_is_asked() {
    let sim = start().await;
    for (model, whole, piece) in [
        (LLAMA, "/result/response", "/response"),
        (GLM, "/result/choices/0/message/content", "/choices/0/delta/content"),
    ] {
        sim.always_answer(model, "Air scatters blue light.").expect("a chat model");
        let answer = run(&sim, model, &question()).await.json();
        assert_eq!(answer.pointer(whole), Some(&json!("Air scatters blue light.")), "{answer}");
        let events = events(&run(&sim, model, &streamed()).await);
        assert!(events.len() > 3, "{events:?}");
        assert_eq!(joined(&events, piece), "Air scatters blue light.");
    }
}

#[tokio::test]
async fn a_json_answer_is_streamed_with_all_that_it_says() {
    let sim = start().await;
    let call = json!({ "name": "weather", "arguments": { "place": "Lisbon" } });
    let usage = json!({ "prompt_tokens": 7, "completion_tokens": 11, "total_tokens": 18 });
    sim.answer(LLAMA, json!({ "response": "Let me see.", "tool_calls": [call], "usage": usage }))
        .expect("a chat model");
    let native = events(&run(&sim, LLAMA, &streamed()).await);
    assert_eq!(joined(&native, "/response"), "Let me see.");
    assert!(native.iter().any(|event| event["tool_calls"] == json!([call])), "{native:?}");
    assert_eq!(native.last().expect("an event")["usage"], usage);

    let function = json!({ "name": "weather", "arguments": "{\"place\":\"Lisbon\"}" });
    let message = json!({
        "role": "assistant", "content": "Let me see.", "reasoning_content": "A tool knows.",
        "tool_calls": [{ "id": "call_7", "type": "function", "function": function }],
    });
    sim.answer(GLM, json!({ "choices": [{ "message": message, "finish_reason": "tool_calls" }], "usage": usage }))
        .expect("a chat model");
    let openai = events(&run(&sim, GLM, &streamed()).await);
    assert_eq!(joined(&openai, "/choices/0/delta/content"), "Let me see.");
    assert_eq!(joined(&openai, "/choices/0/delta/reasoning_content"), "A tool knows.");
    assert_eq!(joined(&openai, "/choices/0/delta/tool_calls/0/function/arguments"), "{\"place\":\"Lisbon\"}");
    assert_eq!(joined(&openai, "/choices/0/finish_reason"), "tool_calls");
    assert_eq!(openai.last().expect("an event")["usage"], usage);

    sim.answer(GLM, json!({ "choices": [{ "message": { "content": "cut" }, "finish_reason": "length" }] }))
        .expect("a chat model");
    let cut = events(&run(&sim, GLM, &streamed()).await);
    assert_eq!(joined(&cut, "/choices/0/finish_reason"), "length");

    // Only the answer of a chat model can be streamed.
    sim.answer(LLAMA, json!({ "novelty": 1 })).expect("a chat model");
    assert_eq!(run(&sim, LLAMA, &streamed()).await.json()["result"], json!({ "novelty": 1 }));
}

#[tokio::test]
async fn the_routes_for_openai_clients_convert_answers() {
    let sim = start().await;
    let mut body = question();
    body["model"] = json!(LLAMA);
    let chat = api(&sim, "/ai/v1/chat/completions");
    for answer in [Answer::from("hello"), Answer::from(json!({ "response": "hello" }))] {
        sim.answer(LLAMA, answer).expect("a chat model");
        assert_eq!(post(&sim, &chat, &[], &body).await.json()["choices"][0]["message"]["content"], "hello");
    }
    let own = json!({ "choices": [{ "message": { "content": "as it is" } }], "novelty": 1 });
    sim.answer(LLAMA, own.clone()).expect("a chat model");
    assert_eq!(post(&sim, &chat, &[], &body).await.json(), own);
    sim.answer(LLAMA, "hello").expect("a chat model");
    body["stream"] = json!(true);
    assert_eq!(joined(&events(&post(&sim, &chat, &[], &body).await), "/choices/0/delta/content"), "hello");

    let oss = "@cf/openai/gpt-oss-20b";
    let body = json!({ "model": oss, "input": "Why is the sky blue?" });
    for answer in [Answer::from("hello"), json!({ "choices": [{ "message": { "content": "hello" } }] }).into()] {
        sim.answer(oss, answer).expect("a chat model");
        let answer = post(&sim, &api(&sim, "/ai/v1/responses"), &[], &body).await.json();
        assert_eq!(answer["output"][0]["content"][0]["text"], "hello", "{answer}");
    }

    sim.answer(BGE, json!({ "shape": [1, 2], "data": [[0.5, -1.0]] })).expect("a model");
    let body = json!({ "model": BGE, "input": "a text" });
    let embeddings = post(&sim, &api(&sim, "/ai/v1/embeddings"), &[], &body).await.json();
    assert_eq!(embeddings["data"][0]["embedding"], json!([0.5, -1.0]));
    assert_eq!(embeddings["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn json_mode_has_the_value_where_the_service_has_it() {
    let sim = start().await;
    let mut input = question();
    input["response_format"] = json!({ "type": "json_object" });
    sim.always_answer(LLAMA, r#"{"colour":"blue"}"#).expect("a chat model");
    assert_eq!(run(&sim, LLAMA, &input).await.json()["result"]["response"], json!({ "colour": "blue" }));
    assert_eq!(run(&sim, LLAMA, &question()).await.json()["result"]["response"], r#"{"colour":"blue"}"#);
}

#[tokio::test]
async fn bytes_are_the_body_or_a_member_as_the_model_has_it() {
    let sim = start().await;
    sim.answer(AURA, b"a recording").expect("a model for speech");
    let speech = run(&sim, AURA, &json!({ "text": "hello" })).await;
    assert_eq!((speech.body.as_slice(), speech.header("content-type")), (&b"a recording"[..], Some("audio/mpeg")));
    sim.answer(FLUX, vec![0, 255]).expect("a model for images");
    assert_eq!(
        run(&sim, FLUX, &json!({ "prompt": "a", "steps": 4 })).await.json()["result"],
        json!({ "image": "AP8=" })
    );
}

#[tokio::test]
async fn invalid_requests_and_faults_use_no_answer() {
    let sim = start().await;
    sim.answer(LLAMA, "hello").expect("a chat model");
    assert_eq!(run(&sim, LLAMA, &json!({ "messages": "no list" })).await.code(), 5006);
    sim.fail_next(Fault::code(3040));
    assert_eq!(run(&sim, LLAMA, &question()).await.code(), 3040);
    let headers = [("cf-aig-max-attempts", "2"), ("cf-aig-retry-delay", "1")];
    sim.fail_next(Fault::code(3040));
    let answer = post(&sim, &shop(&sim, &format!("/workers-ai/{LLAMA}")), &headers, &question()).await;
    assert_eq!(answer.json()["result"]["response"], "hello");
    let statuses: Vec<u16> = sim.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [400, 429, 200]);
}

#[tokio::test]
async fn a_response_from_the_cache_uses_no_answer() {
    let sim = start().await;
    sim.answer(LLAMA, "first").expect("a chat model");
    sim.answer(LLAMA, "second").expect("a chat model");
    let path = shop(&sim, &format!("/workers-ai/{LLAMA}"));
    for (headers, said, cache) in [
        (vec![("cf-aig-cache-ttl", "60")], "first", "MISS"),
        (vec![("cf-aig-cache-ttl", "60")], "first", "HIT"),
        (vec![], "second", "MISS"),
    ] {
        let answer = post(&sim, &path, &headers, &question()).await;
        assert_eq!(
            (answer.json()["result"]["response"].as_str(), answer.header("cf-aig-cache-status")),
            (Some(said), Some(cache))
        );
    }
}

#[tokio::test]
async fn a_batch_uses_an_answer_for_each_input() {
    let sim = start().await;
    sim.answer(LLAMA, "one").expect("a chat model");
    sim.answer(LLAMA, "two").expect("a chat model");
    let path = api(&sim, &format!("/ai/run/{LLAMA}?queueRequest=true"));
    let batch = json!({ "requests": [{ "prompt": "a" }, { "prompt": "b" }] });
    let receipt = post(&sim, &path, &[], &batch).await.json()["result"]["request_id"].clone();
    let mut last = Value::Null;
    for _ in 0..3 {
        last = post(&sim, &path, &[], &json!({ "request_id": receipt })).await.json();
    }
    let responses = last["result"]["responses"].as_array().expect("a list");
    let said: Vec<&Value> = responses.iter().map(|response| &response["result"]["response"]).collect();
    assert_eq!(said, ["one", "two"]);
}

#[tokio::test]
async fn an_answer_that_the_model_cannot_give_is_refused() {
    let sim = start().await;
    let refused = |model: &str, answer: Answer| {
        let error = sim.answer(model, answer.clone()).expect_err("refused");
        assert_eq!(sim.always_answer(model, answer), Err(error.clone()));
        error.to_string()
    };
    let unknown = refused("@cf/meta/llama-3.3-70b-instruct-fp8-fats", "hello".into());
    assert!(unknown.starts_with("no model `@cf/meta/llama-3.3-70b-instruct-fp8-fats` in the catalog of "), "{unknown}");
    assert!(unknown.contains(LLAMA), "no near miss: {unknown}");
    assert_eq!(refused(BGE, "hello".into()), format!("{BGE} is not a chat model: answer with its output as JSON"));
    assert_eq!(
        refused(LLAMA, b"hello".into()),
        format!("{LLAMA} does not answer with bytes: answer with its output as JSON")
    );
    let realtime = refused("@cf/deepgram/flux", json!({}).into());
    assert!(realtime.contains("available over WebSocket only"), "{realtime}");
    assert!(run(&sim, LLAMA, &question()).await.text().contains("You asked"), "a refused answer was given");
}
