//! Servers that explode, drip or never end: nothing is read without a bound.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use futures_util::StreamExt;
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use workers_ai::{
    Error, RetryPolicy, WorkersAi,
    error::{StreamError, StreamErrorKind},
    prelude::*,
    stream::EventDecoder,
    transport::{
        BoxFuture, Headers, MockTransport, ResponseLimits, Transport, TransportError, TransportRequest,
        TransportResponse,
    },
};

use crate::models::{Bge, Kimi, Llama};

const MB: usize = 1 << 20;

/// A server that answers with a head and a beginning, and then repeats a piece for ever, after a pause.
async fn serve(head: &str, beginning: Vec<u8>, piece: &'static [u8], pause: Duration) -> WorkersAi {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let beginning = [format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").into_bytes(), beginning].concat();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let beginning = beginning.clone();
            tokio::spawn(async move {
                let _ = socket.read(&mut vec![0; 64 * 1024]).await;
                let _ = socket.write_all(&beginning).await;
                while !piece.is_empty() && socket.write_all(piece).await.is_ok() {
                    tokio::time::sleep(pause).await;
                }
            });
        }
    });
    let ai = WorkersAi::builder().base_url(url).account("a").token("t").retry(RetryPolicy::never());
    ai.build().expect("a client")
}

/// Compresses as many megabytes of blanks.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..megabytes {
        encoder.write_all(&vec![b' '; MB]).expect("memory");
    }
    encoder.finish().expect("memory")
}

const GZIP: &str = "200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip";
const EVENTS: &str = "200 OK\r\ncontent-type: text/event-stream";

#[tokio::test]
async fn a_body_that_grows_when_it_is_unpacked_is_read_up_to_the_limit() {
    for (limit, megabytes) in [(None, 400), (Some(MB), 20)] {
        let ai = serve(GZIP, bomb(megabytes), b"", Duration::ZERO).await;
        let ai = match limit {
            Some(limit) => ai.with_response_limits(ResponseLimits::default().max_bytes(limit)),
            None => ai,
        };
        let wanted = limit.unwrap_or(128 * MB);
        let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("too large");
        let Error::ResponseTooLarge { limit, read, status, .. } = &error else { panic!("{error:?}") };
        assert!((*limit, *status) == (wanted, StatusCode::OK) && read.len() <= wanted && read.len() > wanted / 2);
        assert!(error.maybe_billed() && !error.is_retryable());
        let text = error.to_string();
        assert!(text.contains(&format!("larger than {wanted} bytes")) && text.starts_with(Llama::ID), "{text}");
    }
}

#[tokio::test]
async fn an_error_that_grows_when_it_is_unpacked_is_cut_off() {
    let head = GZIP.replace("200 OK", "500 Internal Server Error");
    let ai = serve(&head, bomb(400), b"", Duration::ZERO).await;
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("an error");
    assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
    assert_eq!(error.body().map(<[u8]>::len), Some(256 << 10));
}

#[tokio::test]
async fn an_error_without_an_end_is_cut_off() {
    let piece = b"no no no no no no no no no no no no no no no no no no no no no ";
    let ai = serve("500 Internal Server Error", Vec::new(), piece, Duration::ZERO).await;
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("an error");
    assert_eq!(error.body().map(<[u8]>::len), Some(256 << 10));
}

async fn stream_error(ai: &WorkersAi) -> StreamError {
    let mut stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a first event");
    loop {
        match stream.next().await {
            Some(Ok(_)) => {}
            Some(Err(Error::Stream(error))) => return *error,
            other => panic!("{other:?}"),
        }
    }
}

const FIRST: &[u8] = b"data: {\"response\":\"Hel\"}\n\n";

#[tokio::test]
async fn comments_and_pings_do_not_keep_a_stream_alive() {
    let pieces: [&[u8]; 3] = [b": still here\n\n", b"event: ping\ndata: {}\n\n", b""];
    for piece in pieces {
        for pause in [Duration::ZERO, Duration::from_millis(20)] {
            let ai = serve(EVENTS, FIRST.to_vec(), piece, pause).await;
            let limit = Duration::from_millis(300);
            let ai = ai.with_response_limits(ResponseLimits::default().between_events(limit));
            // Without a further piece the connection ends.
            let wanted = if piece.is_empty() { StreamErrorKind::Truncated } else { StreamErrorKind::Silent(limit) };
            let error = stream_error(&ai).await;
            assert_eq!((&error.kind, &*error.text), (&wanted, "Hel"), "{piece:?} {pause:?}");
            let error = Error::from(error);
            assert!(error.maybe_billed() && error.is_timeout() != piece.is_empty(), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_stream_that_never_ends_is_ended() {
    let ai = serve(EVENTS, FIRST.to_vec(), b"data: {\"response\":\"lo\"}\n\n", Duration::from_millis(5)).await;
    let limit = Duration::from_millis(300);
    let ai = ai.with_response_limits(ResponseLimits::default().whole_stream(limit));
    let error = stream_error(&ai).await;
    assert_eq!(error.kind, StreamErrorKind::TooLong(limit));
    assert!(error.text.starts_with("Hello"), "{}", error.text);
    assert!(error.to_string().ends_with("the stream was not complete after 300ms"), "{error}");
}

#[tokio::test]
async fn a_slow_reader_is_not_a_silent_server() {
    let ai = serve(EVENTS, FIRST.to_vec(), b"data: {\"response\":\"lo\"}\n\n", Duration::from_millis(50)).await;
    let ai = ai.with_response_limits(ResponseLimits::default().between_events(Duration::from_millis(200)));
    let mut stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a first event");
    for _ in 0..3 {
        stream.next().await.expect("more").expect("an event");
        // Meanwhile, what arrives fills the buffers.
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

/// A transport whose bodies are always ready and never end.
struct Endless(&'static [u8]);

impl Transport for Endless {
    fn send(&self, _: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        let body = futures_util::stream::repeat(self.0).map(|chunk| Ok(chunk.into()));
        Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, Headers::new(), Box::pin(body))) })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

// On one thread, a task that never pauses would stop all others.
#[tokio::test]
async fn a_body_that_is_always_ready_lets_others_run() {
    let limits = ResponseLimits::default().max_bytes(usize::MAX).between_events(Duration::from_millis(200));
    for chunk in [&b"{}"[..], b" ", b": comment\n", b"\n\n", b"", b"data: {\"response\":\"a\"}\n\n"] {
        let ai = WorkersAi::with_transport(Endless(chunk)).with_response_limits(limits);
        let ai = ai.with_timeout(Duration::from_millis(200)).with_retry(RetryPolicy::never());
        let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("it never ends");
        assert!(error.is_timeout(), "{chunk:?}: {error:?}");
        let stream =
            tokio::time::timeout(Duration::from_secs(5), ai.stream(Llama, Llama::input().prompt("hello"))).await;
        match stream.unwrap_or_else(|_| panic!("{chunk:?} stops others")) {
            Err(error) => assert!(error.maybe_billed(), "{chunk:?}: {error:?}"),
            // Events are handed over one by one.
            Ok(mut stream) => assert!(stream.next().await.is_some_and(|event| event.is_ok()), "{chunk:?}"),
        }
    }
}

#[tokio::test]
async fn usage_that_cannot_be_read_costs_no_answer_and_is_not_zero() {
    for usage in [
        r#"{"prompt_tokens":"12","completion_tokens":5}"#,
        r#"{"prompt_tokens":-1,"completion_tokens":5}"#,
        r#"{"prompt_tokens":1e300,"completion_tokens":5}"#,
        r#"{"prompt_tokens":18446744073709551615,"completion_tokens":18446744073709551615}"#,
        r#"{"tokens":12}"#,
        r#""many""#,
        "[]",
        "12",
        "null",
    ] {
        let legacy = format!(r#"{{"response":"hello","usage":{usage}}}"#);
        let openai = format!(r#"{{"choices":[{{"index":0,"message":{{"content":"hello"}}}}],"usage":{usage}}}"#);
        let ai = WorkersAi::with_transport(MockTransport::new().json(legacy.clone()).json(openai).events(format!(
            "data: {{\"response\":\"hello\"}}\n\ndata: {{\"response\":\"\",\"usage\":{usage}}}\n\ndata: [DONE]\n\n"
        )));
        let reply = ai.run(Llama, Llama::input().prompt("hello")).await.expect(usage);
        assert_eq!((&*reply.text(), reply.usage(), reply.meta.usage), ("hello", None, None), "{usage}");
        let reply = ai.run(Kimi, Kimi::input().messages([user("hello")])).await.expect(usage);
        assert_eq!((&*reply.text(), reply.usage(), reply.meta.usage), ("hello", None, None), "{usage}");
        let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect(usage);
        let reply = stream.collect().await.expect(usage);
        assert_eq!((&*reply.output.text, reply.meta.usage), ("hello", None), "{usage}");
    }
}

/// Returns the number of events in a stream of pieces of tool calls.
fn decode(pieces: usize, piece: impl Fn(usize) -> String) -> usize {
    let mut decoder = EventDecoder::new();
    let mut events = 0;
    for at in 0..pieces {
        let piece = piece(at);
        decoder.push(format!("data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{piece}]}}}}]}}\n\n").as_bytes());
        events += std::iter::from_fn(|| decoder.next_event()).count();
    }
    events
}

/// With quadratic work this takes minutes: `tool_calls` of `cargo bench -p client-benches` measures it.
#[test]
fn many_pieces_of_tool_calls_without_an_index_are_decoded() {
    let calls = |at: usize| format!(r#"{{"id":"call-{at}","function":{{"name":"weather","arguments":"{{}}"}}}}"#);
    let one = |_| r#"{"function":{"name":"weather","arguments":"{\"a\":1,"}}"#.to_owned();
    for piece in [&calls as &dyn Fn(usize) -> String, &one] {
        assert_eq!(decode(60_000, piece), 60_000);
    }
}

#[tokio::test]
async fn a_fault_that_the_local_service_cannot_read_is_refused() {
    let (sim, _) = crate::setup::start().await;
    let url = format!("{}/client/v4/accounts/{}/ai/run/{}", sim.url(), sim.account(), Llama::ID);
    for (fault, cause) in [
        ("cod=3040", "unknown fault `cod`"),
        ("code=many", "`code` needs a number in range, got `many`"),
        ("status=99", "`status` needs an HTTP status, got `99`"),
        ("latency=5; cut=-1", "`cut` needs a number in range, got `-1`"),
    ] {
        let request = reqwest::Client::new().post(&url).bearer_auth(sim.token()).header("x-sim-fault", fault);
        let response = request.body(r#"{"prompt":"hello"}"#).send().await.expect("a response");
        assert_eq!(response.status(), 400, "{fault}");
        assert_eq!(response.text().await.expect("text"), format!("x-sim-fault: {cause}\n"));
    }
}

#[tokio::test]
async fn the_local_service_refuses_as_many_texts_as_the_service_does() {
    let (sim, _) = crate::setup::start().await;
    let url = format!("{}/client/v4/accounts/{}/ai/run/{}", sim.url(), sim.account(), Bge::ID);
    for (texts, status) in [(100, 200), (101, 400)] {
        let body = serde_json::json!({ "text": vec!["a"; texts] }).to_string();
        let request = reqwest::Client::new().post(&url).bearer_auth(sim.token()).body(body);
        assert_eq!(request.send().await.expect("a response").status(), status, "{texts}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_costs_neither_an_answer_nor_the_code_of_a_refusal() {
    let refusal = "\u{feff}{\"errors\":[{\"code\":3030,\"message\":\"flagged\"}],\"success\":false}";
    let answer = "\u{feff}{\"result\":{\"response\":\"hello\"},\"success\":true}";
    let transport = MockTransport::new().json(answer).json(refusal).response(
        StatusCode::BAD_REQUEST,
        "application/json",
        [refusal],
    );
    let ai = WorkersAi::with_transport(transport);
    let call = || ai.run(Llama, Llama::input().prompt("hello"));
    assert_eq!(call().await.expect("an answer").text(), "hello");
    for _ in 0..2 {
        assert_eq!(call().await.expect_err("a refusal").code(), Some(3030.into()));
    }
}
