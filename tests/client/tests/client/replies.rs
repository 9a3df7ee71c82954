//! Real responses of the service and of gateways, as files.
//!
//! A file starts with its source and the right behaviour, then `HTTP status`, headers, an empty line and the body; `=====` separates
//! responses to calls that follow each other.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::StatusCode;
use serde_json::{Value, json};
use workers_ai::{
    Error, ErrorClass, ErrorCode, RetryClass, RetryPolicy, WorkersAi,
    chat::{ChatReply, ToolBox, ToolCall, user},
    transport::{Input, MockTransport},
};

use crate::models::{Bge, Kimi, Llama, Qwen, Sdxl};

/// A response.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Returns the names of all files.
pub fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

/// Returns the responses in a file.
pub fn read(name: &str) -> Vec<Reply> {
    let bytes = fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let start = bytes.iter().position(|byte| *byte == b'\n').expect("a first line") + 1;
    let mut replies = Vec::new();
    let mut rest = &bytes[start..];
    loop {
        let end = find(rest, b"\n=====\n");
        replies.push(one(&rest[..end.unwrap_or(rest.len())]));
        match end {
            Some(end) => rest = &rest[end + 7..],
            None => return replies,
        }
    }
}

/// Returns a transport that gives the responses in a file.
pub fn transport(name: &str) -> MockTransport {
    read(name).into_iter().fold(MockTransport::new(), |transport, reply| {
        let transport = transport.response(reply.status, reply.content_type, [reply.body]);
        reply.headers.iter().fold(transport, |transport, (name, value)| transport.with_header(name, value))
    })
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/replies"))
}

fn one(bytes: &[u8]) -> Reply {
    let end = find(bytes, b"\n\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("text");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP ")?.parse().ok()).expect("a status");
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        headers.push((name.to_owned(), value.to_owned()));
    }
    let known = ["application/json", "text/event-stream", "text/plain", "text/html", "image/png"];
    let of = headers.iter().position(|(name, _)| name == "content-type").map(|at| headers.remove(at).1);
    let content_type = known.into_iter().find(|known| of.as_deref() == Some(known)).expect("a known content type");
    Reply { status, content_type, headers, body: bytes[end + 2..].trim_ascii_end().to_vec() }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Returns the error of a call that is answered with the response in a file, and the number of requests.
async fn refused(name: &str) -> (Error, usize) {
    let reply = read(name).remove(0);
    let mut transport = MockTransport::new();
    for _ in 0..8 {
        transport = transport.response(reply.status, reply.content_type, [reply.body.clone()]);
        for (name, value) in &reply.headers {
            transport = transport.with_header(name, value);
        }
    }
    let transport = Arc::new(transport);
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1)).max_delay(Duration::from_millis(1));
    let ai = WorkersAi::with_transport(Arc::clone(&transport)).with_retry(retry);
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.map(|_| ()).expect_err(name);
    assert_eq!(error.body(), Some(&*reply.body), "{name}");
    (error, transport.requests().len())
}

#[tokio::test]
async fn refusals_are_read_by_their_code_and_their_text() {
    use ErrorClass::{
        Billing, ContentFlagged, ContextExceeded, DailyQuota, InvalidInput, NotFound, RateLimited, SchemaNotMet,
        Timeout, Unauthorized, Unavailable, Unknown, Unsupported,
    };
    use RetryClass::{Backoff, Never, NextDay, Once};
    for (name, kind, code, class, retry, told) in [
        ("01-3046-timeout.http", "api", 3046, Timeout, Backoff, "stream the output"),
        ("01b-3046-at-500.http", "api", 3046, Timeout, Backoff, "stream the output"),
        ("03-3043-internal.http", "api", 3043, Unavailable, Backoff, "retry"),
        ("04-5024-json-model.http", "api", 5024, SchemaNotMet, Once, "simplify the schema"),
        ("05-5023-stream-schema.http", "api", 5023, Unsupported, Never, "leave one of them out"),
        ("06-2005-gateway-upstream.http", "gateway", 2005, Unavailable, Backoff, "retry"),
        ("07-2003-gateway-429.http", "gateway", 2003, RateLimited, Backoff, "fewer requests"),
        ("08-2014-gateway-timeout.http", "gateway", 2014, Timeout, Backoff, "retry"),
        ("09-2040-byok.http", "gateway", 2040, Unauthorized, Never, "no BYOK credential named 'a'"),
        ("09d-2021-auth.http", "gateway", 2021, Unauthorized, Never, "`Gateway::authorization`"),
        ("10-8007-context.http", "api", 8007, ContextExceeded, Never, "): Requested token count exceeds"),
        ("11-8007-nsfw.http", "api", 8007, ContentFlagged, Never, "rephrase the prompt"),
        ("13-8006-image.http", "api", 8006, InvalidInput, Never, "check the image"),
        ("15-3010-audio.http", "api", 3010, InvalidInput, Never, "check the recording"),
        ("16-quota-no-code.http", "api", 0, DailyQuota, NextDay, "wait until 00:00 UTC"),
        ("17-quota-200-image.http", "api", 4006, DailyQuota, NextDay, "wait until 00:00 UTC"),
        ("18-paid-plan-no-code.http", "api", 5035, Billing, Never, "Workers Paid plan"),
        ("21-two-errors.http", "api", 7003, NotFound, Never, "check the URL and the account ID"),
        ("22-messages-route.http", "api", 0, InvalidInput, Never, "Anthropic Messages API is not supported"),
        ("45-2001-no-gateway.http", "gateway", 2001, NotFound, Never, "create the gateway"),
        ("45c-2041-spend-limit.http", "gateway", 2041, Billing, Never, "raise the limit"),
        ("45f-2003-header-429.http", "gateway", 2003, RateLimited, Backoff, "fewer requests"),
        ("46-1031.http", "api", 1031, Unknown, Never, "1031"),
        ("48-5012-clef.http", "api", 5012, Unavailable, Once, "retry once"),
        ("50-arguments-object.http", "api", 8007, InvalidInput, Never, "as JSON objects"),
        ("51-max-completion.http", "api", 8007, InvalidInput, Never, "lower `max_tokens`"),
    ] {
        let (error, requests) = refused(name).await;
        let shown = error.to_string();
        assert_eq!((error.kind(), error.class(), error.retry_class()), (kind, Some(class), retry), "{name}: {shown}");
        assert_eq!(error.code().map_or(0, ErrorCode::as_u32), code, "{name}: {shown}");
        assert!(shown.contains(told) && !shown.contains("{\""), "{name}: {shown}");
        let attempts = match retry {
            Backoff => 4,
            Once => 2,
            _ => 1,
        };
        assert_eq!(requests, attempts, "{name}");
        assert_eq!(error.retry_at().is_some(), retry != Never, "{name}: when to call again");
    }
}

#[tokio::test]
async fn the_days_quota_is_told_in_any_form() {
    const TEXT: &str = "you have used up your daily free allocation of 10,000 neurons";
    let openai = format!(r#"{{"error":{{"message":"{TEXT}","type":"invalid_request_error","code":null}}}}"#);
    let envelope = format!(r#"{{"errors":[{{"message":"AiError: {TEXT}"}}],"success":false}}"#);
    for (status, content_type, body) in [
        (429, "application/json", openai.as_str()),
        (200, "application/json", &envelope),
        (200, "image/png", &envelope),
        (429, "text/plain", TEXT),
        (500, "text/html", TEXT),
    ] {
        let status = StatusCode::from_u16(status).expect("a status");
        let transport = MockTransport::new().response(status, content_type, [body.to_owned()]);
        let ai = WorkersAi::with_transport(transport);
        let error = ai.run(Sdxl, Sdxl::input().prompt("a tree").num_steps(8)).await.map(|_| ()).expect_err(body);
        assert_eq!(error.retry_class(), RetryClass::NextDay, "{content_type}: {error}");
        assert!(error.retry_at().is_some(), "{content_type}");
    }
}

#[tokio::test]
async fn a_failure_in_the_middle_of_a_stream_keeps_the_text_before() {
    let ai = WorkersAi::with_transport(transport("34-stream-midway-8007.sse"));
    let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
    let error = stream.collect().await.expect_err("it fails");
    assert_eq!((error.code(), error.class()), (Some(8007.into()), Some(ErrorClass::ContextExceeded)), "{error}");
    assert!(error.to_string().contains("the stream failed after 14 characters of text: error 8007"), "{error}");
    let Error::Stream(broken) = &error else { panic!("{error}") };
    assert_eq!(broken.text, "Half an answer");
    assert!(error.maybe_billed() && error.body().is_some());
}

/// Tools that tell the time and the weather, and what they were called with.
fn tools() -> (ToolBox, Arc<Mutex<Vec<Value>>>) {
    let called = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&called);
    let tool = move |call: ToolCall| {
        log.lock().expect("no panic").push(call.arguments);
        async { Ok::<_, String>(json!("noon")) }
    };
    let any = || json!({ "type": "object", "properties": {} });
    let tools = ToolBox::new().with_call("clock", "The time", any(), tool.clone());
    (tools.with_call("get_weather", "The weather", any(), tool), called)
}

/// Returns the messages of the last request.
fn messages(transport: &MockTransport) -> Vec<Value> {
    let request = transport.requests().pop().expect("a request");
    let Input::Json(body) = request.input else { panic!("no JSON") };
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    body["messages"].as_array().expect("messages").clone()
}

#[tokio::test]
async fn what_goes_back_to_a_model_is_valid() {
    for name in ["36-tool-empty-arguments.json", "37-kimi-reasoning-replay.json"] {
        let transport = Arc::new(transport(name));
        let ai = WorkersAi::with_transport(Arc::clone(&transport));
        let (tools, called) = tools();
        let reply = ai.with_tools(Kimi, Kimi::input().messages([user("When?")]), &tools).await.expect(name);
        assert_eq!(reply.text(), "Noon.", "{name}");
        assert_eq!(*called.lock().expect("no panic"), [json!({})], "{name}");
        let messages = messages(&transport);
        let call = &messages[1];
        assert_eq!(call["tool_calls"][0]["function"]["arguments"], "{}", "{name}");
        assert_eq!(call["reasoning_content"], "I need the clock.", "{name}: the reasoning goes back");
        assert_eq!(call["content"], "", "{name}: never null");
        assert_eq!(messages[2]["tool_call_id"], call["tool_calls"][0]["id"], "{name}");
    }
}

#[tokio::test]
async fn arguments_that_are_no_object_fail_their_call_only_and_go_back_as_one() {
    let call = |arguments: &str| json!({ "function": { "name": "clock", "arguments": arguments } });
    let calls = json!([call("{\"a\":"), call("[1]"), call("null"), call("{}")]);
    let first = json!({ "choices": [{ "index": 0, "message": { "content": null, "tool_calls": calls } }] });
    let last = json!({ "choices": [{ "index": 0, "message": { "content": "Noon." } }] });
    let transport = Arc::new(MockTransport::new().json(first.to_string()).json(last.to_string()));
    let ai = WorkersAi::with_transport(Arc::clone(&transport));
    let (tools, called) = tools();
    ai.with_tools(Kimi, Kimi::input().messages([user("When?")]), &tools).await.expect("a reply");
    assert_eq!(called.lock().expect("no panic").len(), 2, "only those with valid arguments");
    let messages = messages(&transport);
    let sent = messages[1]["tool_calls"].as_array().expect("calls");
    let objects = sent.iter().map(|call| serde_json::from_str(call["function"]["arguments"].as_str().expect("text")));
    let objects: Vec<serde_json::Map<String, Value>> = objects.collect::<Result<_, _>>().expect("objects");
    assert_eq!(objects[0]["invalid"], "{\"a\":");
    assert!(messages[2]["content"].as_str().expect("text").contains("they are not valid JSON"));
    assert!(messages[3]["content"].as_str().expect("text").contains("they must be a JSON object"));
    let ids: std::collections::BTreeSet<&str> = sent.iter().filter_map(|call| call["id"].as_str()).collect();
    assert_eq!(ids.len(), 4, "calls without an ID have one each: {ids:?}");
    for (result, call) in messages[2..].iter().zip(sent) {
        assert_eq!(result["tool_call_id"], call["id"]);
    }
}

#[tokio::test]
async fn a_tool_call_that_is_written_as_text_is_made() {
    let last = r#"{"response":"Rain."}"#;
    let transport = transport("35-tool-call-as-text.json").json(last);
    let ai = WorkersAi::with_transport(transport);
    let (tools, called) = tools();
    let reply = ai.with_tools(Llama, Llama::input().messages([user("Boston?")]), &tools).await.expect("a reply");
    assert_eq!(reply.text(), "Rain.");
    assert_eq!(*called.lock().expect("no panic"), [json!({ "city": "Boston" })]);
}

#[tokio::test]
async fn streamed_calls_under_one_index_stay_apart() {
    let ai = WorkersAi::with_transport(transport("30-stream-same-index.sse"));
    let stream = ai.stream(Kimi, Kimi::input().messages([user("Read both.")])).await.expect("a stream");
    let calls = stream.collect().await.expect("a reply").output.tool_calls;
    let calls: Vec<(Option<&str>, &Value)> = calls.iter().map(|call| (call.id.as_deref(), &call.arguments)).collect();
    assert_eq!(calls, [(Some("call_a"), &json!({ "path": "a" })), (Some("call_b"), &json!({ "path": "b" }))]);
}

#[tokio::test]
async fn a_placeholder_replaces_no_id() {
    let piece = |id: &str, name: Value, arguments: &str| {
        let call = json!({ "index": 0, "id": id, "function": { "name": name, "arguments": arguments } });
        format!("data: {}\n\n", json!({ "choices": [{ "index": 0, "delta": { "tool_calls": [call] } }] }))
    };
    let pieces = [
        piece("call_a", json!("clock"), ""),
        piece("null", Value::Null, "{\"at\":"),
        piece("", json!(""), "1}"),
        piece("call_a", json!("clock"), ""),
        "data: [DONE]\n\n".to_owned(),
    ];
    let ai = WorkersAi::with_transport(MockTransport::new().events(pieces.concat()));
    let stream = ai.stream(Kimi, Kimi::input().messages([user("When?")])).await.expect("a stream");
    let calls = stream.collect().await.expect("a reply").output.tool_calls;
    assert_eq!(calls, [ToolCall { id: Some("call_a".into()), name: "clock".into(), arguments: json!({ "at": 1 }) }]);
}

/// Returns the calls of a stream: the ID, name and arguments of each.
async fn streamed(pieces: &[Value]) -> Vec<(Option<String>, String, Value)> {
    let event = |piece: &Value| {
        format!("data: {}\n\n", json!({ "choices": [{ "index": 0, "delta": { "tool_calls": [piece] } }] }))
    };
    let events: String = pieces.iter().map(event).chain(["data: [DONE]\n\n".to_owned()]).collect();
    let ai = WorkersAi::with_transport(MockTransport::new().events(events));
    let stream = ai.stream(Kimi, Kimi::input().messages([user("Call.")])).await.expect("a stream");
    let calls = stream.collect().await.expect("a reply").output.tool_calls;
    calls.into_iter().map(|call| (call.id, call.name, call.arguments)).collect()
}

#[tokio::test]
async fn pieces_of_streamed_calls_find_their_call() {
    let piece = |index: Option<u64>, id: Option<&str>, name: Option<&str>, arguments: &str| json!({ "index": index, "id": id, "function": { "name": name, "arguments": arguments } });
    let call =
        |id: Option<&str>, name: &str, number: u64| (id.map(str::to_owned), name.to_owned(), json!({ "a": number }));
    for (what, pieces, calls) in [
        (
            "one index, no IDs, the same name",
            vec![piece(Some(0), None, Some("f"), "{\"a\":1}"), piece(Some(0), None, Some("f"), "{\"a\":2}")],
            vec![call(None, "f", 1), call(None, "f", 2)],
        ),
        (
            "one index, interleaved",
            vec![
                piece(Some(0), Some("A"), Some("f"), "{\"a\":"),
                piece(Some(0), Some("B"), Some("g"), "{\"a\":"),
                piece(Some(0), Some("A"), None, "1}"),
                piece(Some(0), Some("B"), None, "2}"),
            ],
            vec![call(Some("A"), "f", 1), call(Some("B"), "g", 2)],
        ),
        (
            "one ID, changing indexes",
            vec![piece(Some(0), Some("A"), Some("f"), "{\"a\":"), piece(Some(1), Some("A"), None, "1}")],
            vec![call(Some("A"), "f", 1)],
        ),
        (
            "a new ID with each piece",
            vec![piece(Some(0), Some("A1"), Some("f"), "{\"a\":"), piece(Some(0), Some("A2"), None, "1}")],
            vec![call(Some("A1"), "f", 1)],
        ),
        (
            "the name is repeated at the end",
            vec![piece(Some(0), None, Some("f"), "{\"a\":1}"), piece(Some(0), None, Some("f"), "")],
            vec![call(None, "f", 1)],
        ),
        ("no name at all", vec![piece(Some(0), Some("A"), None, "{\"a\":1}")], vec![]),
    ] {
        assert_eq!(streamed(&pieces).await, calls, "{what}");
    }
}

#[tokio::test]
async fn whatever_holds_a_message_in_a_stream_is_read_once() {
    let done = "data: [DONE]\n\n";
    for (event, text) in [
        (r#"{"choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}"#, "Hello"),
        (r#"{"result":{"response":"Hello"},"success":true,"errors":[],"messages":[]}"#, "Hello"),
        (r#"{"response":"Hello","choices":[{"index":0,"delta":{"content":"Hello"}}]}"#, "Hello"),
    ] {
        let ai = WorkersAi::with_transport(MockTransport::new().events(format!("data: {event}\n\n{done}")));
        let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect(event);
        assert_eq!(stream.collect().await.expect(event).text, text, "{event}");
    }
    let call = r#"{"type":"response.output_item.done","item":{"type":"function_call","call_id":"c1","name":"clock","arguments":"{}"}}"#;
    let end = r#"{"type":"response.completed","response":{}}"#;
    let ai = WorkersAi::with_transport(MockTransport::new().events(format!("data: {call}\n\ndata: {end}\n\n")));
    let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
    let reply = stream.collect().await.expect("a reply");
    assert_eq!(reply.tool_calls, [ToolCall { id: Some("c1".into()), name: "clock".into(), arguments: json!({}) }]);
    assert_eq!(reply.finish_reason, Some(workers_ai::chat::FinishReason::ToolCalls));
}

#[tokio::test]
async fn an_answer_in_the_other_form_is_not_hidden_by_an_empty_one() {
    for body in [
        r#"{"response":"","choices":[{"message":{"content":"hello"}}]}"#,
        r#"{"response":"hello","choices":[{"message":{"content":null}}]}"#,
        r#"{"choices":[{"message":{"content":"","reasoning_content":"hello"},"finish_reason":"stop"}]}"#,
        r#"{"choices":[{"message":{"content":""},"text":"hello"}]}"#,
    ] {
        let ai = || WorkersAi::with_transport(MockTransport::new().json(body));
        let llama = ai().run(Llama, Llama::input().prompt("hello")).await.expect(body);
        let kimi = ai().run(Kimi, Kimi::input().messages([user("hello")])).await.expect(body);
        assert_eq!((&*llama.text(), &*kimi.text()), ("hello", "hello"), "{body}");
    }
    let calls = r#"{"tool_calls":[{"name":"clock","arguments":{}}]}"#;
    let ai = WorkersAi::with_transport(MockTransport::new().json(calls));
    let reply = ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
    assert_eq!(reply.tool_calls()[0].name, "clock");
}

#[tokio::test]
async fn an_error_under_status_200_is_no_empty_answer() {
    for (body, code) in [
        (r#"{"error":{"code":3040,"message":"Capacity"}}"#, Some(3040)),
        (r#"{"errors":[{"code":3036,"message":"x"}]}"#, Some(3036)),
        (r#"{"result":{"error":"boom"},"success":true}"#, None),
    ] {
        let ai = WorkersAi::with_transport(MockTransport::new().json(body)).with_retry(RetryPolicy::never());
        let error = ai.run(Kimi, Kimi::input().messages([user("hello")])).await.map(|_| ()).expect_err(body);
        assert_eq!((error.kind(), error.code().map(ErrorCode::as_u32)), ("api", code), "{error}");
        assert!(!error.maybe_billed(), "{body}");
    }
    let ai = WorkersAi::with_transport(MockTransport::new().json(r#"{"result":{},"success":true}"#));
    let error = ai.run(Kimi, Kimi::input().messages([user("hello")])).await.map(|_| ()).expect_err("nothing");
    assert_eq!(error.kind(), "decode", "{error}");
    // Nothing came before it: the stream has not begun.
    let event = "data: {\"errors\":[{\"code\":3040,\"message\":\"busy\"}],\"success\":false}\n\n";
    let ai = WorkersAi::with_transport(MockTransport::new().events(event)).with_retry(RetryPolicy::never());
    let error = ai.stream(Llama, Llama::input().prompt("hello")).await.map(|_| ()).expect_err("busy");
    assert_eq!((error.kind(), error.maybe_billed()), ("api", false), "{error}");
}

#[tokio::test]
async fn a_typed_call_takes_both_forms_of_an_answer() {
    const NAME: &str = "40-reply-choices-on-run.json";
    let usage = Some(5);
    let kimi = WorkersAi::with_transport(transport(NAME));
    let reply = kimi.run(Kimi, Kimi::input().messages([user("hello")])).await.expect("a reply");
    assert_eq!((&*reply.text(), reply.usage().map(|usage| usage.total_tokens)), ("Hello", usage));
    let llama = WorkersAi::with_transport(transport(NAME));
    let reply = llama.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
    assert_eq!((&*reply.text(), reply.usage().map(|usage| usage.total_tokens)), ("Hello", usage));
    let legacy = r#"{"response":"Hello","tool_calls":[{"name":"clock","arguments":{}}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#;
    let kimi = WorkersAi::with_transport(MockTransport::new().json(legacy));
    let reply = kimi.run(Kimi, Kimi::input().messages([user("hello")])).await.expect("a reply");
    assert_eq!((&*reply.text(), reply.usage().map(|usage| usage.total_tokens)), ("Hello", usage));
    assert_eq!(reply.tool_calls()[0].name, "clock");
}

#[tokio::test]
async fn text_that_came_as_reasoning_is_the_text() {
    let ai = WorkersAi::with_transport(transport("42b-qwen3-text-in-reasoning.json"));
    let reply = ai.run(Qwen, Qwen::input().messages([user("The capital of France?")])).await.expect("a reply");
    assert_eq!(reply.text(), "Paris is the capital.");
    // An answer that was cut off while the model was reasoning has no text.
    let cut =
        r#"{"choices":[{"index":0,"message":{"content":null,"reasoning_content":"Let me"},"finish_reason":"length"}]}"#;
    let ai = WorkersAi::with_transport(MockTransport::new().json(cut));
    let reply = ai.run(Qwen, Qwen::input().messages([user("The capital of France?")])).await.expect("a reply");
    assert_eq!((&*reply.text(), reply.reasoning()), ("", Some("Let me")));
    let events = "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Paris.\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let ai = WorkersAi::with_transport(MockTransport::new().events(events));
    let stream = ai.stream(Qwen, Qwen::input().messages([user("The capital of France?")])).await.expect("a stream");
    assert_eq!(stream.collect().await.expect("a reply").text, "Paris.");
}

#[tokio::test]
async fn null_in_the_middle_of_a_stream_is_nothing() {
    let ai = WorkersAi::with_transport(transport("32-stream-null-response.sse"));
    let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
    assert_eq!(stream.collect().await.expect("a reply").text, "Hello");
}

#[tokio::test]
async fn a_picture_is_what_its_bytes_say() {
    let ai = WorkersAi::with_transport(transport("41-sdxl-jpeg.http"));
    let reply = ai.run(Sdxl, Sdxl::input().prompt("a tree").num_steps(8)).await.expect("a picture");
    assert_eq!(reply.image.content_type(), "image/jpeg");
}

#[tokio::test]
async fn vectors_of_zeros_are_noticed() {
    let ai = WorkersAi::with_transport(transport("38-embeddings-zeros.json"));
    let reply = ai.run(Bge, Bge::input().text("hello")).await.expect("vectors");
    assert_eq!(reply.zeros().collect::<Vec<_>>(), [0]);
}

#[test]
fn every_response_is_tested() {
    let tests = include_str!("replies.rs");
    for name in names() {
        assert!(tests.contains(&format!("\"{name}\"")), "{name}");
    }
}
