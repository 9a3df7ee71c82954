//! Mutated responses: nothing that a server sends panics, loses its evidence, or depends on where its pieces end.
//!
//! The corpus is the real responses, and in `fuzz/` what once failed. `FUZZ_SECONDS` is the time for each test, one second unless set.

use std::{
    env, fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use http::StatusCode;
use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{TestError, TestRunner},
};
use workers_ai::{Error, Event, RetryPolicy, prelude::*, stream::EventDecoder, transport::MockTransport};

use crate::{
    models::{Bge, Kimi, Llama},
    replies,
};

/// A change of a text.
#[derive(Debug, Clone)]
enum Change {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, u8),
    Repeat(Index, u8, u8),
    /// Inserts a piece of another text.
    Splice(Index, Index, Index, u8),
}

fn change() -> impl Strategy<Value = Change> {
    let token = proptest::sample::select(
        [
            "\n",
            "\r",
            "\r\n\r\n",
            "data: ",
            "event: x\n",
            "[DONE]",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "null",
            "1e999",
            "-1",
            "\\u0000",
            "\u{feff}",
            ":",
            ",",
        ]
        .map(|token| token.as_bytes().to_vec())
        .to_vec(),
    );
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (any::<Index>(), prop_oneof![token, vec(any::<u8>(), 1..8)]).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, count)| Change::Remove(at, count)),
        (any::<Index>(), any::<u8>(), any::<u8>()).prop_map(|(at, size, count)| Change::Repeat(at, size, count)),
        (any::<Index>(), any::<Index>(), any::<Index>(), any::<u8>())
            .prop_map(|(at, other, from, size)| Change::Splice(at, other, from, size)),
    ]
}

fn changed(corpus: &[Vec<u8>], seed: Index, changes: Vec<Change>) -> Vec<u8> {
    let mut text = seed.get(corpus).clone();
    for change in changes {
        let at = |index: Index, text: &[u8]| index.index(text.len() + 1);
        match change {
            Change::Set(index, byte) => {
                let at = at(index, &text);
                if let Some(old) = text.get_mut(at) {
                    *old = byte;
                }
            }
            Change::Insert(index, bytes) => drop(text.splice(at(index, &text)..at(index, &text), bytes)),
            Change::Remove(index, count) => {
                let start = at(index, &text);
                text.drain(start..text.len().min(start + usize::from(count)));
            }
            Change::Repeat(index, size, count) => {
                let start = at(index, &text);
                let piece = text[start..text.len().min(start + usize::from(size))].repeat(usize::from(count));
                text.splice(start..start, piece);
            }
            Change::Splice(index, other, from, size) => {
                let other = other.get(corpus);
                let from = at(from, other);
                let piece = other[from..other.len().min(from + usize::from(size))].to_vec();
                text.splice(at(index, &text)..at(index, &text), piece);
            }
        }
    }
    text
}

/// Checks what once failed, the corpus, and then changes of the corpus until the time is over.
fn fuzz(name: &str, check: impl Fn(&[u8]) -> Result<(), TestCaseError>) {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz")).join(name);
    let failed = fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    for path in failed {
        let bytes = fs::read(&path).expect("a file");
        check(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let replies = replies::names().into_iter().flat_map(|name| replies::read(&name));
    let corpus: Vec<Vec<u8>> = replies.map(|reply| reply.body).collect();
    for text in &corpus {
        check(text).unwrap_or_else(|error| panic!("{}: {error}", String::from_utf8_lossy(text)));
    }
    let seconds = env::var("FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let (start, time) = (Instant::now(), Duration::from_secs(seconds));
    let mut cases = 0;
    while start.elapsed() < time {
        let config = ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() };
        let texts = (any::<Index>(), vec(change(), 0..12));
        let texts = texts.prop_map(|(seed, changes)| changed(&corpus, seed, changes));
        cases += config.cases;
        match TestRunner::new(config).run(&texts, |text| check(&text)) {
            Ok(()) => {}
            Err(TestError::Fail(why, text)) => {
                fs::create_dir_all(&folder).expect("a writable folder");
                let file = folder.join(format!(
                    "{:08x}",
                    text.iter().fold(7_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(*byte))
                ));
                fs::write(&file, &text).expect("a writable folder");
                panic!("{}: {why}\n{}", file.display(), String::from_utf8_lossy(&text));
            }
            Err(TestError::Abort(why)) => panic!("{why}"),
        }
    }
    println!("{name}: {cases} texts");
}

/// Decodes a stream whose pieces end after so many bytes.
fn decode(text: &[u8], size: usize) -> Vec<Result<Event, String>> {
    let mut decoder = EventDecoder::new();
    let mut events = Vec::new();
    let mut take = |decoder: &mut EventDecoder| {
        while let Some(event) = decoder.next_event() {
            events.push(event.map_err(|error| format!("{error:?}")));
        }
    };
    for piece in text.chunks(size.max(1)) {
        decoder.push(piece);
        take(&mut decoder);
    }
    decoder.finish();
    take(&mut decoder);
    events
}

#[test]
fn a_stream_is_the_same_wherever_its_pieces_end() {
    fuzz("stream", |text| {
        let whole = decode(text, text.len());
        prop_assert!(whole.len() <= text.len() + 4, "{} events of {} bytes", whole.len(), text.len());
        for size in [1, 3, 64] {
            prop_assert_eq!(&whole, &decode(text, size), "pieces of {}", size);
        }
        Ok(())
    });
}

/// Checks that an error keeps the body and can be read.
fn assert_evidence(error: &Error, text: &[u8]) -> Result<(), TestCaseError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if matches!(error.kind(), "api" | "gateway") {
        prop_assert_eq!(error.body(), Some(text));
    } else {
        // An unreadable result is told without its envelope.
        let body = error.body().unwrap_or_default();
        prop_assert!(text.windows(body.len().max(1)).any(|part| part == body) || body.is_empty(), "{}", error);
    }
    prop_assert!(error.to_string().chars().count() < 3_000, "a message that nobody reads: {}", error);
    Ok(())
}

#[test]
fn an_answer_is_read_or_kept() {
    fuzz("answer", |text| {
        let retry = RetryPolicy::never();
        let mock = || WorkersAi::with_transport(MockTransport::new().json(text.to_vec())).with_retry(retry);
        let errors = [
            mock().run(Llama, Llama::input().prompt("a")).into_future().now_or_never().expect("ready").err(),
            mock().run(Kimi, Kimi::input().messages([user("a")])).into_future().now_or_never().expect("ready").err(),
            mock().run(Bge, Bge::input().text("a")).into_future().now_or_never().expect("ready").err(),
        ];
        errors.iter().flatten().try_for_each(|error| assert_evidence(error, text))
    });
}

#[test]
fn a_refusal_keeps_its_body() {
    let statuses = [400, 401, 403, 404, 408, 413, 429, 500, 503, 520];
    fuzz("refusal", |text| {
        let status = statuses[text.len() % statuses.len()];
        let status = StatusCode::from_u16(status).expect("a status");
        let transport = MockTransport::new().response(status, "application/json", [text.to_vec()]);
        let ai = WorkersAi::with_transport(transport).with_retry(RetryPolicy::never());
        let call = ai.run(Llama, Llama::input().prompt("a")).into_future();
        let Some(Err(error)) = call.now_or_never() else { return Err(TestCaseError::fail("not refused")) };
        prop_assert!(matches!(error.kind(), "api" | "gateway") && !error.maybe_billed(), "{}", error);
        let _ = (error.retry_class(), error.advice());
        assert_evidence(&error, text)
    });
}
