//! The checks made in the runtime.

use std::time::Duration;

use serde_json::{Value, json};
use workers_ai_sim::{RecordedRequest, Sim};

use super::runtime::Workerd;

type Checked = Result<(), String>;

/// Makes all checks.
pub(super) async fn all(runtime: &Workerd, sim: &Sim) -> Vec<(String, Option<String>)> {
    let mut checks = Vec::new();
    let mut add = |name: &str, result: Checked| checks.push((name.to_owned(), result.err()));
    // Once over an object of its own for each call, once over an object that makes none.
    for binding in ["", "fake"] {
        let to = |path: &str| {
            let separator = if path.contains('?') { '&' } else { '?' };
            format!("{path}{separator}binding={binding}")
        };
        let with = |name: &str| if binding.is_empty() { name.to_owned() } else { format!("{name}, over a fake") };
        for (name, path, expected) in ANSWERS {
            let result = runtime.get(&to(path)).await.and_then(|answer| contains(&answer, &expected()));
            add(&with(name), result);
        }
        let speech = runtime.post(&to("/through"), vec![7; 200_000]).await;
        add(&with("the body of a request is passed on"), speech.and_then(|answer| is_text(&answer["text"])));
    }
    add("options arrive as the service has them", options(runtime, sim).await);
    add("inputs beside a file keep their types", user_inputs(runtime, sim).await);
    add("a dropped call is aborted", aborted(runtime, sim).await);
    add("a gateway caches, by the body and by the headers", cache(runtime).await);
    add("100 calls at the same time, none wrong", interleaved(runtime).await);
    add("the control shows that calls can be mixed", control(runtime).await);
    checks
}

type Expected = fn() -> Value;

/// Routes of the Worker, each with what its answer must contain. A string is contained in a longer one, and `true` is anything that
/// is there.
const ANSWERS: [(&str, &str, Expected); 22] = [
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
    ("an integer that JavaScript would round", "/large", || json!({ "error": "`seed`" })),
    (
        "a route that the binding lacks",
        "/routes",
        || json!({ "error": "the binding of a Worker does not have the OpenAI" }),
    ),
    ("a schema", "/schema", || json!({ "error": "the binding of a Worker does not have the schemas" })),
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
async fn aborted(runtime: &Workerd, sim: &Sim) -> Checked {
    runtime.get("/drop").await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    match last(sim, "/run")?.status {
        0 => Ok(()),
        status => Err(format!("it was answered with {status}")),
    }
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
