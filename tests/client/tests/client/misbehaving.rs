//! A misbehaving service, written by hand, byte for byte.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, TryStreamExt};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use workers_ai::{
    Error, Event, EventStream, RetryPolicy, WorkersAi,
    chat::FinishReason,
    error::{StreamErrorKind, TransportErrorKind},
    prelude::*,
    stream::EventDecoder,
};

use crate::models::{Aura, Llama, Sdxl};

const EVENTS: &str = "text/event-stream";
const JSON: &str = "application/json";

/// How a response goes on after its bytes.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Close,
    Stall,
    /// The connection is cut: more bytes were announced.
    Break,
}

/// A server that sends everyone the same response, and counts requests.
struct Bad {
    ai: WorkersAi,
    count: Arc<Mutex<usize>>,
}

impl Bad {
    fn asked(&self) -> usize {
        *self.count.lock().expect("no panic")
    }

    async fn stream(&self) -> Result<EventStream, Error> {
        self.ai.stream(Llama, Llama::input().prompt("hello")).await
    }

    /// Returns the text of a streamed response.
    async fn text(&self) -> Result<String, Error> {
        self.stream().await?.collect().await.map(|reply| reply.output.text)
    }
}

async fn bad(content_type: &str, body: &str) -> Bad {
    serve("200 OK", content_type, body, Then::Close).await
}

async fn serve(status: &str, content_type: &str, body: &str, then: Then) -> Bad {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let content_type =
        if content_type.is_empty() { String::new() } else { format!("content-type: {content_type}\r\n") };
    let head = format!(
        "HTTP/1.1 {status}\r\n{content_type}cf-ai-req-id: request-1\r\ncf-aig-log-id: log-1\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let piece = if body.is_empty() { String::new() } else { format!("{:x}\r\n{body}\r\n", body.len()) };
    let end = if then == Then::Close { "0\r\n\r\n" } else { "" };
    let answer = format!("{head}{piece}{end}").into_bytes();
    let count = Arc::new(Mutex::new(0));
    let counter = count.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            *counter.lock().expect("no panic") += 1;
            tokio::spawn(answer_to(socket, answer.clone(), then));
        }
    });
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1)).max_delay(Duration::from_millis(5));
    let builder = WorkersAi::builder().base_url(url).account("a").token("t").retry(retry);
    Bad { ai: builder.build().expect("a client"), count }
}

async fn answer_to(mut socket: TcpStream, answer: Vec<u8>, then: Then) {
    let mut request = vec![0; 64 * 1024];
    let _ = socket.read(&mut request).await;
    let _ = socket.write_all(&answer).await;
    if then == Then::Stall {
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
}

fn assert_evidence(error: &Error, body: &str) {
    assert_eq!(error.body(), Some(body.as_bytes()), "{error}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert_eq!((error.request_id(), error.log_id()), (Some("request-1"), Some("log-1")));
}

#[tokio::test]
async fn a_whole_answer_in_place_of_a_stream_is_taken_whatever_it_is_called() {
    for of in [JSON, "text/plain", "", EVENTS, "Application/JSON; charset=utf-8"] {
        for body in [
            r#"{"result":{"response":"paid"},"success":true,"errors":[]}"#,
            "\u{feff}\n {\"choices\":[{\"message\":{\"content\":\"paid\"},\"finish_reason\":\"stop\"}]}",
        ] {
            let bad = bad(of, body).await;
            assert_eq!(bad.text().await.expect("an answer"), "paid", "{of} {body}");
            assert_eq!(bad.asked(), 1);
        }
    }
}

#[tokio::test]
async fn a_refusal_in_place_of_a_stream_is_read_whatever_it_is_called() {
    for of in [JSON, "text/plain", "", EVENTS] {
        for body in [
            r#"{"success":false,"errors":[{"code":3036,"message":"no more today"}]}"#,
            r#"{"errors":[{"code":3036,"message":"no more today"}]}"#,
            r#"{"internalCode":3036,"description":"no more today"}"#,
        ] {
            let bad = bad(of, body).await;
            let error = bad.text().await.expect_err("a refusal");
            assert_eq!(error.code(), Some(workers_ai::ErrorCode::DailyQuota), "{of} {body}");
            assert_eq!((error.body(), error.request_id()), (Some(body.as_bytes()), Some("request-1")));
            assert_eq!(bad.asked(), 1);
        }
    }
}

#[tokio::test]
async fn what_is_neither_is_kept_and_not_asked_for_again() {
    for (of, body) in [
        ("text/html", "<html><title>Sign in</title></html>"),
        (EVENTS, "busy, come back\n\n"),
        (JSON, "[1,2]"),
        (JSON, "{}"),
        (JSON, r#"{"result":null,"success":true}"#),
        (EVENTS, r#"{"result":{"respon"#),
    ] {
        let bad = bad(of, body).await;
        let error = bad.text().await.expect_err("no answer");
        assert!(matches!(error, Error::Decode { .. }), "{error}");
        assert_evidence(&error, body);
        assert!(!error.is_retryable());
        assert_eq!(bad.asked(), 1, "{of} {body}");
    }
}

#[tokio::test]
async fn a_stream_that_begins_and_gives_nothing_is_not_asked_for_again() {
    for (body, then) in [("", Then::Break), (": ping\n\n", Then::Break)] {
        let bad = serve("200 OK", EVENTS, body, then).await;
        let error = bad.text().await.expect_err("nothing");
        assert!(matches!(&error, Error::Transport(error) if error.kind == TransportErrorKind::Interrupted), "{error}");
        assert_eq!(bad.asked(), 1);
    }
    for body in ["", ": ping\n\n", "data: {\"respon"] {
        let bad = bad(EVENTS, body).await;
        let error = bad.text().await.expect_err("nothing");
        assert!(matches!(&error, Error::Stream(error) if error.kind == StreamErrorKind::Truncated), "{error}");
        assert_eq!((error.request_id(), bad.asked()), (Some("request-1"), 1));
    }
    let bad = serve("200 OK", EVENTS, ": ping\n\n", Then::Stall).await;
    let call = bad.ai.stream(Llama, Llama::input().prompt("hello")).timeout(Duration::from_millis(50));
    let error = call.await.expect_err("nothing");
    assert!(matches!(&error, Error::Transport(error) if error.kind == TransportErrorKind::Interrupted), "{error}");
    assert_eq!(bad.asked(), 1);
}

#[tokio::test]
async fn a_broken_stream_keeps_everything_that_came() {
    let body = concat!(
        "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"d\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}}]}}]}\n\n",
    );
    for then in [Then::Break, Then::Close] {
        let bad = serve("200 OK", EVENTS, body, then).await;
        let words = bad.stream().await.expect("a stream");
        let error = words.collect().await.expect_err("broken");
        assert!(error.is_retryable());
        let Error::Stream(cut) = error else { panic!("{error}") };
        assert_eq!((&cut.kind, cut.text.as_str(), cut.reasoning.as_str()), (&StreamErrorKind::Truncated, "", "hm"));
        assert_eq!(cut.tool_calls.iter().map(|call| call.name.as_str()).collect::<Vec<_>>(), ["f"]);
        assert_eq!(cut.cause.is_some(), then == Then::Break);
        assert_eq!((cut.meta.request_id.as_deref(), cut.meta.attempts), (Some("request-1"), 1));

        let words = bad.stream().await.expect("a stream");
        let results: Vec<_> = words.forward(|_| {}).collect().await;
        let Some(Err(Error::Stream(cut))) = results.last() else { panic!("{results:?}") };
        assert_eq!((cut.reasoning.as_str(), cut.cause.is_some()), ("hm", then == Then::Break));
    }
}

#[tokio::test]
async fn a_break_after_the_end_changes_nothing() {
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\"blue\"},\"finish_reason\":\"stop\"}]}\n\n";
    let bad = serve("200 OK", EVENTS, body, Then::Break).await;
    let reply = bad.stream().await.expect("a stream").collect().await.expect("a whole answer");
    assert_eq!((reply.text.as_str(), &reply.finish_reason), ("blue", &Some(FinishReason::Stop)));
    let words = bad.stream().await.expect("a stream");
    let pieces: Vec<bytes::Bytes> = words.forward(|_| {}).try_collect().await.expect("a whole answer");
    assert_eq!(pieces.concat(), body.as_bytes());
}

#[tokio::test]
async fn what_is_left_after_next_is_handed_on() {
    let body =
        "data: {\"response\":\"a\"}\n\ndata: {\"response\":\"b\"}\n\ndata: {\"response\":\"c\"}\n\ndata: [DONE]\n\n";
    let bad = bad(EVENTS, body).await;
    let mut words = bad.stream().await.expect("a stream");
    assert_eq!(words.next().await.expect("an event").expect("text"), Event::Text("a".to_owned()));
    let mut seen = String::new();
    let forwarded = words.forward(|event| seen.push_str(event.text()));
    let pieces: Vec<bytes::Bytes> = forwarded.try_collect().await.expect("bytes");
    let events = decoded(&pieces.concat());
    assert_eq!(events.iter().map(Event::text).collect::<String>(), "bc");
    assert_eq!(events.last(), Some(&Event::Finish(FinishReason::Stop)));
    assert_eq!(seen, "bc");
}

#[tokio::test]
async fn calls_of_a_whole_answer_stay_apart_when_it_is_handed_on() {
    let body = r#"{"response":null,"tool_calls":[{"name":"f","arguments":{"x":1}},{"name":"g","arguments":{}}]}"#;
    let bad = bad(JSON, body).await;
    let words = bad.stream().await.expect("a stream");
    let pieces: Vec<bytes::Bytes> = words.forward(|_| {}).try_collect().await.expect("bytes");
    let calls = decoded(&pieces.concat()).into_iter().filter_map(|event| match event {
        Event::ToolCall(call) => Some(format!("{} {}", call.name, call.arguments)),
        _ => None,
    });
    assert_eq!(calls.collect::<Vec<_>>(), ["f {\"x\":1}", "g {}"]);
}

fn decoded(bytes: &[u8]) -> Vec<Event> {
    let mut decoder = EventDecoder::new();
    decoder.push(bytes);
    decoder.finish();
    std::iter::from_fn(|| decoder.next_event()).collect::<Result<_, _>>().expect("a whole stream")
}

#[tokio::test]
async fn the_duration_is_that_of_the_whole_stream() {
    let sim = workers_ai_sim::Sim::start().await.expect("a free port");
    let ai = crate::setup::client(&sim);
    sim.fail_next(workers_ai_sim::Fault::drip(Duration::from_millis(10)));
    let start = Instant::now();
    let words = ai.stream(Llama, Llama::input().prompt("Why is the sky blue?")).await.expect("a stream");
    let first = words.meta().duration;
    let reply = words.collect().await.expect("a reply");
    assert!(reply.meta.duration > first * 2, "{:?} of {:?}", reply.meta.duration, start.elapsed());
}

#[tokio::test]
async fn bytes_are_waited_for_no_longer_than_asked() {
    for (status, phase) in [("200 OK", TransportErrorKind::Interrupted), ("503 X", TransportErrorKind::Timeout)] {
        let bad = serve(status, "audio/mpeg", "", Then::Stall).await;
        let call = bad.ai.run(Aura, Aura::input().text("hello")).timeout(Duration::from_millis(50));
        let error = call.retry(RetryPolicy::never()).bytes().await.expect_err("silence");
        assert!(matches!(&error, Error::Transport(error) if error.kind == phase), "{status}: {error}");
    }
}

#[tokio::test]
async fn bytes_that_break_off_were_paid_for() {
    let bad = serve("200 OK", "audio/mpeg", "", Then::Break).await;
    let error = bad.ai.run(Aura, Aura::input().text("hello")).bytes().await.expect_err("broken");
    assert!(matches!(&error, Error::Transport(error) if error.kind == TransportErrorKind::Interrupted), "{error}");
    assert_eq!(bad.asked(), 1);
    let bad = serve("200 OK", "audio/mpeg", "some", Then::Break).await;
    let mut speech = bad.ai.run(Aura, Aura::input().text("hello")).bytes().await.expect("speech");
    assert_eq!(speech.next().await.expect("a piece").expect("bytes"), "some");
    let error = speech.next().await.expect("an error").expect_err("broken");
    assert!(matches!(&error, Error::Transport(error) if error.kind == TransportErrorKind::Interrupted), "{error}");
}

#[tokio::test]
async fn text_is_neither_a_picture_nor_sound() {
    let body = r#"{"success":false,"errors":[{"code":3030,"message":"flagged"}]}"#;
    for of in ["text/plain", "Application/JSON", "application/problem+json", "", "application/x-unknown"] {
        let bad = bad(of, body).await;
        let errors = [
            bad.ai.run(Sdxl, Sdxl::input().prompt("a lighthouse").num_steps(4)).await.map(drop),
            bad.ai.run(Aura, Aura::input().text("hello")).bytes().await.map(drop),
        ];
        for error in errors {
            let error = error.expect_err("a refusal");
            assert_eq!(error.code().map(workers_ai::ErrorCode::as_u32), Some(3030), "{of}: {error}");
        }
    }
    let page = "<html><title>Sign in</title></html>";
    let bad = bad("text/html", page).await;
    let errors = [
        bad.ai.run(Sdxl, Sdxl::input().prompt("a lighthouse").num_steps(4)).await.map(drop),
        bad.ai.run(Aura, Aura::input().text("hello")).bytes().await.map(drop),
    ];
    for error in errors {
        assert_evidence(&error.expect_err("a page"), page);
    }
    assert_eq!(bad.asked(), 2);
}

#[tokio::test]
async fn an_envelope_is_one_whatever_it_is_called() {
    let input = || Llama::input().prompt("hello");
    for of in ["text/plain", "text/json", "application/problem+json", ""] {
        let good = bad(of, r#"{"result":{"response":"paid"},"success":true}"#).await;
        assert_eq!(good.ai.run(Llama, input()).await.expect("an answer").text(), "paid", "{of}");
        let busy = bad(of, r#"{"success":false,"errors":[{"code":3040,"message":"busy"}]}"#).await;
        let error = busy.ai.run(Llama, input()).await.expect_err("a refusal");
        assert_eq!(error.code().map(workers_ai::ErrorCode::as_u32), Some(3040), "{of}: {error}");
        assert_eq!(busy.asked(), 4);
    }
    let null = bad(JSON, r#"{"result":null,"success":true}"#).await;
    let answer = null.ai.model("@cf/a/b").run(Value::Null).await.expect("an answer");
    assert_eq!(*answer, Value::Null);
    let alone = bad(JSON, r#"{"success":true}"#).await;
    let answer = alone.ai.model("@cf/a/b").run(Value::Null).await.expect("an answer");
    assert_eq!(answer["success"], true);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_keeps_its_ids() {
    let bad = bad(JSON, r#"{"response":"#).await;
    let error = bad.ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("damaged");
    assert!(matches!(error, Error::Decode { .. }), "{error}");
    assert_evidence(&error, r#"{"response":"#);
    assert!(std::mem::size_of::<Error>() <= 96);
}

/// A client of a server that answers with these bytes.
async fn raw(answer: Vec<u8>) -> WorkersAi {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(answer_to(socket, answer.clone(), Then::Close));
        }
    });
    let builder = WorkersAi::builder().base_url(url).account("a").token("t").retry(RetryPolicy::never());
    builder.build().expect("a client")
}

#[tokio::test]
async fn whatever_is_wrong_with_a_response_it_has_a_type() {
    let http = |status: &str, headers: &str, body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\n{headers}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    };
    let nested = ["[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)];
    let large = format!("x-more: {}\r\n", "x".repeat(8_000)).repeat(1_000);
    for (what, answer, kind, billed) in [
        ("nested lists", http("200 OK", "", &nested[0]), "decode", true),
        ("nested objects", http("200 OK", "", &nested[1]), "decode", true),
        ("a nested refusal", http("400 Bad Request", "", &nested[1]), "api", false),
        ("8 MB of headers", http("200 OK", &large, "{}"), "transport", true),
        ("no compressed data", http("200 OK", "content-encoding: gzip\r\n", "{}"), "transport", true),
        ("no chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_owned(), "transport", true),
        ("no HTTP", "SSH-2.0-x\r\n\r\n".to_owned(), "transport", true),
        ("no status", "HTTP/1.1 abc\r\n\r\n".to_owned(), "transport", true),
        ("no body", http("200 OK", "", ""), "decode", true),
        ("204", "HTTP/1.1 204 No Content\r\n\r\n".to_owned(), "decode", true),
        ("304", "HTTP/1.1 304 Not Modified\r\n\r\n".to_owned(), "api", false),
        ("418", http("418 Teapot", "", "{}"), "api", false),
        ("520", http("520 X", "", "<title>x</title>"), "api", false),
        ("999", http("999 X", "", "\u{0}"), "api", false),
    ] {
        let ai = raw(answer.into_bytes()).await;
        let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err(what);
        assert_eq!((error.kind(), error.maybe_billed()), (kind, billed), "{what}: {error}");
        let streamed = ai.stream(Llama, Llama::input().prompt("hello")).await;
        let error = match streamed {
            Ok(stream) => stream.collect().await.map(drop).expect_err(what),
            Err(error) => error,
        };
        assert_eq!(error.maybe_billed(), billed, "{what}, streamed: {error}");
        assert!(error.to_string().len() < 2_000, "{what}: a message that nobody reads");
    }
}
