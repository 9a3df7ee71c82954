//! The decoder of streams: real transcripts cut at every byte, and arbitrary bytes.

use proptest::prelude::*;
use workers_ai::{
    Event,
    error::StreamErrorKind,
    stream::{EventDecodeError, EventDecoder},
};

type Decoded = Vec<Result<Event, EventDecodeError>>;

fn decode(pieces: &[&[u8]]) -> Decoded {
    let mut decoder = EventDecoder::new();
    let mut events = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        events.extend(std::iter::from_fn(|| decoder.next_event()));
    }
    decoder.finish();
    events.extend(std::iter::from_fn(|| decoder.next_event()));
    assert!(decoder.is_over());
    events
}

/// A short form of an event, so that expectations are readable.
fn names(events: &Decoded) -> Vec<String> {
    let name = |event: &Result<Event, EventDecodeError>| match event {
        Ok(Event::Text(text)) => format!("text {text}"),
        Ok(Event::Reasoning(text)) => format!("reasoning {text}"),
        Ok(Event::ToolCallDelta(delta)) => format!("delta {} {}", delta.index, delta.arguments),
        Ok(Event::ToolCall(call)) => format!("call {} {}", call.name, call.arguments),
        Ok(Event::Usage(usage)) => format!("usage {}", usage.total_tokens),
        Ok(Event::Finish(reason)) => format!("finish {}", reason.as_str()),
        Ok(other) => format!("{other:?}"),
        Err(EventDecodeError::Service(_)) => "service error".to_owned(),
        Err(EventDecodeError::Stream(kind)) => format!("{kind:?}"),
        Err(other) => format!("{other:?}"),
    };
    events.iter().map(name).collect()
}

/// Returns what is decoded, and checks that it is the same however the transcript is cut: at any byte, at any two neighbouring bytes, at all bytes.
fn decoded(transcript: &str) -> Vec<String> {
    let bytes = transcript.as_bytes();
    let whole = decode(&[bytes]);
    for cut in 0..bytes.len() {
        assert_eq!(decode(&[&bytes[..cut], &bytes[cut..]]), whole, "cut at {cut}");
        let next = (cut + 1).min(bytes.len());
        assert_eq!(decode(&[&bytes[..cut], &bytes[cut..next], &bytes[next..]]), whole, "cut around {cut}");
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(decode(&single), whole, "byte by byte");
    names(&whole)
}

#[test]
fn the_older_form() {
    let transcript = concat!(
        "data: {\"response\":\"Blau\",\"p\":\"abcdefgh\"}\n\n",
        "data: {\"response\":\" – größer\",\"p\":\"ab\"}\n\n",
        "data: {\"response\":4,\"p\":\"ab\"}\n\n",
        "data: {\"response\":null,\"p\":\"ab\"}\n\n",
        "data: {\"response\":{\"a\":1}}\n\n",
        "data: {\"response\":\"\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}\n\n",
        "data: [DONE]\n\n",
    );
    assert_eq!(
        decoded(transcript),
        ["text Blau", "text  – größer", "text 4", "text {\"a\":1}", "usage 7", "finish stop"]
    );
}

#[test]
fn the_older_form_with_calls() {
    let transcript = concat!(
        "data: {\"response\":null,\"tool_calls\":[{\"name\":\"weather\",\"arguments\":{\"place\":\"Lisbon\"}}]}\n\n",
        "data: {\"response\":null,\"tool_calls\":[{\"name\":null,\"arguments\":null}]}\n\n",
        "data: [DONE]\n\n",
    );
    assert_eq!(decoded(transcript), ["call weather {\"place\":\"Lisbon\"}", "finish tool_calls"]);
}

#[test]
fn the_newer_form() {
    let transcript = concat!(
        ": keep-alive\r\n\r\n",
        "data:{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}\r\n\r\n",
        "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\r\n\r\n",
        "data: {\"choices\":[{\"delta\":{\"reasoning\":\", yes\"}}]}\r\n\r\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"blue \\\"sky\\\"\"}}]}\r\n\r\n",
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\r\n\r\n",
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":1}}}\r\n\r\n",
        "data: [DONE]\r\n\r\n",
    );
    let events = ["reasoning hm", "reasoning , yes", "text blue \"sky\"", "usage 3", "finish length"];
    assert_eq!(decoded(transcript), events);
}

#[test]
fn calls_in_pieces_are_put_together() {
    let transcript = concat!(
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c0\",\"type\":\"function\",\"function\":{\"name\":\"a\",\"arguments\":\"\"}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"c1\",\"function\":{\"name\":\"b\",\"arguments\":\"{\\\"x\\\"\"}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\":1}\"}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":null,\"type\":null,\"function\":{\"name\":null,\"arguments\":null}}]},\"finish_reason\":\"tool_calls\"}]}\n\n",
        "data: [DONE]\n\n",
    );
    let events = decoded(transcript);
    assert_eq!(events[events.len() - 3..], ["call a {}", "call b {\"x\":1}", "finish tool_calls"]);
}

#[test]
fn the_responses_form() {
    let transcript = concat!(
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{}}\n\n",
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"blue\"}\n\n",
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3}}}\n\n",
    );
    let events = decoded(transcript);
    assert!(events[0].starts_with("Unknown"));
    assert_eq!(events[1..], ["text blue", "usage 3", "finish stop"]);
}

#[test]
fn the_end_has_many_forms() {
    let head = "data: {\"response\":\"a\"}\n\n";
    for end in ["data: [DONE]\n\n", "data:[DONE]\n\n", "[DONE]\n\n", "data: [DONE]", "[DONE]", "data: [DONE]\r\r"] {
        assert_eq!(decoded(&format!("{head}{end}")), ["text a", "finish stop"], "{end:?}");
    }
    // Two events without an empty line between them, and none at the end.
    assert_eq!(
        decoded("data: {\"response\":\"a\"}\ndata: {\"response\":\"b\"}\ndata: [DONE]"),
        ["text a", "text b", "finish stop"]
    );
    // Data of several lines.
    assert_eq!(decoded("data: {\"response\":\ndata: \"a\"}\n\ndata: [DONE]\n\n"), ["text a", "finish stop"]);
    // A finish reason without `[DONE]` is an end, too.
    assert_eq!(decoded("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"), ["finish stop"]);
}

#[test]
fn what_is_cut_off_says_so() {
    assert_eq!(decoded(""), ["Truncated"]);
    assert_eq!(decoded("data: {\"response\":\"a\"}\n\n"), ["text a", "Truncated"]);
    assert_eq!(decoded("data: {\"response\":\"a\"}\n\ndata: {\"resp"), ["text a", "Truncated"]);
    let usage = "data: {\"response\":\"\",\"usage\":{\"total_tokens\":7}}\n\n";
    assert_eq!(decoded(usage), ["usage 7", "Truncated"]);
}

#[test]
fn errors_in_the_middle_end_it() {
    for error in [
        "{\"errors\":[{\"code\":3040,\"message\":\"x\"}],\"success\":false}",
        "{\"error\":{\"message\":\"x\"}}",
        "{\"error\":\"x\"}",
        "{\"type\":\"error\",\"message\":\"x\"}",
        "{\"type\":\"response.failed\",\"response\":{}}",
        "{\"code\":3040,\"message\":\"x\"}",
        "{\"internalCode\":3040,\"description\":\"x\"}",
        "{\"success\":false}",
        "{\"error\":{\"message\":\"x\"},\"usage\":[]}",
    ] {
        let transcript = format!("data: {{\"response\":\"a\"}}\n\ndata: {error}\n\ndata: {{\"response\":\"b\"}}\n\n");
        assert_eq!(decoded(&transcript), ["text a", "service error"], "{error}");
    }
    let named = "data: {\"response\":\"a\"}\n\nevent: error\ndata: {\"code\":3040}\n\ndata: {\"response\":\"b\"}\n\n";
    assert_eq!(decoded(named), ["text a", "service error"]);
    // Text without events is not a stream.
    for none in ["\"errors\":[],\"error\":null", "\"error\":false", "\"error\":\"\"", "\"success\":true,\"error\":{}"] {
        let none = format!("data: {{\"response\":\"a\",{none}}}\n\n[DONE]\n");
        assert_eq!(decoded(&none), ["text a", "finish stop"]);
    }
}

#[test]
fn a_member_of_an_odd_type_costs_nothing_else() {
    for odd in [
        "\"response\":\"a\",\"usage\":[1]",
        "\"response\":\"a\",\"tool_calls\":{}",
        "\"response\":\"a\",\"type\":5",
        "\"response\":\"a\",\"choices\":{}",
        "\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":5}]",
        "\"choices\":[{\"delta\":{\"content\":\"a\",\"reasoning\":[]}}]",
        "\"choices\":[{\"delta\":{\"content\":\"a\",\"tool_calls\":{}}},5]",
        "\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":\"none\"",
    ] {
        assert_eq!(decoded(&format!("data: {{{odd}}}\n\ndata: [DONE]\n\n")), ["text a", "finish stop"], "{odd}");
    }
    let unknown = decoded("data: {\"usage\":[1]}\n\ndata: [DONE]\n\n");
    assert!(unknown[0].starts_with("Unknown"), "{unknown:?}");
}

#[test]
fn calls_without_an_index_stay_apart() {
    let calls = |pieces: &[&str]| {
        let piece =
            |piece: &&str| format!("data: {{\"choices\":[{{\"delta\":{{\"tool_calls\":[{{{piece}}}]}}}}]}}\n\n");
        let events = decoded(&(pieces.iter().map(piece).collect::<String>() + "data: [DONE]\n\n"));
        events.into_iter().filter(|event| event.starts_with("call")).collect::<Vec<_>>()
    };
    let by_id = [
        "\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}",
        "\"function\":{\"arguments\":\"}\"}",
        "\"id\":\"2\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}",
        "\"id\":\"2\",\"function\":{\"arguments\":\"1}\"}",
    ];
    assert_eq!(calls(&by_id), ["call f {}", "call f {\"x\":1}"]);
    let by_name = [
        "\"function\":{\"name\":\"f\",\"arguments\":\"{\"}",
        "\"function\":{\"name\":\"f\",\"arguments\":\"}\"}",
        "\"function\":{\"name\":\"g\"}",
        "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}",
        "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}",
    ];
    assert_eq!(calls(&by_name), ["call f {}", "call g {}", "call f {}", "call f {}"]);
}

#[test]
fn a_push_may_be_larger_than_any_frame() {
    let transcript = format!("data: {{\"response\":\"{}\"}}\n\n", "a".repeat(1 << 20)).repeat(20) + "data: [DONE]\n\n";
    let events = decode(&[transcript.as_bytes()]);
    assert_eq!(events.len(), 21);
    assert!(events.iter().all(Result::is_ok));
    let large = format!("data: {}", "a".repeat(17 << 20));
    assert_eq!(names(&decode(&[large.as_bytes()])), ["TooLarge"]);
}

#[test]
fn a_whole_answer_is_one_or_a_fault() {
    let whole = |body: &str| {
        let mut decoder = EventDecoder::new();
        decoder.complete(body.as_bytes());
        names(&std::iter::from_fn(|| decoder.next_event()).collect())
    };
    assert_eq!(whole("{\"response\":\"a\"}"), ["text a", "finish stop"]);
    assert_eq!(whole("{\"response\":\"\",\"usage\":{\"total_tokens\":7}}"), ["usage 7", "finish stop"]);
    assert_eq!(whole("{}"), ["InvalidJson(\"{}\")"]);
    assert_eq!(whole("null"), ["InvalidJson(\"null\")"]);
    assert_eq!(whole("{\"error\":{\"message\":\"x\"},\"usage\":{\"total_tokens\":7}}"), ["service error"]);
}

#[test]
fn what_is_not_json_is_kept_and_what_is_not_known_is_handed_over() {
    let events = decode(&[b"data: <html>\n\n"]);
    assert_eq!(events, [Err(EventDecodeError::Stream(StreamErrorKind::InvalidJson("<html>".to_owned())))]);
    let events = decoded("data: {\"news\":1}\n\ndata: 5\n\ndata: [DONE]\n\n");
    assert_eq!(events.len(), 3);
    assert!(events[0].contains("news") && events[1].starts_with("Unknown"), "{events:?}");
}

/// Pieces of transcripts, whole and broken.
fn fragment() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"data: {\"response\":\"a\"}\n\n".to_vec()),
        Just(b"data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\r\n\r\n".to_vec()),
        Just(b"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":18446744073709551615}]}}]}\n\n".to_vec()),
        Just(b"data: [DONE]\n\n".to_vec()),
        Just(b"data: {\"usage\":{\"total_tokens\":-1e300}}\n\n".to_vec()),
        Just(b": \xff\xfe\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #[test]
    fn nothing_makes_it_panic_and_cuts_do_not_matter(
        fragments in prop::collection::vec(fragment(), 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let bytes: Vec<u8> = fragments.concat();
        let whole = decode(&[&bytes]);
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        at.sort_unstable();
        let mut pieces: Vec<&[u8]> = Vec::new();
        let mut start = 0;
        for cut in at {
            pieces.push(&bytes[start..cut]);
            start = cut;
        }
        pieces.push(&bytes[start..]);
        prop_assert_eq!(decode(&pieces), whole);
    }
}
