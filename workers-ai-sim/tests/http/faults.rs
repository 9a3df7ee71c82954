//! Injected faults, and recorded requests.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use workers_ai_sim::{Fault, Sim};
use workers_ai_types::ErrorCode;

use crate::setup::{LLAMA, api, bare, post};

async fn start() -> (Sim, String) {
    let sim = Sim::start().await.expect("a free port");
    let path = api(&sim, &format!("/ai/run/{LLAMA}"));
    (sim, path)
}

fn hello(stream: bool) -> Value {
    json!({ "prompt": "hello", "stream": stream })
}

#[tokio::test]
async fn every_code_comes_by_header_and_by_script() {
    let (sim, path) = start().await;
    for code in ErrorCode::ALL {
        let number = code.as_u32();
        sim.fail_next(Fault::code(number));
        let scripted = post(&sim, &path, &[], &hello(false)).await;
        let by_header = post(&sim, &path, &[("x-sim-fault", &format!("code={number}"))], &hello(false)).await;
        assert_eq!((scripted.code(), by_header.code()), (u64::from(number), u64::from(number)));
        assert_eq!(scripted.status, by_header.status);
        assert!(scripted.text().contains(code.meaning()), "{}", scripted.text());
    }
}

#[tokio::test]
async fn each_kind_of_fault_does_what_it_says() {
    let (sim, path) = start().await;
    let ask = async |fault: &'static str, stream: bool| {
        let begun = Instant::now();
        (post(&sim, &path, &[("x-sim-fault", fault)], &hello(stream)).await, begun.elapsed())
    };
    let (late, took) = ask("latency=80", false).await;
    assert!(late.status == 200 && took >= Duration::from_millis(80));
    let (slow, took) = ask("drip=20", false).await;
    assert!(slow.json()["result"]["response"].is_string() && took >= Duration::from_millis(100));
    let (cut, _) = ask("cut=2", true).await;
    assert_eq!(cut.text().matches("data: ").count(), 2);
    assert!(!cut.text().contains("[DONE]"));
    let (failed, _) = ask("late-code=3040", true).await;
    assert!(failed.status == 200 && failed.text().contains("\"code\":3040"));
    let (whole, _) = ask("no-stream", true).await;
    assert!(whole.json()["result"]["response"].is_string());
    let (invalid, _) = ask("invalid-json", false).await;
    assert_eq!(invalid.header("content-type"), Some("application/json"));
    assert!(serde_json::from_slice::<Value>(&invalid.body).is_err());
    let (page, _) = ask("status=502", false).await;
    assert!(page.status == 502 && page.text().contains("<html>"));
    let (limited, _) = ask("code=3040;retry-after=2", false).await;
    assert_eq!(limited.header("retry-after"), Some("2"));
    let (whole, _) = ask("", false).await;
    let (broken, _) = ask("reset", false).await;
    assert!(broken.body.len() < whole.body.len());
}

#[tokio::test]
async fn faults_affect_routes_without_a_model_too() {
    let (sim, _) = start().await;
    let token = format!("Bearer {}", sim.token());
    let path = api(&sim, "/ai/models/search");
    let get = async || bare(&sim, "GET", &path, &[("authorization", &token)], b"").await;
    sim.fail_next(Fault::code(7000));
    assert_eq!(get().await.code(), 7000);
    assert_eq!(get().await.status, 200);
}

#[tokio::test]
async fn random_faults_are_reproducible() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let sim = Sim::builder().fail_randomly(0.5, Fault::code(3040)).start().await.expect("a free port");
        let path = api(&sim, &format!("/ai/run/{LLAMA}"));
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(post(&sim, &path, &[], &hello(false)).await.status);
        }
        runs.push(statuses);
    }
    assert!(runs[0].contains(&200) && runs[0].contains(&429));
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn openai_clients_get_errors_in_their_shape() {
    let (sim, _) = start().await;
    let path = api(&sim, "/ai/v1/chat/completions");
    let body = json!({ "model": LLAMA, "stream": true, "messages": [{ "role": "user", "content": "hello" }] });
    let refused = post(&sim, &path, &[("x-sim-fault", "code=3040")], &body).await;
    assert_eq!((refused.status, &refused.json()["error"]["code"]), (429, &json!("3040")));
    let late = post(&sim, &path, &[("x-sim-fault", "late-code=3040")], &body).await;
    assert!(late.text().contains("\"error\":{"), "{}", late.text());
    let stranger = bare(&sim, "POST", &path, &[], body.to_string().as_bytes()).await;
    assert_eq!((stranger.status, &stranger.json()["error"]["code"]), (401, &json!("10000")));
}

#[tokio::test]
async fn every_request_is_recorded_with_its_status() {
    let (sim, path) = start().await;
    post(&sim, &path, &[("x-mine", "yes")], &hello(false)).await;
    post(&sim, &path, &[], &json!({ "prompt": "" })).await;
    bare(&sim, "POST", &path, &[], b"{}").await;
    bare(&sim, "GET", "/nowhere", &[], b"").await;
    post(&sim, &path, &[], &json!({ "prompt": "x".repeat(33 << 20) })).await;
    // The caller disconnects before the response.
    let (body, late) = (hello(false), [("x-sim-fault", "latency=5000")]);
    let waiting = tokio::time::timeout(Duration::from_secs(1), post(&sim, &path, &late, &body));
    assert!(waiting.await.is_err());
    assert!(latest_is_cancelled(&sim).await);
    // A response without a body is complete.
    let token = format!("Bearer {}", sim.token());
    bare(&sim, "HEAD", &api(&sim, "/ai/models/search"), &[("authorization", &token)], b"").await;
    assert!(!sim.requests().last().is_some_and(|request| request.cancelled));
    let requests = sim.requests();
    let statuses: Vec<u16> = requests.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [200, 400, 401, 401, 413, 0, 200]);
    let cancelled: Vec<bool> = requests.iter().map(|request| request.cancelled).collect();
    assert_eq!(cancelled, [false, false, false, false, false, true, false]);
    assert_eq!(requests[0].header("x-mine"), Some("yes"));
    assert_eq!(requests[0].json(), hello(false));
    assert_eq!(requests[3].uri, "/nowhere");
}

#[tokio::test]
async fn a_caller_that_leaves_in_the_middle_is_recorded() {
    let (sim, path) = start().await;
    for fault in ["stall=2", "drip=100"] {
        let (body, slow) = (hello(true), [("x-sim-fault", fault)]);
        let waiting = tokio::time::timeout(Duration::from_millis(300), post(&sim, &path, &slow, &body));
        assert!(waiting.await.is_err(), "{fault}: the response is complete");
        assert!(latest_is_cancelled(&sim).await, "{fault}: {:?}", sim.requests().last());
        assert_eq!(sim.requests().last().map(|request| request.status), Some(200));
    }
}

/// The server learns a moment later that a caller has left.
async fn latest_is_cancelled(sim: &Sim) -> bool {
    for _ in 0..100 {
        if sim.requests().last().is_some_and(|request| request.cancelled) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}
