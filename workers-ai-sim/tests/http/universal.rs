//! The universal endpoint.

use std::time::Duration;

use serde_json::{Value, json};
use workers_ai_sim::{Fault, Sim};

use crate::setup::{Answer, LLAMA, api, bare, post, shop};

const KIMI: &str = "@cf/moonshotai/kimi-k2.6";

fn step(endpoint: &str) -> Value {
    let query = json!({ "messages": [{ "role": "user", "content": "hello" }] });
    json!({ "provider": "workers-ai", "endpoint": endpoint, "headers": {}, "query": query })
}

fn with(mut step: Value, part: &str, name: &str, value: impl Into<Value>) -> Value {
    step[part][name] = value.into();
    step
}

async fn ask(sim: &Sim, headers: &[(&str, &str)], steps: &[Value]) -> Answer {
    post(sim, &shop(sim, ""), headers, &json!(steps)).await
}

#[tokio::test]
async fn the_next_step_is_taken_when_attempts_are_used_up() {
    let sim = Sim::start().await.expect("a free port");
    for _ in 0..2 {
        sim.fail_next(Fault::code(3040));
    }
    let steps = [with(step(KIMI), "config", "maxAttempts", 2), step(LLAMA)];
    let answer = ask(&sim, &[], &steps).await;
    assert_eq!((answer.status, answer.header("cf-aig-step")), (200, Some("1")));
    assert!(answer.json()["result"]["response"].is_string());
    sim.fail_next(Fault::code(3040));
    let answer = ask(&sim, &[], &steps).await;
    assert_eq!((answer.status, answer.header("cf-aig-step")), (200, Some("0")));
    // The last step's error is returned.
    let failing = with(step(LLAMA), "headers", "x-sim-fault", "code=7009");
    let answer = ask(&sim, &[], &[with(step(KIMI), "headers", "x-sim-fault", "code=3040"), failing]).await;
    assert_eq!((answer.code(), answer.header("cf-aig-step")), (7009, Some("1")));
}

#[tokio::test]
async fn both_forms_of_the_endpoint_work() {
    let sim = Sim::start().await.expect("a free port");
    let run = format!("run/{LLAMA}");
    for endpoint in [LLAMA, &run] {
        assert_eq!(ask(&sim, &[], &[step(endpoint)]).await.status, 200, "{endpoint}");
    }
    let chat = with(step("v1/chat/completions"), "query", "model", LLAMA);
    assert_eq!(ask(&sim, &[], &[chat]).await.json()["object"], "chat.completion");
}

#[tokio::test]
async fn config_overrides_step_headers_and_these_the_requests() {
    let sim = Sim::start().await.expect("a free port");
    let attempts = async |request: Option<&str>, headers: Option<&str>, config: Option<u8>| {
        let mut step = step(LLAMA);
        if let Some(headers) = headers {
            step = with(step, "headers", "cf-aig-max-attempts", headers);
        }
        if let Some(config) = config {
            step = with(step, "config", "maxAttempts", config);
        }
        for _ in 0..5 {
            sim.fail_next(Fault::code(3040));
        }
        let request: Vec<_> = request.into_iter().map(|request| ("cf-aig-max-attempts", request)).collect();
        assert_eq!(ask(&sim, &request, std::slice::from_ref(&step)).await.code(), 3040);
        // The remaining scripted faults tell how many attempts were made.
        let mut made = 5;
        while post(&sim, &api(&sim, &format!("/ai/run/{LLAMA}")), &[], &json!({ "prompt": "hello" })).await.status
            != 200
        {
            made -= 1;
        }
        made
    };
    assert_eq!(attempts(None, None, None).await, 1);
    assert_eq!(attempts(Some("1"), Some("1"), Some(3)).await, 3);
    assert_eq!(attempts(Some("5"), Some("3"), None).await, 3);
    assert_eq!(attempts(Some("3"), None, None).await, 3);
    assert_eq!(attempts(Some("5"), Some("5"), Some(1)).await, 1);
}

#[tokio::test]
async fn a_timeout_applies_to_its_step() {
    let sim = Sim::start().await.expect("a free port");
    sim.fail_next(Fault::latency(Duration::from_secs(5)));
    let answer = ask(&sim, &[], &[with(step(KIMI), "config", "requestTimeout", 50), step(LLAMA)]).await;
    assert_eq!((answer.status, answer.header("cf-aig-step")), (200, Some("1")));
    let both = with(step(KIMI), "headers", "cf-aig-request-timeout", "5000");
    let both = with(with(both, "config", "requestTimeout", 50), "headers", "x-sim-fault", "latency=5000");
    assert_eq!(ask(&sim, &[], &[both]).await.code(), 3007);
}

#[tokio::test]
async fn step_headers_control_cache_and_log() {
    let sim = Sim::start().await.expect("a free port");
    let kept = with(step(LLAMA), "headers", "cf-aig-cache-key", "mine");
    let kept = with(kept, "headers", "cf-aig-metadata", r#"{"team":"search"}"#);
    for expected in ["MISS", "HIT"] {
        let answer = ask(&sim, &[("cf-aig-metadata", r#"{"team":"none"}"#)], std::slice::from_ref(&kept)).await;
        assert_eq!(answer.header("cf-aig-cache-status"), Some(expected));
        let path =
            api(&sim, &format!("/ai-gateway/gateways/shop/logs/{}", answer.header("cf-aig-log-id").expect("a log")));
        let token = format!("Bearer {}", sim.token());
        for status in [404, 200] {
            let log = bare(&sim, "GET", &path, &[("authorization", &token)], b"").await;
            assert_eq!(log.status, status);
            assert!(status == 404 || log.json()["result"]["metadata"]["team"] == "search", "{}", log.text());
        }
    }
    let skipped = with(kept, "headers", "cf-aig-skip-cache", "true");
    assert_eq!(ask(&sim, &[], &[skipped]).await.header("cf-aig-cache-status"), Some("MISS"));
    let ttl = with(step(LLAMA), "headers", "cf-aig-cache-ttl", 60);
    for expected in ["MISS", "HIT"] {
        assert_eq!(ask(&sim, &[], std::slice::from_ref(&ttl)).await.header("cf-aig-cache-status"), Some(expected));
    }
}

#[tokio::test]
async fn invalid_steps_are_rejected() {
    let sim = Sim::start().await.expect("a free port");
    for wrong in [
        with(step(LLAMA), "config", "maxAttempts", 6),
        with(step(LLAMA), "config", "retryDelay", 5001),
        with(step(LLAMA), "config", "backoff", "none"),
        with(step(LLAMA), "config", "requestTimeout", "soon"),
        with(step(LLAMA), "headers", "cf-aig-cache-ttl", 1),
    ] {
        assert_eq!(ask(&sim, &[], &[step(KIMI), wrong.clone()]).await.code(), 5004, "{wrong}");
    }
    for wrong in [
        json!([]),
        json!({}),
        json!([1]),
        json!([{ "provider": "workers-ai" }]),
        json!([with(step(LLAMA), "config", "maxAttempts", json!([]))]),
        json!([{ "provider": "workers-ai", "endpoint": LLAMA, "headers": 1 }]),
    ] {
        assert_eq!(post(&sim, &shop(&sim, ""), &[], &wrong).await.code(), 5006, "{wrong}");
    }
    let other = json!({ "provider": "openai", "endpoint": "chat/completions", "query": {} });
    assert_eq!(ask(&sim, &[], std::slice::from_ref(&other)).await.code(), 2008);
    assert_eq!(ask(&sim, &[], &[other, step(LLAMA)]).await.header("cf-aig-step"), Some("1"));
}

#[tokio::test]
async fn steps_may_carry_the_token() {
    let sim = Sim::start().await.expect("a free port");
    let token = format!("Bearer {}", sim.token());
    let path = shop(&sim, "");
    let send = async |steps: Value| bare(&sim, "POST", &path, &[], steps.to_string().as_bytes()).await;
    let right = || with(step(LLAMA), "headers", "Authorization", token.as_str());
    let wrong = || with(step(KIMI), "headers", "Authorization", "Bearer wrong");
    assert_eq!(send(json!([right()])).await.status, 200);
    assert_eq!(send(json!([wrong(), right()])).await.header("cf-aig-step"), Some("1"));
    assert_eq!(send(json!([wrong()])).await.status, 401);
    assert_eq!(send(json!([step(LLAMA)])).await.status, 401);
    assert_eq!(send(json!([])).await.status, 401);
}
