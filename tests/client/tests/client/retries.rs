//! Retries, counted at the server.

use std::{
    future::IntoFuture,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http::{HeaderValue, StatusCode, header};
use serde_json::Value;
use tokio::{io::AsyncReadExt, net::TcpListener};
use workers_ai::{
    Error, ErrorCode, RetryClass, RetryPolicy, WorkersAi,
    chat::ToolBox,
    error::{TransportError, TransportErrorKind},
    prelude::*,
    transport::{BoxFuture, MockTransport, Transport, TransportRequest, TransportResponse},
    workers_ai_model,
};
use workers_ai_sim::Fault;

use crate::{
    models::{Aura, Bge, Flux2, Llama, Nova},
    setup::{client, start},
};

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
struct Poster {
    prompt: String,
    num_steps: u8,
}

type Made = BoxFuture<'static, Result<(), Error>>;

fn made<T>(call: impl Future<Output = Result<T, Error>> + Send + 'static) -> Made {
    Box::pin(async move { call.await.map(|_| ()) })
}

/// Every kind of call that is made in one request.
fn kinds(ai: &WorkersAi) -> Vec<(&'static str, Made)> {
    let prompt = || Llama::input().prompt("hello");
    let messages = || Llama::input().messages([user("hello")]);
    let dynamic = ai.model(Llama::ID);
    let chat = || serde_json::json!({ "messages": [{ "role": "user", "content": "hello" }] });
    let poster = Poster { prompt: "a lighthouse".to_owned(), num_steps: 4 };
    let form = Flux2::input().prompt("a lighthouse").num_steps(4);
    let schema = serde_json::json!({ "type": "object", "properties": { "greeting": { "type": "string" } } });
    let owned = ai.clone();
    let conversation = ai.with_tools(Llama, messages(), &ToolBox::new());
    let embedded = ai.embed_all(Bge, ["hello"], |texts| Bge::input().text(texts));
    vec![
        ("run", made(ai.run(Llama, prompt()).into_future())),
        ("stream", made(ai.stream(Llama, prompt()).into_future())),
        ("send", made(ai.send(poster).into_future())),
        ("bytes", made(ai.run(Aura, Aura::input().text("hello")).bytes().into_future())),
        ("a form", made(ai.run(Flux2, form).into_future())),
        ("a body of bytes", made(ai.run(Nova, Nova::input().audio(vec![0xff, 0xfb])).into_future())),
        ("queue", made(ai.queue(Bge, [Bge::input().text("hello")]).into_future())),
        ("embed_all", Box::pin(async move { Ok(embedded.await.map(|_| ())?) })),
        ("json", made(ai.run(Llama, messages()).json_with::<Value>("Greeting", schema).into_future())),
        ("with_tools", Box::pin(async move { Ok(conversation.await.map(|_| ())?) })),
        ("a model without a type", made(dynamic.run(serde_json::json!({ "prompt": "hello" })).into_future())),
        ("chat", made(dynamic.chat(chat()).into_future())),
        ("chat_stream", made(dynamic.chat_stream(chat()).into_future())),
        ("models", made(ai.models().into_future())),
        ("model_schema", Box::pin(async move { owned.model_schema(Llama::ID).await.map(|_| ()) })),
    ]
}

#[tokio::test]
async fn every_code_is_tried_as_often_as_its_class_says_by_every_kind_of_call() {
    let (sim, ai) = start().await;
    for code in ErrorCode::ALL {
        let attempts = match code.retry_class() {
            Some(RetryClass::Backoff) => 4,
            Some(RetryClass::Once) => 2,
            _ => 1,
        };
        for (kind, call) in kinds(&ai) {
            let before = sim.request_count();
            for _ in 0..attempts {
                sim.fail_next(Fault::code(code.as_u32()));
            }
            let error = call.await.expect_err(kind);
            assert_eq!(sim.request_count() - before, attempts, "{code}: {kind}");
            assert_eq!(error.code(), Some(*code), "{kind}");
            let answer = error.api_error().expect("an answer");
            assert_eq!(usize::try_from(answer.attempts), Ok(attempts), "{code}: {kind}");
            assert!(!answer.message.starts_with("AiError"), "{}", answer.message);
        }
    }
    // Nothing is left over: every fault met a request, and the next call succeeds at once.
    let before = sim.request_count();
    for (kind, call) in kinds(&ai) {
        call.await.expect(kind);
    }
    assert_eq!(sim.request_count() - before, kinds(&ai).len() + 2, "the search reads pages until one is empty");
}

#[tokio::test]
async fn success_after_failures_says_how_many_attempts_it_took() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3040));
    sim.fail_next(Fault::status(502));
    sim.fail_next(Fault::code(7009));
    let reply = ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
    assert_eq!(reply.meta.attempts, 4);
    assert_eq!(sim.request_count(), 4);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_paid_for_twice_unless_that_is_wanted() {
    let (sim, ai) = start().await;
    let call = || ai.run(Llama, Llama::input().prompt("hello"));
    sim.fail_next(Fault::reset());
    let error = call().await.expect_err("it breaks off");
    assert!(matches!(&error, Error::Transport(error) if error.kind == TransportErrorKind::Interrupted), "{error}");
    assert_eq!(sim.request_count(), 1);

    sim.fail_next(Fault::reset());
    let policy = RetryPolicy::default().min_delay(Duration::from_millis(1)).retry_interrupted(true);
    assert_eq!(call().retry(policy).await.expect("a reply").meta.attempts, 2);

    // A list costs nothing.
    sim.fail_next(Fault::reset());
    ai.model_schema(Llama::ID).await.expect("a schema");
    assert_eq!(sim.request_count(), 5);
}

#[tokio::test]
async fn a_form_is_sent_again_as_it_was() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3040));
    ai.run(Flux2, Flux2::input().prompt("a lighthouse").num_steps(4).width(256).height(256)).await.expect("a picture");
    let requests = sim.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn a_used_up_day_is_not_tried_again_and_says_when_it_ends() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3036));
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("used up");
    assert_eq!(sim.request_count(), 1);
    assert!(!error.is_retryable());
    let Error::Api(error) = error else { panic!("{error}") };
    let until = error.retry_at().expect("midnight").duration_since(std::time::SystemTime::now()).expect("later");
    assert!(until <= Duration::from_secs(24 * 60 * 60));
}

#[tokio::test]
async fn other_statuses_decide_where_no_code_does() {
    let (sim, ai) = start().await;
    for (status, attempts) in [(404, 1), (403, 1), (501, 1), (429, 4), (500, 4), (503, 4), (408, 4)] {
        let before = sim.request_count();
        for _ in 0..attempts {
            sim.fail_next(Fault::status(status));
        }
        let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("a fault");
        assert_eq!(sim.request_count() - before, attempts, "{status}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(String::from_utf8_lossy(error.body().expect("a page")).contains("<html>"));
    }
}

#[tokio::test]
async fn retry_after_is_kept_to_and_counts_against_the_budget() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3021).retry_after(1));
    let start = Instant::now();
    ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
    assert!(start.elapsed() >= Duration::from_secs(1));

    sim.fail_next(Fault::code(3021).retry_after(3600));
    let policy = RetryPolicy::default().max_elapsed(Duration::from_secs(5));
    let start = Instant::now();
    let error = ai.run(Llama, Llama::input().prompt("hello")).retry(policy).await.expect_err("too long");
    assert!(start.elapsed() < Duration::from_secs(1));
    assert!(error.is_retryable());
    assert_eq!(sim.request_count(), 3);
}

#[tokio::test]
async fn nothing_is_tried_again_where_nobody_wants_it() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3040));
    ai.run(Llama, Llama::input().prompt("hello")).retry(RetryPolicy::never()).await.expect_err("a fault");
    sim.fail_next(Fault::code(3040));
    ai.with_retry(RetryPolicy::never()).run(Llama, Llama::input().prompt("hello")).await.expect_err("a fault");
    assert_eq!(sim.request_count(), 2);
}

#[tokio::test]
async fn an_answer_that_is_late_is_computed_once() {
    for (kind, _) in kinds(&start().await.1) {
        let (sim, ai) = start().await;
        let ai = ai.with_timeout(Duration::from_millis(100));
        let (_, call) = kinds(&ai).into_iter().find(|(other, _)| *other == kind).expect(kind);
        // Four times, so that each attempt would be late.
        for _ in 0..4 {
            sim.fail_next(Fault::latency(Duration::from_secs(30)));
        }
        let error = call.await.expect_err(kind);
        assert!(error.is_timeout() && error.maybe_billed(), "{kind}: {error}");
        // Lists cost nothing.
        let free = kind == "models" || kind == "model_schema";
        assert_eq!(sim.request_count(), if free { 4 } else { 1 }, "{kind}");
    }
}

#[tokio::test]
async fn a_late_answer_is_requested_again_where_that_is_wanted() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::latency(Duration::from_secs(30)));
    let policy = RetryPolicy::default().min_delay(Duration::from_millis(1)).retry_unanswered(true);
    let call = ai.run(Llama, Llama::input().prompt("hello")).timeout(Duration::from_millis(100)).retry(policy);
    assert_eq!(call.await.expect("a reply").meta.attempts, 2);
    // What must not arrive twice is sent once, whatever the policy.
    sim.fail_next(Fault::latency(Duration::from_secs(30)));
    let ai = ai.with_retry(policy).with_timeout(Duration::from_millis(100));
    let before = sim.request_count();
    ai.queue(Bge, [Bge::input().text("hello")]).await.expect_err("late");
    assert_eq!(sim.request_count() - before, 1);
}

/// A server that reads each request to its end and then closes the connection. Returns its URL and the number of requests.
async fn closing_server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut read = vec![0; 64 * 1024];
            if connection.read(&mut read).await.is_ok_and(|bytes| bytes > 0) {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    (url, requests)
}

#[tokio::test]
async fn a_connection_lost_after_sending_is_not_paid_for_twice() {
    let (url, requests) = closing_server().await;
    let ai = WorkersAi::builder().account("a").token("t").base_url(&url);
    let ai = ai.retry(RetryPolicy::default().min_delay(Duration::from_millis(1))).build().expect("a client");
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("lost");
    assert!(matches!(&error, Error::Transport(error) if error.kind == TransportErrorKind::ConnectionLost), "{error:?}");
    assert!(error.maybe_billed());
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_was_not_sent_or_was_refused_is_not_billed() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3036));
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("refused");
    assert!(!error.maybe_billed(), "{error}");
    let error = ai.run(Llama, Llama::input().prompt("")).await.expect_err("invalid");
    assert!(!error.maybe_billed(), "{error}");
    // Nobody answers at this address of documentation: connecting takes too long.
    let ai =
        WorkersAi::builder().account(crate::setup::ACCOUNT).token("t").base_url("http://192.0.2.1").allow_plain_http();
    let ai = ai.connect_timeout(Duration::from_millis(50)).retry(RetryPolicy::never()).build().expect("a client");
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("no connection");
    assert!(error.is_connect() && !error.maybe_billed(), "{error:?}");
}

#[tokio::test]
async fn no_connection_is_said_to_be_none() {
    let (sim, _) = start().await;
    let ai = client(&sim);
    drop(sim);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("nobody there");
    let Error::Transport(error) = error else { panic!("{error}") };
    assert_eq!((error.kind, error.attempts), (TransportErrorKind::Connect, 4));
}

#[tokio::test]
async fn waiting_does_not_mend_what_is_not_allowed() {
    let (sim, ai) = start().await;
    for status in [401, 403, 404, 405, 501] {
        sim.fail_next(Fault::status(status).retry_after(1));
        let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("a fault");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(!error.is_retryable(), "{error}");
    }
    assert_eq!(sim.request_count(), 5);
}

#[tokio::test]
async fn no_clock_knows_a_time_that_far_away() {
    let answer = MockTransport::new().response(StatusCode::TOO_MANY_REQUESTS, "application/json", ["{}"]);
    let answer = answer.with_header(header::RETRY_AFTER, HeaderValue::from_static("10000000000000000000"));
    let ai = WorkersAi::with_transport(answer);
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("a fault");
    assert_eq!(error.api_error().expect("an answer").retry_at(), None);
    // It is far away, and not never.
    assert!(error.retry_in().is_some_and(|pause| pause > Duration::from_secs(24 * 3600)));
}

/// Never responds, and records the pauses.
#[derive(Clone, Default)]
struct Absent {
    pauses: Arc<Mutex<Vec<Duration>>>,
}

impl Transport for Absent {
    fn send(&self, _: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        Box::pin(async { Ok(TransportResponse::json(503, "{}")) })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner).push(duration);
        Box::pin(async {})
    }
}

async fn pauses(policy: RetryPolicy) -> Vec<Duration> {
    let absent = Absent::default();
    let ai = WorkersAi::with_transport(absent.clone()).with_retry(policy.max_attempts(6));
    ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("nobody there");
    let pauses = absent.pauses.lock().unwrap_or_else(PoisonError::into_inner);
    pauses.clone()
}

#[tokio::test]
async fn no_pause_is_longer_than_the_longest() {
    let (short, long) = (Duration::from_millis(100), Duration::from_millis(800));
    let policy = RetryPolicy::default().min_delay(long).max_delay(short);
    assert_eq!(pauses(policy).await, [short; 5]);
    let policy = RetryPolicy::default().min_delay(short).max_delay(long);
    let growing = pauses(policy).await;
    assert!(growing.len() == 5 && growing[0] >= short && growing.iter().all(|pause| *pause <= long), "{growing:?}");
    let exact = pauses(policy.jitter(false)).await;
    assert_eq!(exact.iter().map(Duration::as_millis).collect::<Vec<_>>(), [100, 200, 400, 800, 800]);
}

#[tokio::test]
async fn no_pause_is_too_long_to_count() {
    let far = RetryPolicy::default().min_delay(Duration::MAX);
    assert_eq!(pauses(far).await, [Duration::from_secs(15); 5]);
    let far = far.max_delay(Duration::MAX);
    assert!(pauses(far).await.is_empty(), "the max_elapsed ends before");
    assert_eq!(pauses(far.max_elapsed(Duration::MAX)).await.len(), 5);
}
