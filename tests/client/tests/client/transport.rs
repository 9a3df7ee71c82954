//! The requests that a transport receives, and its failures.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use workers_ai::{
    Error, RetryPolicy, WorkersAi,
    chat::ToolBox,
    gateway::Gateway,
    media::Media,
    prelude::*,
    transport::{
        BoxFuture, Endpoint, Headers, Input, MockTransport, RequestBody, Transport, TransportError, TransportErrorKind,
        TransportRequest, TransportResponse,
    },
};

use crate::{
    models::{Aura, Bge, Kimi, Llama, Nova},
    setup::{chain, start},
};

/// Returns the only request of a call.
async fn asked<F: Future>(call: impl FnOnce(WorkersAi) -> F) -> TransportRequest {
    let mock = MockTransport::new().json(r#"{"response":"a","data":[[1.0]],"shape":[1,1],"request_id":"r"}"#);
    let _ = call(WorkersAi::with_transport(mock.clone())).await;
    let requests = mock.requests();
    assert_eq!(requests.len(), 1);
    requests.into_iter().next().expect("a request")
}

fn json_of(request: &TransportRequest) -> Value {
    serde_json::from_slice(request.input.json().expect("JSON")).expect("JSON")
}

#[tokio::test]
async fn a_mock_keeps_responses_for_their_models_and_says_what_is_left() {
    let mock = MockTransport::new().json(r#"{"response":"from Llama"}"#).for_model(Llama::ID);
    let mock = mock.json(r#"{"choices":[{"message":{"content":"from Kimi"}}]}"#).for_model(Kimi::ID);
    let mock = mock.json(r#"{"response":"for Llama"}"#).for_model(Llama::ID);
    let ai = WorkersAi::with_transport(mock);
    let kimi = || ai.run(Kimi, Kimi::input().messages([workers_ai::chat::user("hello")])).into_future();
    let llama = || ai.run(Llama, Llama::input().prompt("hello")).into_future();
    assert_eq!(kimi().await.expect("a reply").text(), "from Kimi");
    assert_eq!(llama().await.expect("a reply").text(), "from Llama");
    let error = crate::setup::chain(&kimi().await.expect_err("none"));
    let wanted =
        "3 responses were queued, and the 1 left are for other models; this is request 3 of @cf/moonshotai/kimi-k2.6";
    assert!(error.contains(wanted), "{error}");
}

#[tokio::test]
async fn a_mock_breaks_off_and_times_out() {
    let mock = MockTransport::new().events("data: {\"response\":\"Scat\"}\n\n").breaks_off();
    let mock = mock.hangs().json(r#"{"response":"#).breaks_off().error(5021, "too long");
    let ai = WorkersAi::with_transport(mock).with_retry(RetryPolicy::never()).with_timeout(Duration::from_secs(5));
    let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
    let Error::Stream(error) = stream.collect().await.expect_err("it breaks off") else { panic!("another error") };
    assert_eq!(error.text, "Scat");
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("a timeout");
    assert!(error.is_timeout() && error.maybe_billed(), "{error}");
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("it breaks off");
    assert!(error.maybe_billed() && !error.is_timeout(), "{error}");
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("too long");
    assert_eq!(error.class(), Some(workers_ai::ErrorClass::ContextExceeded), "{error}");
}

#[tokio::test]
async fn options_stay_options_and_inputs_inputs() {
    let request = asked(async |ai| {
        let gateway = Gateway::new("shop").cache_ttl(Duration::from_secs(3600));
        ai.run(Llama, Llama::input().prompt("hello"))
            .gateway(gateway)
            .tags(["a", "b"])
            .reject_if_busy()
            .session_affinity("s-1")
            .header("x-team", "search")
            .await
    })
    .await;
    assert_eq!(request.endpoint, Endpoint::Run(Llama::ID.to_owned()));
    assert_eq!(json_of(&request), json!({ "prompt": "hello" }));
    let options = &request.options;
    assert_eq!(
        (options.tags.as_slice(), options.reject_if_busy, options.queue),
        (&["a".into(), "b".into()][..], true, false)
    );
    assert_eq!(options.session_affinity.as_deref(), Some("s-1"));
    assert_eq!(request.headers.iter().collect::<Vec<_>>(), [("x-team", &b"search"[..])]);
    let gateway = request.gateway.expect("a gateway");
    assert_eq!((gateway.id.as_str(), gateway.cache_ttl), ("shop", Some(Duration::from_secs(3600))));
    assert!(!request.stream);
}

#[tokio::test]
async fn a_request_that_is_logged_shows_nothing_that_users_wrote() {
    let request = asked(async |ai| ai.run(Llama, Llama::input().prompt("PRIVATE")).await).await;
    assert!(
        !format!("{request:?}").contains("PRIVATE") && !format!("{request:?}").contains("80, 82, 73"),
        "{request:?}"
    );
    let request = asked(async |ai| {
        let step =
            ai.run(Llama, Llama::input().prompt("PRIVATE")).header("x-key", "PRIVATE").session_affinity("PRIVATE");
        ai.fallback(Gateway::new("shop"), step).await
    });
    let request = request.await;
    assert!(!format!("{request:?}").contains("PRIVATE"), "{request:?}");
}

#[tokio::test]
async fn a_header_takes_precedence_over_the_option_of_the_same_name() {
    let (sim, ai) = start().await;
    let call =
        || ai.run(Llama, Llama::input().prompt("a")).session_affinity("option").header("x-session-affinity", "own");
    call().await.expect("a reply");
    assert_eq!(sim.requests()[0].header("x-session-affinity"), Some("own"));
    ai.fallback(Gateway::new("shop"), call()).await.expect("a reply");
    assert_eq!(sim.requests()[1].json()[0]["headers"]["x-session-affinity"], "own");
}

#[tokio::test]
async fn a_transport_can_be_chosen_at_run_time_and_can_fail() {
    let mock = MockTransport::new().failure(TransportErrorKind::Connect).json(r#"{"response":"second"}"#);
    let transport: Arc<dyn Transport> = Arc::new(mock);
    let reply = WorkersAi::with_transport(transport).run(Llama, Llama::input().prompt("a")).await.expect("a reply");
    assert_eq!((reply.text().as_ref(), reply.meta.attempts), ("second", 2));

    let mock = MockTransport::new().failure(TransportErrorKind::Timeout);
    let ai = WorkersAi::with_transport(mock).with_retry(RetryPolicy::never());
    let error = ai.run(Llama, Llama::input().prompt("a")).await.expect_err("a failure");
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), format!("{}: the request timed out", Llama::ID));
}

#[tokio::test]
async fn no_timeout_is_too_long() {
    let (sim, _) = start().await;
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token());
    let builder = builder.timeout(Duration::MAX).connect_timeout(Duration::MAX).read_timeout(Duration::MAX);
    builder.build().expect("a client").run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
}

#[tokio::test]
async fn a_batch_is_an_option_and_a_partners_model_is_a_model() {
    let request = asked(async |ai| ai.queue(Bge, [Bge::input().text("a")]).await).await;
    assert!(request.options.queue);
    assert_eq!(json_of(&request)["requests"][0]["text"], "a");

    let request = asked(async |ai| ai.model("openai/gpt-5.4").run(json!({ "a": 1 })).await).await;
    assert_eq!(request.endpoint, Endpoint::Run("openai/gpt-5.4".to_owned()));
    assert_eq!(json_of(&request), json!({ "a": 1 }));

    let request = asked(async |ai| ai.model("@cf/a/b").chat(json!({ "messages": [] })).await).await;
    assert_eq!(request.endpoint, Endpoint::OpenAi { route: "chat/completions", model: "@cf/a/b".to_owned() });
}

#[tokio::test]
async fn the_fields_beside_a_file_keep_their_types() {
    let request = asked(async |ai| {
        let audio = Media::new(*b"ID3").with_content_type("audio/mpeg");
        ai.run(Nova, Nova::input().audio(audio).smart_format(true).language("en")).await
    })
    .await;
    let Input::File { field, content_type, file, fields, in_json, .. } = request.input else { panic!("a file") };
    assert_eq!((field, content_type.as_str(), in_json), ("audio", "audio/mpeg", false));
    assert!(matches!(file, RequestBody::Bytes(bytes) if *bytes == *b"ID3"));
    let fields: Value = serde_json::from_slice(&fields).expect("JSON");
    assert_eq!(fields, json!({ "smart_format": true, "language": "en" }));
}

#[tokio::test]
async fn bytes_and_events_are_streamed() {
    assert!(asked(async |ai| ai.stream(Llama, Llama::input().prompt("a")).await).await.stream);
    assert!(asked(async |ai| ai.run(Aura, Aura::input().text("a")).bytes().await.map(|_| ())).await.stream);
}

#[tokio::test]
async fn a_chat_model_can_be_called_twice_in_generic_code() {
    async fn ask<M: Chat<Output: Send + 'static>>(ai: &WorkersAi, model: M) -> Result<(String, String), Error> {
        let first = ai.run(model, M::chat([user("a")])).await?.text().into_owned();
        let second = ai.run(model, M::chat([user(first.clone())])).await?.text().into_owned();
        Ok((first, second))
    }
    let mock = MockTransport::new().json(r#"{"response":"b"}"#).json(r#"{"response":"c"}"#);
    let answers = ask(&WorkersAi::with_transport(mock), Llama).await.expect("two replies");
    assert_eq!(answers, ("b".to_owned(), "c".to_owned()));
}

#[tokio::test]
async fn tools_reach_the_model_with_its_own_id() {
    let tools = ToolBox::new().raw("clock", "The time", json!({ "type": "object", "properties": {} }), |_| async {
        Ok::<_, String>(json!("noon"))
    });
    let input = || Llama::input().messages([user("What time is it?")]);
    let request = asked(async |ai| ai.with_tools(Llama, input(), &tools).await).await;
    assert_eq!(request.endpoint, Endpoint::Run(Llama::ID.to_owned()));
    assert_eq!(json_of(&request)["tools"][0]["function"]["name"], "clock");
}

/// Sends the head of a response at once, and then single bytes, forever.
#[derive(Clone, Default)]
struct Dripping(Arc<Mutex<u32>>);

impl Transport for Dripping {
    fn send(&self, _: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        *self.0.lock().expect("no panic") += 1;
        let mut headers = Headers::new();
        headers.insert("content-type", "application/json");
        let drops = stream::repeat(()).then(|()| async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(Bytes::from_static(b" "))
        });
        let response = TransportResponse::new(http::StatusCode::OK, headers, drops.boxed());
        Box::pin(async { Ok(response) })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Refuses every request, and breaks off while it says why.
struct BrokenRefusal;

impl Transport for BrokenRefusal {
    fn send(&self, _: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        let mut headers = Headers::new();
        headers.insert("retry-after", "9");
        let broken = TransportError::new(TransportErrorKind::ConnectionLost, "reset");
        let body = stream::iter([Ok(Bytes::from_static(b"{\"errors\":[{")), Err(broken)]);
        let response = TransportResponse::new(http::StatusCode::TOO_MANY_REQUESTS, headers, body.boxed());
        Box::pin(async { Ok(response) })
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }
}

#[tokio::test]
async fn a_refusal_that_breaks_off_keeps_its_status_and_its_time() {
    let ai = WorkersAi::with_transport(BrokenRefusal).with_retry(RetryPolicy::never());
    let error = ai.run(Llama, Llama::input().prompt("a")).await.expect_err("refused");
    let response = error.api_error().expect("a response");
    assert_eq!((response.status.as_u16(), response.retry_after), (429, Some(Duration::from_secs(9))));
    assert_eq!(error.body(), Some(&b"{\"errors\":[{"[..]));
}

#[tokio::test]
async fn a_deadline_ends_a_body_that_drips_whatever_the_transport() {
    let dripping = Dripping::default();
    let ai = WorkersAi::with_transport(dripping.clone()).with_timeout(Duration::from_millis(50));
    let started = std::time::Instant::now();
    let error = ai.run(Llama, Llama::input().prompt("a")).await.expect_err("no end");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    let Error::Transport(lost) = &error else { panic!("{error}") };
    assert_eq!((lost.kind, lost.attempts), (TransportErrorKind::Interrupted, 1));
    assert!(error.is_timeout() && !error.is_connect());
    assert_eq!(*dripping.0.lock().expect("no panic"), 1);
    assert_eq!(
        chain(&error),
        format!("{}: the response was interrupted: it timed out: no response within 50 ms", Llama::ID)
    );
    let error = ai.run(Llama, Llama::input().prompt("a")).raw().await.expect_err("no end");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_raw_reply_says_what_is_known_of_its_call() {
    let busy = r#"{"success":false,"errors":[{"code":3040,"message":"busy"}]}"#;
    let usage = r#"{"result":{"response":"a","usage":{"prompt_tokens":1,"completion_tokens":2}},"success":true}"#;
    let mock = MockTransport::new().json(busy).json(usage);
    let ai = WorkersAi::with_transport(mock);
    // An error response of the service is a response.
    let reply = ai.run(Llama, Llama::input().prompt("a")).raw().await.expect("a response");
    assert!(reply.body.starts_with(b"{\"success\":false"));
    let reply = ai.run(Llama, Llama::input().prompt("a")).raw().await.expect("a response");
    assert_eq!((reply.meta.model.as_str(), reply.meta.attempts), (Llama::ID, 1));
    assert_eq!(reply.meta.usage.map(|usage| usage.completion_tokens), Some(2));
    assert_eq!(reply.header_map()["content-type"], "application/json");
}

#[tokio::test]
async fn connecting_that_times_out_is_told_from_a_request_that_was_sent() {
    // A listener whose queue is full accepts nobody: connecting can only time out.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let mut queue = Vec::new();
    for _ in 0..1_000 {
        match std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100)) {
            Ok(socket) => queue.push(socket),
            Err(_) => break,
        }
        if queue.len() == 900 {
            return; // This system's queues are longer than a test should fill.
        }
    }
    let ai = WorkersAi::builder()
        .account("a")
        .token("t")
        .base_url(format!("http://{address}"))
        .connect_timeout(Duration::from_millis(100))
        .retry(RetryPolicy::never())
        .build()
        .expect("a client");
    let error = ai.run(Llama, Llama::input().prompt("a")).await.expect_err("nobody accepts");
    assert!(error.is_connect() && error.is_timeout(), "{error:?}");
    assert_eq!(error.to_string(), format!("{}: connecting timed out", Llama::ID));
}
