//! The OpenAI-compatible routes, called with this client.

use serde_json::json;
use workers_ai::{
    Error, ErrorCode, WorkersAi,
    billing::ApproximateCounter,
    catalog::ModelInfo,
    chat::{ChatCompletion, ChatReply, FinishReason},
    gateway::{Gateway, GatewayHost},
};
use workers_ai_sim::{Fault, Sim};

use crate::setup::start;

const LLAMA: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";

#[tokio::test]
async fn chats_vectors_and_responses_go_and_come() {
    let (sim, ai) = start().await;
    let messages = json!({ "messages": [{ "role": "user", "content": "Why is the sky blue?" }] });
    let answer = ai.model(LLAMA).chat(messages.clone()).read_as::<ChatCompletion>().await.expect("an answer");
    assert!(!answer.text().is_empty());
    assert_eq!(answer.finish_reason(), Some(&FinishReason::Stop));
    assert!(answer.meta.usage.is_some_and(|usage| usage.completion_tokens > 0));

    let stream = ai.model(LLAMA).chat_stream(messages.clone()).await.expect("a stream");
    let streamed = stream.collect().await.expect("an answer");
    assert_eq!(streamed.text, answer.text());
    assert!(streamed.usage.is_some());

    let vectors = ai.model("@cf/baai/bge-m3").embeddings(json!({ "input": ["a", "b"] })).await.expect("vectors");
    assert_eq!(vectors["data"].as_array().map(Vec::len), Some(2));
    assert!(vectors.meta.usage.is_some());
    let said = ai.model("@cf/openai/gpt-oss-20b").responses(json!({ "input": "hello" })).await.expect("a response");
    assert!(said["output"].is_array(), "{said:?}");
    assert!(said.meta.usage.is_some_and(|usage| usage.total_tokens > 0));

    let paths: Vec<String> = sim.requests().iter().map(|request| request.uri.path().to_owned()).collect();
    let ends = ["/ai/v1/chat/completions", "/ai/v1/chat/completions", "/ai/v1/embeddings", "/ai/v1/responses"];
    assert!(paths.iter().zip(ends).all(|(path, end)| path.ends_with(end)), "{paths:?}");
    assert_eq!(sim.requests()[0].json()["model"], LLAMA);
    assert_eq!(sim.requests()[1].json()["stream_options"], json!({ "include_usage": true }));
}

#[tokio::test]
async fn they_have_the_same_options_and_errors() {
    let (sim, ai) = start().await;
    let messages = || json!({ "messages": [{ "role": "user", "content": "hello" }] });
    sim.fail_next(Fault::code(3040));
    let answer = ai.model(LLAMA).chat(messages()).gateway(Gateway::new("shop")).tags(["a"]).await.expect("an answer");
    assert_eq!(answer.meta.attempts, 2);
    let request = &sim.requests()[1];
    assert_eq!((request.header("cf-aig-gateway-id"), request.uri.query()), (Some("shop"), Some("tags=a")));

    let error = ai.model("@cf/nobody/nothing").chat(messages()).await.expect_err("no model");
    assert_eq!(error.code(), Some(ErrorCode::NoSuchModel));
    let before = sim.request_count();
    let error = ai.model(LLAMA).chat(messages()).reject_if_busy().await.expect_err("not of this route");
    assert!(matches!(error, Error::Configuration(_)), "{error}");
    let info = ModelInfo { task: "Text Generation", context_window: Some(100), ..ModelInfo::UNKNOWN };
    let long = json!({ "messages": [{ "role": "user", "content": "word ".repeat(100) }] });
    let error =
        ai.with_context_check(ApproximateCounter).model(LLAMA).with_info(info).chat(long).await.expect_err("too long");
    assert!(matches!(error, Error::ContextExceeded { limit: 100, .. }), "{error}");
    let step = ai.fallback(Gateway::new("shop"), ai.model(LLAMA).chat(messages())).await.expect_err("no `run`");
    assert!(matches!(step, Error::Configuration(_)), "{step}");
    assert_eq!(sim.request_count(), before);
}

#[tokio::test]
async fn with_a_gateways_host_own_models_go_there_and_partners_to_the_api() {
    let sim = Sim::start().await.expect("a free port");
    let host = GatewayHost::at(&sim.url()).expect("a URL");
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token());
    let ai = builder.gateway_host(host).build().expect("a client");
    let messages = json!({ "messages": [{ "role": "user", "content": "hello" }] });
    let _ = ai.model(LLAMA).chat(messages.clone()).gateway(Gateway::new("shop")).await;
    let _ = ai.model("openai/gpt-nothing").chat(messages.clone()).gateway(Gateway::new("shop")).await;
    let _ = ai.model("openai/gpt-nothing").run(messages).gateway(Gateway::new("shop")).await;
    let requests = sim.requests();
    assert_eq!(requests[0].uri.path(), format!("/v1/{}/shop/workers-ai/v1/chat/completions", sim.account()));
    assert_eq!(requests[0].header("cf-aig-gateway-id"), None);
    for (request, path) in requests[1..].iter().zip(["ai/v1/chat/completions", "ai/run"]) {
        assert_eq!(request.uri.path(), format!("/client/v4/accounts/{}/{path}", sim.account()));
        assert_eq!(request.header("cf-aig-gateway-id"), Some("shop"));
    }
}
