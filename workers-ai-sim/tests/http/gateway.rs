//! Calls through a gateway, by header and by host.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use workers_ai_sim::{Fault, Sim};

use crate::setup::{Answer, LLAMA, api, post, shop};

/// Calls by the header or by one of the two paths of the gateway's host.
async fn each_way(sim: &Sim, way: usize, headers: &[(&str, &str)], body: &Value) -> Answer {
    let paths = [
        api(sim, &format!("/ai/run/{LLAMA}")),
        shop(sim, &format!("/workers-ai/run/{LLAMA}")),
        shop(sim, &format!("/workers-ai/{LLAMA}")),
    ];
    let mut headers = headers.to_vec();
    if way == 0 {
        headers.push(("cf-aig-gateway-id", "shop"));
    }
    post(sim, &paths[way], &headers, body).await
}

#[tokio::test]
async fn a_gateway_retries_as_often_as_requested() {
    let sim = Sim::start().await.expect("a free port");
    let body = json!({ "prompt": "hello" });
    for way in 0..3 {
        sim.fail_next(Fault::code(3040));
        sim.fail_next(Fault::status(502));
        let answer = each_way(&sim, way, &[("cf-aig-max-attempts", "3")], &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.header("cf-aig-log-id").is_some());
        // The last attempt's error is returned, and each attempt used one fault.
        for _ in 0..3 {
            sim.fail_next(Fault::code(3040));
        }
        let answer = each_way(&sim, way, &[("cf-aig-max-attempts", "2")], &body).await;
        assert_eq!((answer.status, answer.code()), (429, 3040));
        assert_eq!(each_way(&sim, way, &[], &body).await.status, 429);
        assert_eq!(each_way(&sim, way, &[], &body).await.status, 200);
    }
    // The attempts of a gateway are one request of the client.
    assert_eq!(sim.requests().len(), 12);
}

#[tokio::test]
async fn an_attempt_with_a_late_first_byte_times_out() {
    let sim = Sim::start().await.expect("a free port");
    let body = json!({ "prompt": "hello" });
    for way in 0..3 {
        for late in [Fault::latency(Duration::from_secs(5)), Fault::drip(Duration::from_secs(5))] {
            sim.fail_next(late.clone());
            let answer = each_way(&sim, way, &[("cf-aig-request-timeout", "50")], &body).await;
            assert_eq!((answer.status, answer.code()), (408, 3007));
            assert!(answer.text().contains("AI Gateway: request timeout"), "{}", answer.text());
            sim.fail_next(late);
            let again = [("cf-aig-request-timeout", "500"), ("cf-aig-max-attempts", "2")];
            assert_eq!(each_way(&sim, way, &again, &body).await.status, 200);
        }
    }
    // The timeout ends with the first byte.
    let headers = [("cf-aig-gateway-id", "shop"), ("cf-aig-request-timeout", "1000"), ("x-sim-fault", "drip=150")];
    let answer = post(&sim, &api(&sim, &format!("/ai/run/{LLAMA}")), &headers, &body).await;
    assert!(answer.json()["result"]["response"].is_string());
}

#[tokio::test]
async fn a_gateway_pauses_between_its_attempts() {
    let sim = Sim::start().await.expect("a free port");
    for (backoff, least) in [("constant", 120), ("linear", 180), ("exponential", 180)] {
        let headers = [
            ("cf-aig-max-attempts", "3"),
            ("cf-aig-retry-delay", "60"),
            ("cf-aig-backoff", backoff),
            ("x-sim-fault", "code=7009"),
        ];
        let begun = Instant::now();
        let answer = each_way(&sim, 1, &headers, &json!({ "prompt": "hello" })).await;
        assert_eq!(answer.code(), 7009);
        assert!(begun.elapsed() >= Duration::from_millis(least), "{backoff}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_fault_in_the_header_affects_every_attempt() {
    let sim = Sim::start().await.expect("a free port");
    let headers = [("cf-aig-max-attempts", "5"), ("x-sim-fault", "code=3040")];
    assert_eq!(each_way(&sim, 0, &headers, &json!({ "prompt": "hello" })).await.code(), 3040);
}

#[tokio::test]
async fn a_cached_response_uses_no_attempt_and_no_fault() {
    let sim = Sim::start().await.expect("a free port");
    let body = json!({ "prompt": "hello" });
    let headers = [("cf-aig-cache-ttl", "60")];
    assert_eq!(each_way(&sim, 0, &headers, &body).await.header("cf-aig-cache-status"), Some("MISS"));
    sim.fail_next(Fault::code(3040));
    // Both kinds of calls share the gateway's cache.
    assert_eq!(each_way(&sim, 1, &headers, &body).await.header("cf-aig-cache-status"), Some("HIT"));
    assert_eq!(each_way(&sim, 2, &[("cf-aig-skip-cache", "true")], &body).await.code(), 3040);
}

#[tokio::test]
async fn an_interrupted_response_is_not_cached() {
    let sim = Sim::start().await.expect("a free port");
    let body = json!({ "prompt": "hello" });
    sim.fail_next(Fault::reset());
    let headers = [("cf-aig-cache-ttl", "60")];
    assert_eq!(each_way(&sim, 0, &headers, &body).await.code(), 7009);
    assert_eq!(each_way(&sim, 0, &headers, &body).await.header("cf-aig-cache-status"), Some("MISS"));
    assert_eq!(each_way(&sim, 0, &headers, &body).await.header("cf-aig-cache-status"), Some("HIT"));
}

#[tokio::test]
async fn invalid_options_and_names_are_rejected() {
    let sim = Sim::start().await.expect("a free port");
    let body = json!({ "prompt": "hello" });
    for (name, value) in [
        ("cf-aig-max-attempts", "6"),
        ("cf-aig-retry-delay", "5001"),
        ("cf-aig-backoff", "none"),
        ("cf-aig-cache-ttl", "59"),
        ("cf-aig-metadata", "{\"a\":{}}"),
        ("cf-aig-custom-cost", "{\"a\":\"b\"}"),
    ] {
        for way in 0..3 {
            let answer = each_way(&sim, way, &[(name, value)], &body).await;
            assert_eq!((answer.status, answer.code()), (400, 5004), "{name}");
            assert!(answer.text().contains(name), "{}", answer.text());
        }
    }
    let path = api(&sim, &format!("/ai/run/{LLAMA}"));
    assert_eq!(post(&sim, &path, &[("cf-aig-gateway-id", "a/b")], &body).await.code(), 7003);
    let form = [("cf-aig-gateway-id", "shop"), ("content-type", "multipart/form-data; boundary=x")];
    let token = format!("Bearer {}", sim.token());
    let form = [form[0], form[1], ("authorization", token.as_str())];
    let path = api(&sim, "/ai/run/@cf/black-forest-labs/flux-2-dev");
    let answer = crate::setup::bare(&sim, "POST", &path, &form, b"--x--").await;
    assert_eq!((answer.status, answer.code()), (500, 7000));
}

#[tokio::test]
async fn blocked_calls_have_their_status_and_findings() {
    let sim = Sim::start().await.expect("a free port");
    for (code, status) in [(2016, 424), (2017, 424), (2021, 402), (2029, 400), (2030, 400), (7013, 503)] {
        sim.fail_next(Fault::code(code));
        let answer = each_way(&sim, 0, &[], &json!({ "prompt": "hello" })).await;
        assert_eq!((answer.status, answer.code()), (status, u64::from(code)));
        assert_eq!(answer.header("cf-aig-dlp").is_some(), code == 2029 || code == 2030, "{code}");
    }
}

#[tokio::test]
async fn openai_routes_work_through_gateways() {
    let sim = Sim::start().await.expect("a free port");
    let chat = |model: &str| json!({ "model": model, "messages": [{ "role": "user", "content": "hello" }] });
    let compat = format!("workers-ai/{LLAMA}");
    let named = ("cf-aig-gateway-id", "shop");
    let keep = ("cf-aig-cache-ttl", "60");
    let embed = json!({ "model": "@cf/baai/bge-base-en-v1.5", "input": "hello" });
    let respond = json!({ "model": "@cf/openai/gpt-oss-20b", "input": "hello" });
    for (path, headers, body) in [
        (api(&sim, "/ai/v1/chat/completions"), vec![named, keep], chat(LLAMA)),
        (api(&sim, "/ai/v1/embeddings"), vec![named, keep], embed.clone()),
        (api(&sim, "/ai/v1/responses"), vec![named, keep], respond.clone()),
        (shop(&sim, "/workers-ai/v1/chat/completions"), vec![("cf-aig-cache-key", "host")], chat(LLAMA)),
        (shop(&sim, "/workers-ai/v1/embeddings"), vec![("cf-aig-cache-key", "host-embed")], embed),
        (shop(&sim, "/workers-ai/v1/responses"), vec![("cf-aig-cache-key", "host-respond")], respond),
        (shop(&sim, "/compat/chat/completions"), vec![keep], chat(&compat)),
    ] {
        for expected in ["MISS", "HIT"] {
            sim.fail_next(Fault::code(3040));
            let mut headers = headers.clone();
            headers.push(("cf-aig-max-attempts", "2"));
            let answer = post(&sim, &path, &headers, &body).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            assert_eq!(answer.header("cf-aig-cache-status"), Some(expected), "{path}");
            assert!(answer.header("cf-aig-log-id").is_some() && answer.json()["object"].is_string(), "{path}");
        }
        // The fault that the cached response did not use.
        let answer = post(&sim, &path, &[named], &body).await;
        assert_eq!((answer.status, answer.code()), (429, 3040), "{path}");
        assert_eq!(answer.json()["error"]["code"], "3040", "{path}");
    }
    let answer = post(&sim, &shop(&sim, "/compat/chat/completions"), &[], &chat("openai/gpt-5")).await;
    assert_eq!(answer.code(), 2008);
}

#[tokio::test]
async fn a_stream_is_not_cached() {
    let sim = Sim::start().await.expect("a free port");
    let headers = [("cf-aig-cache-ttl", "60"), ("cf-aig-request-timeout", "1000")];
    for way in [0, 1, 2, 0] {
        let answer = each_way(&sim, way, &headers, &json!({ "prompt": "hello", "stream": true })).await;
        assert_eq!(answer.header("cf-aig-cache-status"), Some("MISS"));
        assert!(answer.text().ends_with("data: [DONE]\n\n"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_call_with_logging_off_has_no_log() {
    let sim = Sim::start().await.expect("a free port");
    let answer = each_way(&sim, 0, &[("cf-aig-collect-log", "false")], &json!({ "prompt": "hello" })).await;
    assert_eq!((answer.status, answer.header("cf-aig-log-id")), (200, None));
}
