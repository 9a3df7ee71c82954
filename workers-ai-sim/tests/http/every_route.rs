//! Rules of every route.

use serde_json::json;
use workers_ai_catalog::Catalog;
use workers_ai_sim::Sim;

use crate::setup::{Answer, LLAMA, api, bare, post, shop};

fn routes(sim: &Sim) -> Vec<(&'static str, String)> {
    let post = |path: String| ("POST", path);
    let get = |path: &str| ("GET", api(sim, path));
    vec![
        post(api(sim, &format!("/ai/run/{LLAMA}"))),
        post(api(sim, &format!("/ai/run/{LLAMA}?queueRequest=true"))),
        post(api(sim, "/ai/run")),
        post(api(sim, "/ai/v1/chat/completions")),
        post(api(sim, "/ai/v1/embeddings")),
        post(api(sim, "/ai/v1/responses")),
        post(api(sim, "/ai/tomarkdown")),
        post(api(sim, "/ai/finetunes")),
        post(api(sim, "/ai/finetunes/none/finetune-assets")),
        ("PATCH", api(sim, "/ai-gateway/gateways/shop/logs/none")),
        post(shop(sim, "")),
        post(shop(sim, &format!("/workers-ai/{LLAMA}"))),
        post(shop(sim, &format!("/workers-ai/run/{LLAMA}"))),
        post(shop(sim, "/workers-ai/v1/chat/completions")),
        post(shop(sim, "/workers-ai/v1/embeddings")),
        post(shop(sim, "/workers-ai/v1/responses")),
        post(shop(sim, "/compat/chat/completions")),
        get("/ai/models/search"),
        get("/ai/models/schema"),
        get("/ai/catalog/models"),
        get("/ai/catalog/models/none"),
        get("/ai/tomarkdown/supported"),
        get("/ai/finetunes"),
        get("/ai-gateway/gateways/shop/logs/none"),
        get("/nowhere"),
        ("GET", "/nowhere".to_owned()),
    ]
}

fn is_error(answer: &Answer, what: &str) {
    assert!((400..500).contains(&answer.status), "{what}: {} {:.300}", answer.status, answer.text());
    assert!(answer.code() > 0 && answer.json()["success"] == false, "{what}: {}", answer.text());
}

#[tokio::test]
async fn the_token_and_the_account_are_checked() {
    let sim = Sim::start().await.expect("a free port");
    let token = format!("Bearer {}", sim.token());
    for (method, path) in routes(&sim) {
        for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", sim.token())]] {
            let answer = bare(&sim, method, &path, headers, b"").await;
            assert_eq!((answer.status, answer.code()), (401, 10000), "{method} {path}");
        }
        let other = path.replace(sim.account(), "ffffffffffffffffffffffffffffffff");
        let answer = bare(&sim, method, &other, &[("authorization", &token)], b"").await;
        assert_eq!((answer.status, answer.code()), (404, 7003), "{method} {other}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_not_routed() {
    let sim = Sim::start().await.expect("a free port");
    let token = format!("Bearer {}", sim.token());
    for (_, path) in routes(&sim) {
        let answer = bare(&sim, "DELETE", &path, &[("authorization", &token)], b"").await;
        assert_eq!((answer.status, answer.code()), (404, 7003), "{path}");
    }
}

const NO_INPUTS: [&str; 9] =
    ["", "{", "null", "true", "5", "\"text\"", "[]", "[1,\"a\",null]", "{\"unheard_of\":{\"of\":[]}}"];

#[tokio::test]
async fn an_invalid_body_is_rejected_in_the_services_words() {
    let sim = Sim::start().await.expect("a free port");
    let token = format!("Bearer {}", sim.token());
    let types =
        ["application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", "audio/wav"];
    for (method, path) in routes(&sim).into_iter().filter(|(method, _)| *method != "GET") {
        for content_type in types {
            for body in NO_INPUTS.into_iter().chain(["--x\r\n", "--x\r\ncontent-disposition: form-data\r\n\r\na"]) {
                let headers = [("authorization", token.as_str()), ("content-type", content_type)];
                let answer = bare(&sim, method, &path, &headers, body.as_bytes()).await;
                if answer.status != 500 || answer.code() != 7000 {
                    is_error(&answer, &format!("{method} {path} {content_type} {body}"));
                }
            }
        }
    }
    let wrong = [
        ("messages", json!(5)),
        ("messages", json!([5])),
        ("messages", json!([])),
        ("tools", json!("x")),
        ("tools", json!([{}])),
    ];
    for (name, value) in wrong {
        let mut body = json!({ "model": LLAMA, "messages": [{ "role": "user", "content": "hello" }] });
        body[name] = value;
        let answer = post(&sim, &api(&sim, "/ai/v1/chat/completions"), &[], &body).await;
        assert_eq!(answer.code(), 5006, "{body}");
    }
    let body = json!({ "model": "@cf/baai/bge-base-en-v1.5", "messages": [{ "role": "user", "content": "hello" }] });
    assert_eq!(post(&sim, &api(&sim, "/ai/v1/chat/completions"), &[], &body).await.code(), 5007);
    for input in [json!([]), json!([[1, 2]]), json!(5)] {
        let body = json!({ "model": "@cf/baai/bge-base-en-v1.5", "input": input });
        assert_eq!(post(&sim, &api(&sim, "/ai/v1/embeddings"), &[], &body).await.code(), 5006, "{body}");
    }
}

#[tokio::test]
async fn every_model_rejects_an_invalid_input() {
    let sim = Sim::start().await.expect("a free port");
    for id in Catalog::embedded().ids().expect("ids") {
        let path = api(&sim, &format!("/ai/run/{id}"));
        for body in &NO_INPUTS[..8] {
            let token = format!("Bearer {}", sim.token());
            let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
            is_error(&bare(&sim, "POST", &path, &headers, body.as_bytes()).await, &format!("{id} {body}"));
        }
    }
}

#[tokio::test]
async fn chat_models_reject_with_the_codes_of_their_engine() {
    let sim = Sim::start().await.expect("a free port");
    let body = json!({ "model": LLAMA, "messages": [{ "role": "user", "content": "hello" }] });
    for (name, value, code) in [("tool_choice", "any", 8001), ("lora", "mine", 5005)] {
        let mut body = body.clone();
        body[name] = json!(value);
        assert_eq!(post(&sim, &api(&sim, "/ai/v1/chat/completions"), &[], &body).await.code(), code);
        body.as_object_mut().expect("an object").remove("model");
        assert_eq!(post(&sim, &api(&sim, &format!("/ai/run/{LLAMA}")), &[], &body).await.code(), code);
    }
    let both = json!({ "prompt": "hello", "messages": body["messages"] });
    assert_eq!(post(&sim, &api(&sim, &format!("/ai/run/{LLAMA}")), &[], &both).await.code(), 1001);
}

#[tokio::test]
async fn a_batch_belongs_to_its_model_and_has_a_size_limit() {
    let sim = Sim::start().await.expect("a free port");
    let queue = |model: &str| api(&sim, &format!("/ai/run/{model}?queueRequest=true"));
    let bge = queue("@cf/baai/bge-base-en-v1.5");
    let taken = post(&sim, &bge, &[], &json!({ "requests": [{ "text": "hello" }] })).await.json();
    let poll = json!({ "request_id": taken["result"]["request_id"] });
    assert_eq!(post(&sim, &bge, &[], &poll).await.json()["result"]["status"], "queued");
    assert_eq!(post(&sim, &queue("@cf/baai/bge-large-en-v1.5"), &[], &poll).await.code(), 5004);
    let large = json!({ "requests": [{ "text": "x".repeat(10_000_001) }] });
    assert_eq!(post(&sim, &bge, &[], &large).await.status, 413);
}
