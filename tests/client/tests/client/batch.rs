//! Batches.

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use workers_ai::{
    Batch, Error, Model, RetryPolicy, SingleModel, WorkersAi,
    batch::{BatchJob, BatchStatus},
    billing::ApproximateCounter,
    catalog::ModelFacts,
    chat::ChatReply,
    error::TransportErrorKind,
    gateway::Gateway,
    transport::{Endpoint, Input, MockTransport, TransportRequest},
};
use workers_ai_sim::Fault;

use crate::{
    models::{Bge, Llama},
    setup::start,
};

#[tokio::test]
async fn results_come_in_the_order_of_the_inputs() {
    let (sim, ai) = start().await;
    let prompts = ["one", "two", "three"];
    let job = ai.queue(Llama, prompts.map(|prompt| Llama::batch_item().prompt(prompt))).await.expect("a job");
    assert_eq!(job.len(), 3);
    assert_eq!(sim.requests()[0].uri.query(), Some("queueRequest=true"));

    // It can be serialized and read again, but not as the job of another model.
    let kept = serde_json::to_string(&job).expect("JSON");
    assert!(serde_json::from_str::<BatchJob<Bge>>(&kept).is_err());
    let job: BatchJob<Llama> = serde_json::from_str(&kept).expect("a job");

    assert_eq!(job.poll(&ai).await.expect("a status"), BatchStatus::Queued);
    assert_eq!(job.poll(&ai).await.expect("a status"), BatchStatus::Running);
    let BatchStatus::Done(reply) = job.poll(&ai).await.expect("a status") else { panic!("not done") };
    for (prompt, result) in prompts.iter().zip(&reply.results) {
        let text = result.as_ref().expect("a result").text();
        assert!(text.contains(&format!("You asked: {prompt} ")), "{text}");
    }
    assert!(reply.usage.expect("usage").total_tokens > 0);
}

/// A model of the same types as `Llama`, whose ID is known only at run time.
#[derive(Debug)]
struct Chosen(&'static str);

impl Model for Chosen {
    type This = Self;
    const MODELS: &'static [ModelFacts] = Llama::MODELS;
    type Input = <Llama as Model>::Input;
    type Output = <Llama as Model>::Output;

    fn facts(&self) -> ModelFacts {
        Llama.facts().with_id(self.0)
    }
}

impl Batch for Chosen {
    type Item = <Llama as Batch>::Item;
}

#[tokio::test]
async fn a_batch_of_a_model_chosen_at_run_time_can_be_stored() {
    let mock = MockTransport::new().json(r#"{"request_id":"1"}"#).json(r#"{"status":"queued"}"#);
    let ai = WorkersAi::with_transport(mock.clone());
    let job = ai.queue(Chosen("@cf/my/llama"), [Llama::batch_item().prompt("hello")]).await.expect("a job");
    let stored = serde_json::to_string(&job).expect("JSON");
    let job: BatchJob<Chosen> = serde_json::from_str(&stored).expect("a job");
    job.poll(&ai).await.expect("a status");
    for request in mock.requests() {
        assert_eq!(request.endpoint, Endpoint::Run("@cf/my/llama".to_owned()));
    }
    assert!(serde_json::from_str::<BatchJob<Bge>>(&stored).is_err());
}

#[tokio::test]
async fn waiting_ends_with_the_results_or_the_time() {
    let (_sim, ai) = start().await;
    let items = || ["a", "b"].map(|text| Bge::input().text(text));
    let job = ai.queue(Bge, items()).await.expect("a job");
    let reply = job.wait(&ai).poll_interval(Duration::from_millis(1)).await.expect("results");
    assert_eq!(reply.results.len(), 2);
    assert_eq!(reply.results[1].as_ref().expect("vectors").dimensions(), 768);

    let job = ai.queue(Bge, items()).await.expect("a job");
    let error = job.wait(&ai).poll_interval(Duration::from_secs(1)).timeout(Duration::from_millis(10)).await;
    assert!(matches!(error.expect_err("too long"), Error::Transport(_)));
}

#[tokio::test]
async fn an_invalid_input_stops_the_batch_before_it_is_sent() {
    let (sim, ai) = start().await;
    let texts = ["fine".to_owned(), String::new()];
    let error = ai.queue(Bge, texts.map(|text| Bge::input().text(text))).await.expect_err("empty");
    assert!(matches!(error, Error::InvalidInput(_)), "{error}");
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn a_batch_that_may_have_been_queued_is_not_queued_again() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::reset());
    let error = ai.queue(Bge, [Bge::input().text("a")]).await.expect_err("lost");
    assert!(matches!(error, Error::Transport(_)), "{error}");
    assert_eq!(sim.request_count(), 1);
    // A response that says that nothing was queued is retried.
    sim.fail_next(Fault::code(3040));
    ai.queue(Bge, [Bge::input().text("a")]).await.expect("a job");
    assert_eq!(sim.request_count(), 3);
}

#[tokio::test]
async fn what_was_queued_before_a_failure_is_not_lost() {
    let (sim, ai) = start().await;
    // Two of them fit into a request.
    let text = "x".repeat(4_000_000);
    let items = || (0..3).map(|_| Bge::input().text(text.as_str()));
    sim.fail_next(Fault::default());
    sim.fail_next(Fault::code(3036));
    let error = ai.queue(Bge, items()).await.expect_err("the second part failed");
    let Error::PartiallyQueued { queued, source } = &error else { panic!("{error}") };
    assert_eq!(source.code(), Some(workers_ai::ErrorCode::DailyQuota));
    let job: BatchJob<Bge> = serde_json::from_str(queued).expect("a job");
    assert_eq!(job.len(), 2);
}

#[tokio::test]
async fn each_part_is_told_when_it_is_queued() {
    let queued = |id: &str| format!(r#"{{"request_id":"{id}","status":"queued"}}"#);
    let ai = WorkersAi::with_transport(MockTransport::new().json(queued("r0")).json(queued("r1")));
    let (sender, told) = std::sync::mpsc::channel();
    let items = (0..2).map(|_| Bge::input().text("a".repeat(6_000_000)));
    let store = move |job: &BatchJob<Bge>| sender.send(serde_json::to_string(job).expect("JSON")).expect("a listener");
    let job = ai.queue(Bge, items).on_part(store).await.expect("a job");
    let told: Vec<BatchJob<Bge>> = told.iter().map(|job| serde_json::from_str(&job).expect("a job")).collect();
    assert_eq!(told.iter().map(BatchJob::len).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(serde_json::to_string(&told[1]).expect("JSON"), serde_json::to_string(&job).expect("JSON"));
}

#[tokio::test]
async fn numbers_that_a_user_refers_by_move_nothing() {
    let (_sim, ai) = start().await;
    let texts = ["A", "B", "C", "D"];
    let item = |number: usize| Bge::input().text(texts[number]);
    let items = [
        item(0).extra("external_reference", "1"),
        item(1).extra("external_reference", "0"),
        item(2).extra("external_reference", "3"),
        item(3),
    ];
    let job = ai.queue(Bge, items).await.expect("a job");
    let reply = job.wait(&ai).poll_interval(Duration::from_millis(1)).await.expect("results");
    for (text, result) in texts.iter().zip(&reply.results) {
        let alone = ai.run(Bge, Bge::input().text(*text)).await.expect("a vector");
        assert_eq!(result.as_ref().expect("a result").get(0), alone.get(0), "{text}");
    }
}

#[tokio::test]
async fn asking_goes_on_where_an_answer_broke_off() {
    let (sim, ai) = start().await;
    let job = ai.queue(Bge, [Bge::input().text("a")]).await.expect("a job");
    sim.fail_next(Fault::reset());
    job.poll(&ai).await.expect("a status");
    sim.fail_next(Fault::reset());
    let reply = job.wait(&ai).poll_interval(Duration::from_millis(1)).await.expect("results");
    assert_eq!(reply.results.len(), 1);
    sim.fail_next(Fault::reset());
    job.poll(&ai).retry(RetryPolicy::never()).await.expect_err("only once");
}

#[tokio::test]
async fn asking_takes_what_queueing_takes() {
    let (sim, ai) = start().await;
    let shop = || Gateway::new("shop");
    let job = ai.queue(Bge, [Bge::input().text("a")]).gateway(shop()).await.expect("a job");
    job.poll(&ai).gateway(shop()).header("x-team", "search").timeout(Duration::from_secs(5)).await.expect("a status");
    let wait = job.wait(&ai).gateway(shop()).header("x-team", "search").attempt_timeout(Duration::from_secs(5));
    wait.poll_interval(Duration::from_millis(1)).await.expect("results");
    for request in &sim.requests()[1..] {
        assert_eq!(request.header("cf-aig-gateway-id"), Some("shop"));
        assert_eq!(request.header("x-team"), Some("search"));
    }
}

#[tokio::test]
async fn no_time_is_too_long_to_wait() {
    let (_sim, ai) = start().await;
    let job = ai.queue(Bge, [Bge::input().text("a")]).await.expect("a job");
    let wait = job.wait(&ai).poll_interval(Duration::MAX).timeout(Duration::from_secs(1)).await;
    assert!(matches!(wait.expect_err("not done"), Error::Transport(_)));
    let wait = job.wait(&ai).poll_interval(Duration::from_millis(1)).timeout(Duration::MAX).await;
    assert_eq!(wait.expect("results").results.len(), 1);
}

#[tokio::test]
async fn an_input_that_does_not_fit_stops_the_batch() {
    let (sim, ai) = start().await;
    let ai = ai.with_context_check(ApproximateCounter);
    let texts = ["fine".to_owned(), "far too long ".repeat(1000)];
    let error = ai.queue(Bge, texts.map(|text| Bge::input().text(text))).await.expect_err("too long");
    assert!(matches!(error, Error::ContextExceeded { limit: 512, .. }), "{error}");
    assert!(sim.requests().is_empty());
}

/// A job of two requests with one input each.
fn of_two_parts() -> BatchJob<Bge> {
    let parts = serde_json::json!([{ "request_id": "a", "items": 1 }, { "request_id": "b", "items": 1 }]);
    serde_json::from_value(serde_json::json!({ "model": Bge::ID, "parts": parts })).expect("a job")
}

fn done(number: f32) -> String {
    let result = serde_json::json!({ "shape": [1, 2], "data": [[number, number]] });
    serde_json::json!({ "responses": [{ "id": 0, "success": true, "result": result }] }).to_string()
}

fn asked(transport: &MockTransport) -> Vec<String> {
    let id = |request: &TransportRequest| match &request.input {
        Input::Json(json) => serde_json::from_slice::<serde_json::Value>(json).expect("JSON")["request_id"].to_string(),
        _ => String::new(),
    };
    transport.requests().iter().map(id).collect()
}

#[tokio::test]
async fn a_part_that_is_complete_is_not_requested_again_and_a_failed_poll_is() {
    let transport = Arc::new(
        MockTransport::new()
            .json(done(1.0))
            .json(r#"{"status":"running"}"#)
            .failure(TransportErrorKind::Connect)
            .json(done(2.0)),
    );
    let ai = WorkersAi::with_transport(Arc::clone(&transport)).with_retry(RetryPolicy::never());
    let reply = of_two_parts().wait(&ai).await.expect("results");
    let vectors: Vec<_> = reply.results.iter().map(|result| result.as_ref().expect("a vector").get(0)).collect();
    assert_eq!(vectors, [Some(&[1.0, 1.0][..]), Some(&[2.0, 2.0][..])]);
    assert_eq!(asked(&transport), ["\"a\"", "\"b\"", "\"b\"", "\"b\""]);
}

#[tokio::test]
async fn a_part_that_cannot_be_requested_is_not_the_whole_batch() {
    let gone =
        || (StatusCode::NOT_FOUND, "application/json", [r#"{"errors":[{"code":7003,"message":"no such request"}]}"#]);
    let (status, kind, body) = gone();
    let ai = WorkersAi::with_transport(MockTransport::new().response(status, kind, body).json(done(2.0)));
    let reply = of_two_parts().wait(&ai).await.expect("the other part");
    let error = reply.results[0].as_ref().expect_err("gone");
    assert!(error.index == 0 && error.message.contains("no such request"), "{error}");
    assert_eq!(reply.results[1].as_ref().expect("a vector").get(0), Some(&[2.0, 2.0][..]));

    let ai = WorkersAi::with_transport(MockTransport::new().response(status, kind, body).response(status, kind, body));
    let error = of_two_parts().poll(&ai).await.expect_err("both are gone");
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
}
