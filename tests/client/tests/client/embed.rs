//! Embeddings of many texts.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde_json::json;
use workers_ai::{
    ErrorCode, WorkersAi,
    embeddings::{Cls, cosine_similarity, rank_documents},
    transport::MockTransport,
    workers_ai_model,
};
use workers_ai_sim::Fault;

use crate::{
    models::{Bge, Reranker},
    setup::start,
};

#[tokio::test]
async fn many_texts_are_split_and_stay_in_order() {
    let (sim, ai) = start().await;
    let texts: Vec<String> = (0..250).map(|number| format!("text number {number}")).collect();
    let all = ai.embed_all(Bge, &texts, |texts| Bge::input().text(texts)).concurrency(2).await.expect("vectors");
    assert_eq!((all.len(), sim.request_count()), (250, 3));
    assert_eq!(all.iter().count(), 250);
    for index in [0, 99, 100, 249] {
        let alone = ai.run(Bge, Bge::input().text([texts[index].as_str()])).await.expect("a vector");
        assert_eq!(all.get(index), alone.get(0), "{index}");
    }
    assert_eq!(all.get(250), None);
    assert_eq!(all.array(249).map(|vector| &vector[..]), all.get(249));
    let nearest = all.nearest(all.get(42).expect("a vector"), 3);
    assert_eq!(nearest[0].0, 42);
    assert!(nearest[0].1 > 0.99 && nearest.len() == 3);
}

/// This model takes 32 texts in a call.
#[tokio::test]
async fn a_call_has_as_many_texts_as_the_model_takes() {
    #[workers_ai_model("@cf/qwen/qwen3-embedding-0.6b")]
    struct Qwen;

    let (sim, ai) = start().await;
    let texts: Vec<String> = (0..70).map(|number| format!("text number {number}")).collect();
    let all = ai.embed_all(Qwen, &texts, |texts| Qwen::input().text(texts)).await.expect("vectors");
    assert_eq!((all.len(), sim.request_count()), (70, 3));
    for index in [0, 31, 32, 69] {
        let alone = ai.run(Qwen, Qwen::input().text([texts[index].as_str()])).await.expect("a vector");
        assert_eq!(all.get(index), alone.get(0), "{index}");
    }
    sim.fail_next(Fault::default());
    sim.fail_next(Fault::code(3036));
    let call = ai.embed_all(Qwen, &texts, |texts| Qwen::input().text(texts)).concurrency(1);
    let error = call.await.expect_err("used up");
    assert_eq!((error.failed(), error.get(31).is_some(), error.get(32)), (32..64, true, None));
}

#[tokio::test]
async fn no_texts_are_no_calls() {
    let (sim, ai) = start().await;
    let none = ai.embed_all(Bge, [""; 0], |texts| Bge::input().text(texts)).await.expect("nothing");
    assert!(none.is_empty() && sim.requests().is_empty());
}

#[tokio::test]
async fn what_was_paid_for_is_kept_when_a_part_fails() {
    let (sim, ai) = start().await;
    let texts: Vec<String> = (0..2_000).map(|number| format!("text number {number}")).collect();
    let call = ai.embed_all(Bge, &texts, |texts| Bge::input().text(texts)).concurrency(1);
    for _ in 0..19 {
        sim.fail_next(Fault::default());
    }
    sim.fail_next(Fault::code(3036));
    let error = call.await.expect_err("used up");
    assert_eq!(error.error().code(), Some(ErrorCode::DailyQuota));
    assert_eq!((error.failed(), error.finished(), error.texts()), (1_900..2_000, 1_900, 2_000));
    assert_eq!(
        error.to_string(),
        "texts 1900 to 1999 could not be embedded; 1900 of 2000 are finished and kept in the error"
    );
    assert!(error.get(1_899).is_some() && error.get(1_900).is_none());
    let all = error.resume().await.expect("vectors");
    assert_eq!((all.len(), sim.request_count()), (2_000, 21), "no part is paid for twice");
    let alone = ai.run(Bge, Bge::input().text([texts[1_950].as_str()])).await.expect("a vector");
    assert_eq!(all.get(1_950), alone.get(0));
}

#[tokio::test]
async fn calls_that_were_sent_are_awaited_after_a_failure_and_no_other_is_made() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3036));
    for _ in 0..3 {
        sim.fail_next(Fault::latency(Duration::from_millis(300)));
    }
    let texts = vec!["text"; 2_000];
    let error = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await.expect_err("used up");
    assert_eq!(error.finished(), 300);
    assert_eq!(sim.request_count(), 4);
}

#[tokio::test]
async fn an_invalid_text_is_found_before_anything_is_paid_for() {
    let (sim, ai) = start().await;
    let mut texts = vec!["text"; 2_000];
    texts[1_950] = "";
    let error = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await.expect_err("an empty text");
    assert_eq!((error.failed(), error.finished(), sim.request_count()), (1_900..2_000, 0, 0));
    let error = workers_ai::Error::from(error);
    assert!(matches!(&error, workers_ai::Error::InvalidInput(_)), "{error}");
}

#[tokio::test]
async fn similar_texts_are_nearer_and_poolings_differ() {
    let (_sim, ai) = start().await;
    let texts = ["how to reset my password", "resetting a password", "ships and the tide"];
    let all = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts).pooling(Cls)).await.expect("vectors");
    let likeness = |a, b| cosine_similarity(all.get(a).expect("a vector"), all.get(b).expect("a vector"));
    assert!(likeness(0, 1) > likeness(0, 2));
}

#[tokio::test]
async fn ranks_are_joined_back_to_the_documents() {
    let (_sim, ai) = start().await;
    let documents = ["The tide comes in.", "The sky is blue today.", "A password is secret."];
    let input = Reranker::input().query("Why is the sky blue?").contexts(documents);
    let reply = ai.run(Reranker, input).await.expect("ranks");
    let best = rank_documents(&reply.response, &documents);
    assert_eq!(*best[0].0, "The sky is blue today.");
    assert_eq!(best.len(), 3);
}

#[tokio::test]
async fn vectors_of_a_cache_took_no_tokens() {
    let answer = |count: usize, tokens: u32| {
        let data = vec![[0.5, 0.5]; count];
        json!({ "shape": [count, 2], "data": data, "usage": { "prompt_tokens": tokens } }).to_string()
    };
    let hit = HeaderValue::from_static("HIT");
    let answers = MockTransport::new()
        .json(answer(100, 700))
        .with_header(HeaderName::from_static("cf-aig-cache-status"), hit)
        .json(answer(1, 7));
    let texts = (0..101).map(|number| format!("text number {number}"));
    let all = WorkersAi::with_transport(answers).embed_all(Bge, texts, |texts| Bge::input().text(texts));
    let all = all.concurrency(1).await.expect("vectors");
    assert_eq!((all.len(), all.usage.expect("usage").prompt_tokens), (101, 7));
}
