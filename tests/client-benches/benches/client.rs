//! The client against hand-written code: `cargo bench -p client-benches`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use workers_ai::{
    Event, Model, WorkersAi,
    codec::{Body, Decode, Encode},
    prelude::*,
    stream::EventDecoder,
};

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
struct Llama;

#[workers_ai_model("@cf/baai/bge-large-en-v1.5")]
struct Bge;

#[derive(Deserialize)]
struct ByHand {
    response: String,
    usage: UsageByHand,
}

#[derive(Deserialize)]
#[allow(clippy::struct_field_names, reason = "the service's own names")]
struct UsageByHand {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

/// With every member that our type has.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct AllByHand {
    response: Value,
    tool_calls: Option<Vec<CallByHand>>,
    usage: Option<AllUsageByHand>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only read")]
struct CallByHand {
    name: String,
    arguments: Value,
}

#[derive(Deserialize)]
#[allow(dead_code, clippy::struct_field_names, reason = "only read; the service's own names")]
struct AllUsageByHand {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
    prompt_tokens_details: Option<DetailsByHand>,
    completion_tokens_details: Option<DetailsByHand>,
}

#[derive(Deserialize)]
#[allow(dead_code, clippy::struct_field_names, reason = "only read; the service's own names")]
struct DetailsByHand {
    cached_tokens: Option<u64>,
    reasoning_tokens: Option<u64>,
    audio_tokens: Option<u64>,
}

#[derive(Serialize)]
struct InputByHand {
    messages: Vec<MessageByHand>,
    max_tokens: u32,
    temperature: f64,
}

#[derive(Serialize)]
struct MessageByHand {
    role: &'static str,
    content: String,
}

const WORDS: &str = "the tide comes in at six and the lamp is lit \u{2013} every evening, \"always\".\n";

fn decode(c: &mut Criterion) {
    let text = WORDS.repeat(20);
    let usage = json!({ "prompt_tokens": 20, "completion_tokens": 300, "total_tokens": 320 });
    let body = json!({ "response": text, "usage": usage }).to_string().into_bytes();
    let mut group = c.benchmark_group("decode a chat answer");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("workers-ai", |b| {
        b.iter(|| <Llama as Model>::Output::decode(Some("application/json"), black_box(&body)).expect("an answer"));
    });
    group.bench_function("serde by hand", |b| {
        b.iter(|| {
            let answer: ByHand = serde_json::from_slice(black_box(&body)).expect("an answer");
            let usage = &answer.usage;
            black_box((usage.prompt_tokens, usage.completion_tokens, usage.total_tokens));
            answer.response
        });
    });
    group.bench_function("serde by hand, every member", |b| {
        b.iter(|| serde_json::from_slice::<AllByHand>(black_box(&body)).expect("an answer"));
    });
    group.finish();
}

fn encode(c: &mut Criterion) {
    let text = WORDS.repeat(20);
    let ours =
        Llama::input().messages([system("Be brief."), user(text.as_str())]).max_tokens(300).temperature(0.7).build();
    let by_hand = InputByHand {
        messages: vec![
            MessageByHand { role: "system", content: "Be brief.".to_owned() },
            MessageByHand { role: "user", content: text },
        ],
        max_tokens: 300,
        temperature: 0.7,
    };
    let mut group = c.benchmark_group("encode a chat input");
    group.bench_function("workers-ai", |b| {
        b.iter(|| match black_box(&ours).encode(&Llama.facts(), false) {
            Ok(Body::Json(json)) => json,
            _ => Vec::new(),
        });
    });
    group.bench_function("workers-ai, checked as well", |b| {
        b.iter(|| {
            black_box(&ours).check(&Llama.facts()).expect("valid");
            black_box(&ours).encode(&Llama.facts(), false)
        });
    });
    group.bench_function("serde by hand", |b| b.iter(|| serde_json::to_vec(black_box(&by_hand)).expect("JSON")));
    group.finish();
}

fn embeddings(c: &mut Criterion) {
    #[derive(Deserialize)]
    struct ByHand {
        data: Vec<Vec<f32>>,
    }
    let row = |row: u32| -> Vec<f64> { (0..1024).map(|at| f64::from(row * 1024 + at).sin()).collect() };
    let data: Vec<Vec<f64>> = (0..100).map(row).collect();
    let body = json!({ "shape": [100, 1024], "data": data, "pooling": "mean" }).to_string().into_bytes();
    let mut group = c.benchmark_group("decode 100 vectors of 1024");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.sample_size(30);
    group.bench_function("workers-ai", |b| {
        b.iter(|| <Bge as Model>::Output::decode(Some("application/json"), black_box(&body)).expect("vectors"));
    });
    group.bench_function("serde_json into Vec<Vec<f32>>", |b| {
        b.iter(|| serde_json::from_slice::<ByHand>(black_box(&body)).expect("vectors").data);
    });
    group.finish();
}

#[derive(Deserialize)]
struct Native {
    response: String,
}

#[derive(Deserialize)]
struct OpenAi {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Delta,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
}

/// A stream as it arrives from the network: chunks that end anywhere.
fn pieces(transcript: &str) -> Vec<Vec<u8>> {
    transcript.as_bytes().chunks(1400).map(<[u8]>::to_vec).collect()
}

fn streams(c: &mut Criterion) {
    let native: String = WORDS
        .repeat(50)
        .split_inclusive(' ')
        .map(|word| format!("data: {}\n\n", json!({ "response": word, "p": "abcdefghijklmnop" })))
        .chain(["data: [DONE]\n\n".to_owned()])
        .collect();
    let openai: String = WORDS
        .repeat(50)
        .split_inclusive(' ')
        .map(|word| {
            let choice = json!({ "index": 0, "delta": { "content": word }, "finish_reason": null });
            format!("data: {}\n\n", json!({ "id": "c", "object": "chat.completion.chunk", "choices": [choice] }))
        })
        .chain(["data: [DONE]\n\n".to_owned()])
        .collect();
    let mut group = c.benchmark_group("decode a stream");
    for (form, transcript) in [("native", native), ("openai", openai)] {
        let pieces = pieces(&transcript);
        group.throughput(Throughput::Bytes(transcript.len() as u64));
        group.bench_with_input(BenchmarkId::new("workers-ai", form), &pieces, |b, pieces| {
            b.iter(|| {
                let mut decoder = EventDecoder::new();
                let mut length = 0;
                for piece in pieces {
                    decoder.push(piece);
                    while let Some(Ok(event)) = decoder.next_event() {
                        length += event.text().len();
                        black_box::<Event>(event);
                    }
                }
                length
            });
        });
        group.bench_with_input(BenchmarkId::new("eventsource-stream + serde_json", form), &pieces, |b, pieces| {
            b.iter(|| {
                let bytes = stream::iter(pieces.iter().map(|piece| Ok::<_, std::io::Error>(piece.clone())));
                let events = bytes.eventsource().filter_map(|event| async {
                    let data = event.ok()?.data;
                    if data == "[DONE]" {
                        return None;
                    }
                    if form == "native" {
                        return serde_json::from_str::<Native>(&data).ok().map(|chunk| chunk.response);
                    }
                    serde_json::from_str::<OpenAi>(&data).ok()?.choices.pop()?.delta.content
                });
                futures_util::FutureExt::now_or_never(
                    events.fold(0, |length, text: String| async move { length + text.len() }),
                )
            });
        });
    }
    group.finish();
}

/// The time for a piece must not grow with their number.
fn tool_calls(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode pieces of tool calls without an index");
    for pieces in [1_000_u64, 10_000] {
        group.throughput(Throughput::Elements(pieces));
        group.bench_with_input(BenchmarkId::from_parameter(pieces), &pieces, |b, &pieces| {
            b.iter(|| {
                let mut decoder = EventDecoder::new();
                for at in 0..pieces {
                    let call =
                        json!({ "id": format!("call-{at}"), "function": { "name": "weather", "arguments": "{}" } });
                    let piece = json!({ "choices": [{ "delta": { "tool_calls": [call] } }] });
                    decoder.push(format!("data: {piece}\n\n").as_bytes());
                    while let Some(event) = decoder.next_event() {
                        black_box(event.is_ok());
                    }
                }
            });
        });
    }
    group.finish();
}

#[derive(Deserialize)]
struct Envelope {
    result: Answer,
}

#[derive(Deserialize)]
struct Answer {
    response: String,
}

fn calls(c: &mut Criterion) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let body = json!({ "result": { "response": WORDS.repeat(20) }, "success": true, "errors": [], "messages": [] })
        .to_string();
    let address = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answer = move || {
            let body = body.clone();
            async move { ([(http::header::CONTENT_TYPE, "application/json")], body) }
        };
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
        address
    });
    let ai =
        WorkersAi::builder().base_url(format!("http://{address}")).account("a").token("t").build().expect("a client");
    let bare = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("http://{address}/client/v4/accounts/a/ai/run/{}", Llama::ID);
    let mut group = c.benchmark_group("a call over HTTP");
    group.bench_function("workers-ai", |b| {
        b.iter(|| runtime.block_on(async { ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply") }));
    });
    group.bench_function("bare reqwest", |b| {
        b.iter(|| {
            runtime.block_on(async {
                let input = serde_json::to_vec(&json!({ "prompt": "hello" })).expect("JSON");
                let call = bare.post(&url).bearer_auth("t").header("content-type", "application/json").body(input);
                let bytes = call.send().await.expect("an answer").bytes().await.expect("a body");
                serde_json::from_slice::<Envelope>(&bytes).expect("an answer").result.response
            })
        });
    });
    group.finish();
}

criterion_group!(benches, decode, encode, embeddings, streams, tool_calls, calls);
criterion_main!(benches);
