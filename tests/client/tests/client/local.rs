//! A client and a local Workers AI in one line each, and answers from a script.

use std::time::Duration;

use serde_json::json;
use workers_ai::{Error, RetryPolicy, error::ConfigError, prelude::*};
use workers_ai_sim::{Fault, Sim};

/// A chat model that answers with `response`.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

/// A chat model that answers with `choices`.
#[workers_ai_model("@cf/zai-org/glm-4.7-flash")]
pub struct Glm;

/// An image model with a JSON output.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

/// A model for speech, with an output of bytes.
#[workers_ai_model("@cf/deepgram/aura-1")]
pub struct Aura;

/// An embedding model.
#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Bge;

async fn start() -> (Sim, WorkersAi) {
    let sim = workers_ai_sim::start().await.expect("a free port");
    let ai = WorkersAi::local(sim.url()).expect("a URL of this machine");
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1)).max_delay(Duration::from_millis(5));
    (sim, ai.with_retry(retry))
}

#[tokio::test]
async fn a_local_client_reaches_the_local_service() {
    let sim = workers_ai_sim::start().await.expect("a free port");
    for url in [sim.url(), format!("{}/", sim.url()), sim.url().replace("127.0.0.1", "localhost")] {
        let ai = WorkersAi::local(&url).expect("a URL of this machine");
        let reply =
            ai.run(Llama, Llama::input().prompt("hello")).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        assert!(reply.text().contains("hello"));
    }
}

#[test]
fn a_local_client_is_for_this_machine_only() {
    for url in ["https://api.cloudflare.com", "http://192.168.1.7:8787", "http://127.0.0.1.example.com"] {
        let error = WorkersAi::local(url).expect_err("another machine");
        let Error::Configuration(config) = error else { panic!("{error:?}") };
        assert_eq!(config, ConfigError::NotLocal { url: url.to_owned() });
        assert!(config.to_string().starts_with(&format!("{url} is not on this machine")), "{config}");
    }
    let error = WorkersAi::local("nowhere").expect_err("no URL");
    assert!(crate::setup::chain(&error).contains("invalid base URL `nowhere`"), "{error:?}");
}

#[tokio::test]
async fn a_scripted_text_is_read_from_both_forms_and_from_streams() {
    let (sim, ai) = start().await;
    for model in [Llama.id(), Glm.id()] {
        sim.always_answer(model, "Air scatters blue light.").expect("a chat model");
    }
    let question = || [user("Why is the sky blue?")];
    assert_eq!(
        ai.run(Llama, Llama::input().messages(question())).await.expect("an answer").text(),
        "Air scatters blue light."
    );
    assert_eq!(
        ai.run(Glm, Glm::input().messages(question())).await.expect("an answer").text(),
        "Air scatters blue light."
    );
    let llama = ai.stream(Llama, Llama::input().messages(question())).await.expect("a stream");
    assert_eq!(llama.collect().await.expect("the end").text, "Air scatters blue light.");
    let glm = ai.stream(Glm, Glm::input().messages(question())).await.expect("a stream");
    assert_eq!(glm.collect().await.expect("the end").text, "Air scatters blue light.");
}

#[tokio::test]
async fn a_scripted_tool_call_arrives_whole_and_streamed() {
    let (sim, ai) = start().await;
    let call = json!({ "name": "weather", "arguments": { "place": "Lisbon" } });
    let answer =
        json!({ "response": "", "tool_calls": [call], "usage": { "prompt_tokens": 7, "completion_tokens": 11 } });
    sim.always_answer(Llama.id(), answer).expect("a chat model");
    let input = || Llama::input().messages([user("How is the weather in Lisbon?")]);
    let reply = ai.run(Llama, input()).await.expect("an answer");
    let whole = &reply.tool_calls()[0];
    assert_eq!((whole.name.as_str(), whole.arguments["place"].as_str()), ("weather", Some("Lisbon")));
    let streamed = ai.stream(Llama, input()).await.expect("a stream").collect().await.expect("the end");
    assert_eq!(streamed.tool_calls[0].name, "weather");
    assert_eq!(streamed.meta.usage.expect("a usage").completion_tokens, 11);
}

#[tokio::test]
async fn scripted_images_recordings_and_vectors_are_read() {
    let (sim, ai) = start().await;
    let jpeg = b"\xff\xd8\xff\xe0 not much of a picture";
    sim.answer(Flux.id(), jpeg).expect("a model for images");
    let picture = ai.run(Flux, Flux::input().prompt("a lighthouse").num_steps(4)).await.expect("an image");
    assert_eq!(picture.image.decode().expect("base64"), jpeg);
    sim.answer(Aura.id(), b"ID3 a recording").expect("a model for speech");
    let speech = ai.run(Aura, Aura::input().text("hello")).await.expect("a recording");
    assert_eq!(speech.audio.decode().expect("bytes"), b"ID3 a recording");
    sim.answer(Bge.id(), json!({ "shape": [1, 2], "data": [[0.5, -1.0]] })).expect("a model");
    let vectors = ai.run(Bge, Bge::input().text("a")).await.expect("embeddings");
    assert_eq!(vectors.get(0), Some(&[0.5, -1.0][..]));
}

#[tokio::test]
async fn a_retry_gets_the_answer_that_the_failed_attempt_did_not() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3040));
    sim.answer(Llama.id(), "after all").expect("a chat model");
    let reply = ai.run(Llama, Llama::input().prompt("hello")).await.expect("an answer");
    assert_eq!(reply.text(), "after all");
    let statuses: Vec<u16> = sim.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [429, 200]);
}
