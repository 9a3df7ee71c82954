//! The checks made in the runtime.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use workers_ai_sim::{RecordedRequest, Sim};

use super::runtime::Workerd;

type Checked = Result<(), String>;

/// Makes all checks.
pub(super) async fn all(runtime: &Workerd, fresh: &[Workerd], sim: &Sim) -> Vec<(String, Option<String>)> {
    let mut checks = Vec::new();
    let mut add = |name: &str, result: Checked| checks.push((name.to_owned(), result.err()));
    // An object of its own for each call; an object that makes none; HTTP.
    for over in ["own", "fake", "rest"] {
        let with = |name: &str| format!("{name}, over {over}");
        let only_over_binding = if over == "rest" { &[] } else { &ONLY_OVER_BINDING[..] };
        for (name, path, expected) in ANSWERS.iter().chain(only_over_binding) {
            let result = runtime.get(&to(path, over)).await.and_then(|answer| contains(&answer, &expected()));
            add(&with(name), result);
        }
        let speech = runtime.post(&to("/through", over), vec![7; 200_000]).await;
        add(&with("the body of a request is passed on"), speech.and_then(|answer| is_text(&answer["text"])));
        for what in ["events", "bytes", "decoded"] {
            let path = to(&format!("/hand-on?what={what}"), over);
            add(&with(&format!("{what} are handed on whole")), whole(runtime, &path, what).await);
            add(&with(&format!("{what} begin before they end")), begins(runtime, &path).await);
            add(&with(&format!("{what} are cancelled if the caller leaves")), left(runtime, sim, &path).await);
        }
        let refused = runtime.get(&to("/hand-on?fault=code=3036", over)).await;
        let refused = refused.and_then(|answer| contains(&answer, &json!({ "code": "DailyQuota" })));
        add(&with("a refusal instead of events is an error"), refused);
    }
    add("options arrive as the service has them", options(runtime, sim).await);
    add("inputs beside a file keep their types", user_inputs(runtime, sim).await);
    for (name, path, expected) in SOCKETS {
        let result = runtime.get(path).await.and_then(|answer| contains(&answer, &expected()));
        add(name, result);
    }
    for over in ["own", "rest"] {
        add(&format!("a dropped call is aborted, over {over}"), aborted(runtime, sim, over).await);
    }
    add("three isolates differ where they must", isolates(fresh, sim).await);
    add("a gateway caches, by the body and by the headers", cache(runtime).await);
    add("100 calls at the same time, none wrong", interleaved(runtime).await);
    add("the control shows that calls can be mixed", control(runtime).await);
    checks
}

/// Realtime connections.
const SOCKETS: [(&str, &str, Expected); 3] = [
    ("a text is spoken", "/speak", || json!({ "kinds": ["Metadata", "Flushed"], "bytes": true })),
    (
        "a speaker is heard until the end of the turn",
        "/listen",
        || json!({ "kinds": ["Connected", "StartOfTurn", "Update", "Update", "EndOfTurn"], "transcript": "6400 bytes" }),
    ),
    ("a connection that is refused", "/no-socket", || json!({ "status": 400, "error": "keyterms" })),
];

fn to(path: &str, over: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}over={over}")
}

type Expected = fn() -> Value;

/// Inputs and endpoints that only the binding refuses.
const ONLY_OVER_BINDING: [(&str, &str, Expected); 3] = [
    ("an integer that JavaScript would round", "/large", || json!({ "error": "`seed`" })),
    (
        "a route that the binding lacks",
        "/routes",
        || json!({ "error": "the binding of a Worker does not have the OpenAI" }),
    ),
    ("a schema", "/schema", || json!({ "error": "the binding of a Worker does not have the schemas" })),
];

/// Routes of the Worker, each with what its answer must contain. A string is contained in a longer one, and `true` is anything that
/// is there.
const ANSWERS: [(&str, &str, Expected); 21] = [
    ("a chat", "/chat", || json!({ "text": "You asked: Why is the sky blue?", "attempts": 1, "tokens": true })),
    ("a stream", "/stream", || json!({ "text": "You asked: a story", "events": true })),
    (
        "a model chosen at run time",
        "/set?model=glm",
        || json!({ "model": "@cf/zai-org/glm-5.2", "text": "You asked: hi" }),
    ),
    ("the other model", "/set?model=Llama", || json!({ "model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast" })),
    ("a form with a picture", "/form", || json!({ "bytes": true })),
    ("bytes", "/bytes", || json!({ "bytes": true, "type": "image/png", "head": [80, 78, 71] })),
    ("an upload in chunks", "/upload", || json!({ "text": true })),
    ("structured output", "/json", || json!({ "minutes": true })),
    ("embeddings of many texts", "/embed", || json!({ "vectors": 250, "dimensions": 768 })),
    ("a batch", "/batch", || json!({ "results": 2 })),
    ("the list of models", "/models", || json!({ "models": true })),
    ("a log and its feedback", "/log", || json!({ "same": true, "feedback": 1 })),
    ("a fallback", "/fallback", || json!({ "model": "@cf/zai-org/glm-5.2", "step": 1 })),
    ("no capacity", "/chat?busy=1&fault=code=3040", || json!({ "code": "OutOfCapacity", "status": 429 })),
    ("a refusal", "/chat?fault=code=5007", || json!({ "code": true, "class": true, "status": 400 })),
    ("the quota, and when it ends", "/chat?fault=code=3036", || json!({ "code": "DailyQuota", "retry_at": true })),
    ("a page of a proxy", "/chat?fault=status=502", || json!({ "status": 502 })),
    (
        "a deadline while the body drips",
        "/chat?timeout=700&fault=drip=200",
        || json!({ "is_timeout": true, "error": "interrupted" }),
    ),
    (
        "files become Markdown",
        "/markdown",
        || json!({ "files": 2, "first": "the tide", "name": "notes.txt", "second": "text only", "formats": 4 }),
    ),
    ("no files", "/no-files", || json!({ "error": "files" })),
    ("a dropped call", "/drop", || json!({ "dropped": true })),
];

/// Checks that an answer has the expected members.
fn contains(answer: &Value, expected: &Value) -> Checked {
    for (name, wanted) in expected.as_object().into_iter().flatten() {
        let found = &answer[name];
        let good = match (wanted, found) {
            (Value::Bool(true), found) => !found.is_null() && *found != json!(0) && *found != json!(""),
            (Value::String(wanted), Value::String(found)) => found.contains(wanted.as_str()),
            (wanted, found) => wanted == found,
        };
        if !good {
            return Err(format!("`{name}` should be {wanted} in {answer}"));
        }
    }
    Ok(())
}

fn is_text(value: &Value) -> Checked {
    value
        .as_str()
        .filter(|text| !text.is_empty())
        .map(|_| ())
        .ok_or_else(|| format!("expected a text that is not empty, got {value}"))
}

/// Returns the last request to a route.
fn last(sim: &Sim, path: &str) -> Result<RecordedRequest, String> {
    let mut requests = sim.requests().into_iter().rev();
    requests.find(|request| request.uri.path() == path).ok_or_else(|| format!("no request to {path}"))
}

async fn options(runtime: &Workerd, sim: &Sim) -> Checked {
    runtime.get("/chat?ttl=3600&busy=1").await?;
    let request = last(sim, "/ai-gateway/run")?;
    let sent = request.json();
    let expected = json!({
        "gateway": { "id": "shop", "cacheTtl": 3600, "metadata": { "team": "search" }, "eventId": "e1" },
        "tags": ["a", "b"],
        "rejectIfBusy": true,
    });
    for (name, value) in expected.as_object().into_iter().flatten() {
        if sent["options"][name] != *value {
            return Err(format!("`{name}` should be {value} in {}", sent["options"]));
        }
    }
    let inputs = json!({ "messages": [{ "role": "user", "content": "Why is the sky blue?" }], "max_tokens": 300 });
    if sent["inputs"] != inputs {
        return Err(format!("the inputs are {}", sent["inputs"]));
    }
    for (name, value) in [("x-session-affinity", "s1"), ("cf-aig-cache-ttl", "3600"), ("cf-aig-event-id", "e1")] {
        if request.header(name) != Some(value) {
            return Err(format!("the header `{name}` is {:?}", request.header(name)));
        }
    }
    Ok(())
}

async fn user_inputs(runtime: &Workerd, sim: &Sim) -> Checked {
    runtime.get("/upload").await?;
    let request = last(sim, "/run")?;
    let query = request.uri.query().unwrap_or_default();
    if !query.contains("%22smart_format%22%3Atrue") && !query.contains("\"smart_format\":true") {
        return Err(format!("the query is {query}"));
    }
    match (request.header("content-type"), request.body_size) {
        (Some("audio/mpeg"), 4_000) => Ok(()),
        other => Err(format!("the body is {other:?}")),
    }
}

/// The local Workers AI would have answered meanwhile, had the runtime not hung up.
async fn aborted(runtime: &Workerd, sim: &Sim, over: &str) -> Checked {
    runtime.get(&to("/drop", over)).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    match sim.requests().last() {
        Some(request) if request.status == 0 && request.cancelled => Ok(()),
        other => Err(format!("it was answered: {other:?}")),
    }
}

/// Three fresh isolates, and what must differ between them: the boundary of a form, and the pauses between attempts. The clock is the
/// same for all.
async fn isolates(isolates: &[Workerd], sim: &Sim) -> Checked {
    // Pauses are whole milliseconds: two may be the same by chance, but not again and again.
    let mut last = String::new();
    for _ in 0..3 {
        let (mut boundaries, mut pauses) = (BTreeSet::new(), BTreeSet::new());
        for isolate in isolates {
            let answer = isolate.get("/chance").await?;
            let forms = sim.requests().into_iter().rev();
            let mut forms = forms.filter_map(|request| request.header("content-type").map(str::to_owned));
            boundaries.insert(forms.find(|of| of.starts_with("multipart/form-data")).ok_or("no form was sent")?);
            pauses.insert(answer["pause"].as_u64().ok_or("no pause")?);
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?.as_secs();
            let midnight = (now / 86_400 + 1) * 86_400;
            let busy = answer["busy"].as_u64().unwrap_or_default();
            if answer["quota"] != json!(midnight) || !(now..now + 120).contains(&busy) {
                return Err(format!("at {now}, calls are to be repeated at other times: {answer}"));
            }
        }
        if boundaries.len() == isolates.len() && pauses.len() == isolates.len() {
            return Ok(());
        }
        last = format!("boundaries {boundaries:?}, pauses {pauses:?}");
    }
    Err(last)
}

/// Checks that a response arrives as the service sent it.
async fn whole(runtime: &Workerd, path: &str, what: &str) -> Checked {
    let mut response = runtime.open(path).await?;
    let content_type = response.headers().get("content-type").and_then(|of| of.to_str().ok()).unwrap_or_default();
    let expected = match what {
        "bytes" => "image/png",
        "decoded" => "",
        _ => "text/event-stream",
    };
    if !content_type.starts_with(expected) {
        return Err(format!("the content type is {content_type}"));
    }
    let mut whole = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
        whole.extend_from_slice(&chunk);
    }
    let complete =
        if what == "bytes" { whole.ends_with(b"IEND\xaeB\x60\x82") } else { whole.ends_with(b"data: [DONE]\n\n") };
    complete.then_some(()).ok_or_else(|| format!("{} bytes, without the end", whole.len()))
}

/// Checks that the beginning of a response arrives while the service has not made its end, which it never does.
async fn begins(runtime: &Workerd, path: &str) -> Checked {
    let mut response = runtime.open(&format!("{path}&fault=stall=2")).await?;
    match response.chunk().await {
        Ok(Some(_)) => Ok(()),
        other => Err(format!("the beginning is {other:?}")),
    }
}

/// Leaves in the middle of a response. The service must hear of it before it has made the end.
async fn left(runtime: &Workerd, sim: &Sim, path: &str) -> Checked {
    let before = sim.request_count();
    let mut response = runtime.open(&format!("{path}&fault=drip=300")).await?;
    response.chunk().await.map_err(|error| error.to_string())?;
    drop(response);
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let requests = sim.requests();
        let mut latest = requests.iter().rev().take(sim.request_count() - before);
        if latest.any(|request| request.cancelled) {
            return Ok(());
        }
    }
    Err("the service was not told that the caller left".to_owned())
}

async fn cache(runtime: &Workerd) -> Checked {
    let mut seen = Vec::new();
    for ttl in [600, 600, 0] {
        seen.push(runtime.get(&format!("/chat?ttl={ttl}")).await?["cache"].clone());
    }
    let expected = [json!("Some(Miss)"), json!("Some(Hit)"), json!("Some(Miss)")];
    // Another check may have filled the cache.
    if seen[1..] == expected[1..] { Ok(()) } else { Err(format!("{seen:?}")) }
}

async fn interleaved(runtime: &Workerd) -> Checked {
    contains(&runtime.get("/interleaved?n=100").await?, &json!({ "calls": 100, "wrong": 0 }))
}

/// On the object that all calls share, some get the answer of another. It is repeated until one does: the check above can fail.
async fn control(runtime: &Workerd) -> Checked {
    for _ in 0..20 {
        if runtime.get("/interleaved?n=100&control=1").await?["wrong"] != json!(0) {
            return Ok(());
        }
    }
    Err("20 times 100 calls on one object, and none was mixed".to_owned())
}
