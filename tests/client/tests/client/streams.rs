//! Streams of events and bytes.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use serde_json::json;
use workers_ai::{
    Error, Event,
    chat::{FinishReason, Tool},
    error::StreamErrorKind,
    prelude::*,
    transport::MockTransport,
};
use workers_ai_sim::Fault;

use crate::{
    models::{Kimi, Llama},
    setup::start,
};

const QUESTION: &str = "Why is the sky blue?";

#[tokio::test]
async fn both_forms_give_the_same_events() {
    let (_sim, ai) = start().await;
    let whole = ai.run(Llama, Llama::input().messages([user(QUESTION)])).await.expect("a reply");
    let mut words = ai.stream(Llama, Llama::input().messages([user(QUESTION)])).await.expect("a stream");
    let mut events = Vec::new();
    while let Some(event) = words.next().await {
        events.push(event.expect("an event"));
    }
    let text: String = events.iter().map(Event::text).collect();
    assert_eq!(text, whole.text());
    assert!(events.len() > 10);
    assert!(matches!(events[events.len() - 2], Event::Usage(_)));
    assert_eq!(events.last(), Some(&Event::Finish(FinishReason::Stop)));
    assert!(words.next().await.is_none());
    assert_eq!(words.meta().usage.as_ref(), whole.usage());

    let reply = ai.stream(Kimi, Kimi::input().messages([user(QUESTION)])).await.expect("a stream");
    let reply = reply.collect().await.expect("a reply");
    assert_eq!(reply.text, *whole.text());
    assert!(reply.reasoning.contains(QUESTION));
    assert_eq!(reply.finish_reason, Some(FinishReason::Stop));
    assert!(reply.usage.is_some());
}

#[tokio::test]
async fn the_text_alone_is_a_stream_too() {
    let (_sim, ai) = start().await;
    let words = ai.stream(Kimi, Kimi::input().messages([user(QUESTION)])).await.expect("a stream");
    let text: String = words.into_text_stream().try_collect().await.expect("text");
    assert!(text.contains(QUESTION));
}

#[tokio::test]
async fn calls_of_tools_come_whole() {
    let (_sim, ai) = start().await;
    let weather = || {
        let place = json!({ "type": "object", "properties": { "place": { "type": "string", "description": "a town" } }, "required": ["place"] });
        Tool::function("weather", "The weather at a place", place)
    };
    let native = Llama::input().messages([user("How is the weather in Lisbon?")]).tools([weather()]);
    let openai = Kimi::input().messages([user("How is the weather in Lisbon?")]).tools([weather()]);
    let native = ai.stream(Llama, native).await.expect("a stream").collect().await.expect("a reply");
    let openai = ai.stream(Kimi, openai).await.expect("a stream").collect().await.expect("a reply");
    for reply in [native, openai] {
        assert_eq!(reply.tool_calls.len(), 1);
        assert_eq!(reply.tool_calls[0].name, "weather");
        assert_eq!(reply.tool_calls[0].arguments, json!({ "place": "Lisbon" }));
        assert_eq!(reply.finish_reason, Some(FinishReason::ToolCalls));
    }
}

#[tokio::test]
async fn a_cut_stream_says_so_and_keeps_what_came() {
    let (sim, ai) = start().await;
    for fault in [Fault::cut(3), Fault::reset()] {
        sim.fail_next(fault);
        let words = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect("a stream");
        let error = words.collect().await.expect_err("cut");
        let Error::Stream(cut) = &error else { panic!("{error}") };
        assert_eq!(cut.kind, StreamErrorKind::Truncated);
        assert!(cut.text.starts_with("You asked"), "{}", cut.text);
        assert!(error.is_retryable());
    }
    assert_eq!(sim.request_count(), 2);
}

#[tokio::test]
async fn what_came_before_an_error_can_be_had() {
    let (sim, ai) = start().await;
    for fault in [Fault::late_code(3040), Fault::cut(3)] {
        sim.fail_next(fault);
        let words = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect("a stream");
        let (reply, end) = words.collect_partial().await;
        assert!(!reply.text.is_empty(), "{reply:?}");
        end.expect_err("it ended early");
    }
    let words = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect("a stream");
    let (reply, end) = words.collect_partial().await;
    end.expect("it is whole");
    assert_eq!(reply.finish_reason, Some(FinishReason::Stop));
}

#[tokio::test]
async fn an_error_in_the_middle_ends_the_stream_and_is_not_tried_again() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::late_code(3040));
    let mut words = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect("a stream");
    assert!(words.next().await.expect("an event").is_ok());
    let error = words.next().await.expect("an error").expect_err("an error");
    assert_eq!(error.code().map(workers_ai::ErrorCode::as_u32), Some(3040));
    assert!(words.next().await.is_none());
    assert_eq!(sim.request_count(), 1);
}

#[tokio::test]
async fn a_stream_that_never_began_is_tried_again() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::code(3040));
    let words = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect("a stream");
    assert_eq!(words.meta().attempts, 2);
    assert!(words.collect().await.is_ok());
    assert_eq!(sim.request_count(), 2);
}

#[tokio::test]
async fn a_stream_that_began_is_not_paid_for_twice_unless_that_is_asked_for() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::cut(0));
    let error = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect_err("nothing came");
    assert!(matches!(&error, Error::Stream(cut) if cut.kind == StreamErrorKind::Truncated), "{error}");
    assert!(error.is_retryable() && error.request_id().is_some());
    assert_eq!(sim.request_count(), 1);
    sim.fail_next(Fault::cut(0));
    let again = workers_ai::RetryPolicy::default().min_delay(Duration::from_millis(1)).retry_interrupted(true);
    let words = ai.stream(Llama, Llama::input().prompt(QUESTION)).retry(again).await.expect("a stream");
    assert_eq!(words.meta().attempts, 2);
}

#[tokio::test]
async fn a_whole_answer_in_place_of_a_stream_is_not_asked_for_again() {
    let (sim, ai) = start().await;
    for model in ["native", "openai"] {
        sim.fail_next(Fault::no_stream());
        let words = match model {
            "native" => ai.stream(Llama, Llama::input().messages([user(QUESTION)])).await,
            _ => ai.stream(Kimi, Kimi::input().messages([user(QUESTION)])).await,
        };
        let reply = words.expect("a stream").collect().await.expect("a reply");
        assert!(reply.text.contains(QUESTION));
        assert!(reply.usage.is_some());
        assert_eq!(reply.finish_reason, Some(FinishReason::Stop));
    }
    assert_eq!(sim.request_count(), 2);
}

#[tokio::test]
async fn events_come_while_the_answer_is_made() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::drip(Duration::from_millis(20)));
    let start = Instant::now();
    let mut words = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect("a stream");
    assert!(words.next().await.is_some());
    let first = start.elapsed();
    words.collect().await.expect("a reply");
    assert!(first < start.elapsed() / 2, "{first:?} of {:?}", start.elapsed());
}

#[tokio::test]
async fn a_service_that_falls_silent_is_given_up() {
    let sim = workers_ai_sim::Sim::start().await.expect("a free port");
    let builder = workers_ai::WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token());
    let ai = builder.read_timeout(Duration::from_millis(100)).retry(workers_ai::RetryPolicy::never()).build();
    let ai = ai.expect("a client");
    for _ in 0..2 {
        sim.fail_next(Fault::drip(Duration::from_secs(30)));
    }
    let error = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect_err("silence");
    assert!(
        matches!(&error, Error::Transport(error) if error.kind == workers_ai::error::TransportErrorKind::Interrupted),
        "{error}"
    );
    let error = ai.run(Llama, Llama::input().prompt(QUESTION)).await.expect_err("silence");
    assert!(
        matches!(&error, Error::Transport(error) if error.kind == workers_ai::error::TransportErrorKind::Interrupted),
        "{error}"
    );
}

#[tokio::test]
async fn a_stream_that_does_not_begin_in_time_is_given_up() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::latency(Duration::from_secs(30)));
    sim.fail_next(Fault::latency(Duration::from_secs(30)));
    let call = ai.stream(Llama, Llama::input().prompt(QUESTION)).timeout(Duration::from_millis(50));
    let error = call.retry(workers_ai::RetryPolicy::never()).await.expect_err("too late");
    assert!(
        matches!(&error, Error::Transport(error) if error.kind == workers_ai::error::TransportErrorKind::Timeout),
        "{error}"
    );
}

#[tokio::test]
async fn the_limit_of_tokens_is_seen() {
    let (_sim, ai) = start().await;
    let openai = || Kimi::input().messages([user(QUESTION)]).max_completion_tokens(3);
    let native = || Llama::input().messages([user(QUESTION)]).max_tokens(3);
    // One model names the finish reason, the other only used all tokens that it was allowed.
    let words = [ai.stream(Kimi, openai()).await, ai.stream(Llama, native()).await];
    for words in words {
        let reply = words.expect("a stream").collect().await.expect("a reply");
        assert_eq!(reply.finish_reason, Some(FinishReason::Length));
    }
    let openai = ai.run(Kimi, openai()).await.expect("a reply");
    let native = ai.run(Llama, native()).await.expect("a reply");
    assert_eq!(openai.meta.finish_reason, Some(FinishReason::Length));
    assert_eq!(native.meta.finish_reason, Some(FinishReason::Length));
    assert_eq!(ai.run(Llama, Llama::input().prompt(QUESTION)).await.expect("a reply").meta.finish_reason, None);
}

#[tokio::test]
async fn a_stream_is_handed_on_as_it_comes() {
    let (sim, ai) = start().await;
    for plain in [false, true] {
        if plain {
            sim.fail_next(Fault::no_stream());
        } else {
            sim.fail_next(Fault::drip(Duration::from_millis(1)));
        }
        let words = ai.stream(Kimi, Kimi::input().messages([user(QUESTION)])).await.expect("a stream");
        let seen = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
        let see = seen.clone();
        let forwarded = words.forward(move |event| see.lock().expect("no panic").push_str(event.text()));
        let bytes: Vec<bytes::Bytes> = forwarded.try_collect().await.expect("bytes");

        // The receiver of the bytes decodes the same text.
        let mut decoder = workers_ai::stream::EventDecoder::new();
        for bytes in &bytes {
            decoder.push(bytes);
        }
        decoder.finish();
        let events: Vec<Event> =
            std::iter::from_fn(|| decoder.next_event()).collect::<Result<_, _>>().expect("a whole stream");
        let text: String = events.iter().map(Event::text).collect();
        assert!(text.contains(QUESTION));
        assert_eq!(*seen.lock().expect("no panic"), text);
        assert_eq!(events.last(), Some(&Event::Finish(FinishReason::Stop)));
    }
    sim.fail_next(Fault::cut(4));
    let words = ai.stream(Kimi, Kimi::input().messages([user(QUESTION)])).await.expect("a stream");
    let results: Vec<_> = futures_util::StreamExt::collect(words.forward(|_| {})).await;
    assert!(results.last().expect("an error").is_err());
    assert!(results[0].is_ok());
}

#[tokio::test]
async fn dropping_a_stream_closes_the_connection() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let closed = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut request = vec![0; 64 * 1024];
        let _ = socket.read(&mut request).await.expect("a request");
        let event = "data: {\"response\":\"a\"}\n\n";
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        socket.write_all(format!("{head}{:x}\r\n{event}\r\n", event.len()).as_bytes()).await.expect("sent");
        // The other side is idle until it goes away.
        socket.read(&mut request).await.map_or(0, |read| read)
    });
    let ai = workers_ai::WorkersAi::builder().base_url(url).account("a").token("t").build().expect("a client");
    let mut words = ai.stream(Llama, Llama::input().prompt(QUESTION)).await.expect("a stream");
    assert_eq!(words.next().await.expect("an event").expect("text").text(), "a");
    drop(words);
    let read = tokio::time::timeout(Duration::from_secs(5), closed).await.expect("closed").expect("no panic");
    assert_eq!(read, 0);
}

#[tokio::test]
async fn one_form_is_forwarded_whatever_the_model_speaks() {
    let native = "data: {\"response\":\"Hel\",\"p\":\"x\"}\n\ndata: {\"response\":\"lo\"}\n\ndata: [DONE]\n\n";
    let openai = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\ndata: [DONE]\n\n";
    for transcript in [native, openai] {
        let ai = WorkersAi::with_transport(MockTransport::new().events(transcript));
        let events = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
        let bytes: Vec<bytes::Bytes> = events.forward_as_openai(|_| {}).try_collect().await.expect("a stream");
        let text = String::from_utf8(bytes.concat()).expect("text");
        let mut said = String::new();
        for data in text.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| *data != "[DONE]") {
            let chunk: serde_json::Value = serde_json::from_str(data).expect("JSON");
            assert_eq!(chunk["object"], "chat.completion.chunk", "{data}");
            said += chunk["choices"][0]["delta"]["content"].as_str().unwrap_or_default();
        }
        assert_eq!(said, "Hello", "{text}");
        assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
    }
}
