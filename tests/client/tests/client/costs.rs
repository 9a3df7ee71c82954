//! The cost of calls, estimated before they are made. The numbers are computed by hand from the catalog's prices.

use std::time::Duration;

use workers_ai::{
    billing::{ApproximateCounter, Meter, estimate},
    chat::Usage,
    gateway::Gateway,
    prelude::*,
};

use crate::{
    models::{Aura, Bge, Flux, Flux2, Llama, Nova, Sdxl},
    setup::start,
};

#[workers_ai_model("@cf/leonardo/lucid-origin")]
pub struct Lucid;

#[workers_ai_model("@cf/leonardo/phoenix-1.0")]
pub struct Phoenix;

#[workers_ai_model("@cf/openai/whisper")]
pub struct Whisper;

#[workers_ai_model("@cf/openai/whisper-large-v3-turbo")]
pub struct Turbo;

#[workers_ai_model("@cf/myshell-ai/melotts")]
pub struct Melo;

#[workers_ai_model("@cf/microsoft/resnet-50")]
pub struct Resnet;

/// Returns the maximum cost in billionths of a dollar.
fn billionths<M: Model>(model: M, input: impl Request<M>) -> Option<f64> {
    let estimate = estimate(model, &input.into_input(), &ApproximateCounter).expect("an input that can be written");
    estimate.max_cost.map(|cost| (cost.usd() * 1e9).round())
}

/// Thirty seconds of silence, 8,000 samples of two bytes a second.
fn silence() -> Vec<u8> {
    let mut wav = b"RIFF\x24\x53\x07\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
    wav.extend(480_000_u32.to_le_bytes());
    wav.resize(44 + 480_000, 0);
    wav
}

#[test]
fn an_image_costs_its_tiles_and_steps() {
    let lucid = || Lucid::input().prompt("a lighthouse").num_steps(10);
    // 1120 by 1120 pixels, the schema's default: 3 times 3 tiles of 0.007, 10 steps of 0.000132.
    assert_eq!(billionths(Lucid, lucid()), Some(64_320_000.0));
    // 512 by 1120: 3 tiles.
    assert_eq!(billionths(Lucid, lucid().width(512)), Some(22_320_000.0));
    // 1024 by 1024: 4 tiles of 0.00583, 25 steps of 0.00011.
    assert_eq!(billionths(Phoenix, Phoenix::input().prompt("a lighthouse").num_steps(25)), Some(26_070_000.0));
    // The schema of this model has no default size.
    let flux = || Flux::input().prompt("a lighthouse").num_steps(4);
    assert_eq!((Flux::INFO.image_size, billionths(Flux, flux())), (None, None));
    // 4 tiles of 0.0000528, 4 steps of 0.0001056.
    assert_eq!(billionths(Flux, flux().extra("width", 1024).extra("height", 1024)), Some(633_600.0));
    // No price is recorded for this one; its form is read all the same.
    let flux2 = Flux2::input().prompt("a lighthouse at dusk").num_steps(10).width(512).build();
    let estimate = estimate(Flux2, &flux2, &ApproximateCounter).expect("an estimate");
    assert_eq!((estimate.input_tokens, estimate.max_cost), (5, None));
    // The catalog's price is zero.
    assert_eq!(billionths(Sdxl, Sdxl::input().prompt("a lighthouse").num_steps(20)), Some(0.0));
}

#[test]
fn a_recording_costs_its_minutes_where_its_header_says_them() {
    // Half a minute each, of 0.000453, 0.000513 and 0.0052.
    assert_eq!(billionths(Whisper, Whisper::input().audio(silence())), Some(226_500.0));
    assert_eq!(billionths(Turbo, Turbo::input().audio(silence())), Some(256_500.0));
    assert_eq!(billionths(Nova, Nova::input().audio(silence())), Some(2_600_000.0));
    assert_eq!(billionths(Nova, Nova::input().audio(b"ID3\x04 an MP3")), None);
    // The length of the speech is unknown.
    assert_eq!(billionths(Melo, Melo::input().prompt("a lighthouse")), None);
}

#[test]
fn characters_requests_and_tokens_have_their_prices() {
    // Half of 0.03.
    assert_eq!(billionths(Aura, Aura::input().text("a".repeat(500))), Some(15_000_000.0));
    assert_eq!(billionths(Resnet, Resnet::input().image(b"\xff\xd8\xff a picture")), Some(2_510.0));
    // 2 tokens of 0.293 a million, at most 100 of 2.253 a million.
    assert_eq!(billionths(Llama, Llama::input().prompt("12345678").max_tokens(100)), Some(225_886.0));
}

#[test]
fn a_meter_adds_what_was_estimated() {
    let meter = Meter::new();
    let input = Phoenix::input().prompt("a lighthouse").num_steps(25).build();
    let cost = estimate(Phoenix, &input, &ApproximateCounter).expect("an estimate").max_cost;
    meter.add_cost(Phoenix, cost);
    meter.add_cost(Phoenix, cost);
    meter.add_cost(Melo, None);
    let taken = meter.by_model();
    let phoenix = taken[Phoenix::ID];
    assert_eq!((phoenix.calls, phoenix.cost, phoenix.estimated), (2, cost.map(|cost| cost + cost), phoenix.cost));
    assert_eq!((taken[Melo::ID].calls, taken[Melo::ID].cost), (1, None));
    // Twice 0.02607.
    assert_eq!(
        meter.to_string(),
        "@cf/leonardo/phoenix-1.0: 2 calls, 0.052140 USD (4740.0 neurons)\n\
         @cf/myshell-ai/melotts: 1 call, no price known\n\
         total 0.052140 USD (4740.0 neurons)"
    );
}

#[test]
fn a_meter_loses_nothing_between_threads() {
    let meter = Meter::new();
    let usage =
        workers_ai::chat::Usage { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, ..Default::default() };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..1_000).for_each(|_| meter.add_usage(Llama, usage)));
        }
    });
    let taken = meter.by_model()[Llama::ID];
    assert_eq!((taken.calls, taken.usage.prompt_tokens, taken.usage.total_tokens), (8_000, 24_000, 40_000));
}

#[tokio::test]
async fn what_a_cache_answered_took_nothing() {
    let (_sim, ai) = start().await;
    let gateway = || Gateway::new("shop").cache_ttl(Duration::from_secs(60 * 60));
    let meter = Meter::new();
    let mut usage = None;
    for _ in 0..3 {
        let reply = ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway()).await.expect("a reply");
        usage = usage.or(reply.meta.usage);
        meter.add(Llama, &reply.meta);
    }
    let taken = meter.by_model()[Llama::ID];
    assert_eq!((taken.calls, taken.cached, Some(taken.usage)), (3, 2, usage));
    assert!(meter.to_string().contains(": 3 calls, 2 from the cache, "), "{meter}");
}

#[test]
fn a_meter_adds_tokens_alone() {
    let meter = Meter::new();
    let usage = Usage { prompt_tokens: 1_000_000, total_tokens: 1_000_000, ..Usage::default() };
    meter.add_usage(Bge, usage);
    meter.add_usage(Bge, Some(usage));
    meter.add_usage(Bge, None);
    let taken = meter.by_model()[Bge::ID];
    assert_eq!((taken.calls, taken.usage.prompt_tokens), (3, 2_000_000));
    assert!(taken.cost.is_some());
    // A sum too large to count is the largest.
    meter.add_usage(Bge, Usage { prompt_tokens: u64::MAX, ..Usage::default() });
    assert_eq!(meter.by_model()[Bge::ID].usage.prompt_tokens, u64::MAX);
}
