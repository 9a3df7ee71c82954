//! A Worker with a route for each kind of call over its binding, for `cargo xtask e2e worker`.

mod interleaved;
mod sockets;

use std::{collections::HashMap, future::IntoFuture, pin::pin, time::Duration};

use futures_util::{
    StreamExt as _,
    future::{Either, select},
    stream,
};
use serde_json::{Value, json};
use web_time::{SystemTime, UNIX_EPOCH};
use worker::{Context, Env, Request, Response, event};
use workers_ai::{
    Media, RetryPolicy,
    account::{Feedback, Rating},
    gateway::Gateway,
    prelude::*,
    transport::SendStream,
};

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[workers_ai_model("@cf/black-forest-labs/flux-2-dev")]
pub struct Flux2;

#[workers_ai_model("@cf/stabilityai/stable-diffusion-xl-base-1.0")]
pub struct Sdxl;

#[workers_ai_model("@cf/deepgram/nova-3")]
pub struct Nova;

#[workers_ai_model("@cf/deepgram/aura-2-en")]
pub struct Aura;

#[workers_ai_model("@cf/deepgram/flux")]
pub struct Turns;

#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Bge;

/// A set is a model here, too.
#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
}

/// A client can be the state of a server that wants it `Send` and `Sync`.
const _: fn() = || {
    fn is<T: Send + Sync + 'static>() {}
    is::<WorkersAi>();
};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let url = request.url()?;
    let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
    let binding = env.ai("AI")?;
    let ai = match query.get("over").map(String::as_str) {
        // The fake is a plain object: no object of its own can be made for a call.
        Some("fake") => WorkersAi::from_binding(interleaved::fake(&binding)?),
        Some("rest") => WorkersAi::builder().with_worker_env(&env).build()?,
        _ => WorkersAi::from_binding(&binding),
    };
    let ai = ai.with_retry(RetryPolicy::default().min_delay(Duration::from_millis(5)));
    let answer = match url.path() {
        "/speak" => sockets::speak(&binding).await.map(Answered::Json),
        "/listen" => sockets::listen(&binding).await.map(Answered::Json),
        "/no-socket" => sockets::refused(&interleaved::fake(&binding)?).await.map(Answered::Json),
        "/interleaved" => interleaved::all(&ai, &binding, &query).await.map(Answered::Json),
        "/hand-on" => hand_on(&ai, &query).await.map(Answered::Whole),
        path => route(path, request, &ai, &query).await.map(Answered::Json),
    };
    match answer {
        Ok(Answered::Whole(response)) => Ok(response),
        Ok(Answered::Json(answer)) => Response::from_json(&answer),
        Err(error) => {
            let known = error.downcast_ref::<workers_ai::Error>();
            Response::from_json(&json!({
                "error": chain(&*error),
                "code": known.and_then(workers_ai::Error::code).map(|code| format!("{code:?}")),
                "class": known.and_then(workers_ai::Error::class).map(|class| format!("{class:?}")),
                "status": known.and_then(workers_ai::Error::status).map(|status| status.as_u16()),
                "is_timeout": known.is_some_and(workers_ai::Error::is_timeout),
                "retry_at": known.and_then(workers_ai::Error::retry_at).map(|at| format!("{at:?}")),
            }))
        }
    }
}

/// Returns an error and its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

type Answer = Result<Value, Box<dyn std::error::Error>>;

enum Answered {
    Json(Value),
    Whole(Response),
}

/// Hands the service's response on: events or bytes, by the runtime or through the client.
async fn hand_on(ai: &WorkersAi, query: &HashMap<String, String>) -> Result<Response, Box<dyn std::error::Error>> {
    let fault = query.get("fault").cloned().unwrap_or_default();
    let story = Llama::input().prompt("a story");
    Ok(match query.get("what").map(String::as_str) {
        Some("bytes") => {
            ai.run(Sdxl, Sdxl::input().prompt("a lighthouse").num_steps(10))
                .header("x-sim-fault", fault)
                .bytes()
                .response()
                .await?
        }
        Some("decoded") => {
            let events = ai.stream(Llama, story).header("x-sim-fault", fault).await?;
            Response::from_stream(events.forward(|_| {}).map(|chunk| chunk.map(|bytes| bytes.to_vec())))?
        }
        _ => ai.stream(Llama, story).header("x-sim-fault", fault).response().await?,
    })
}

async fn route(path: &str, request: Request, ai: &WorkersAi, query: &HashMap<String, String>) -> Answer {
    let fault = query.get("fault").cloned().unwrap_or_default();
    macro_rules! call {
        ($call:expr) => {
            if fault.is_empty() { $call } else { $call.header("x-sim-fault", &fault) }
        };
    }
    Ok(match path {
        "/chat" => {
            let input = Llama::input().messages([user("Why is the sky blue?")]).max_tokens(300);
            let mut call = call!(ai.run(Llama, input)).tags(["a", "b"]).session_affinity("s1");
            if let Some(ttl) = query.get("ttl") {
                let ttl = Duration::from_secs(ttl.parse()?);
                call = call.gateway(Gateway::new("shop").cache_ttl(ttl).metadata("team", "search").event_id("e1"));
            }
            if query.contains_key("busy") {
                call = call.reject_if_busy();
            }
            if let Some(limit) = query.get("timeout") {
                call = call.timeout(Duration::from_millis(limit.parse()?)).retry(RetryPolicy::never());
            }
            let reply = call.await?;
            json!({ "text": reply.text(), "cache": format!("{:?}", reply.meta.cache), "log": reply.meta.log_id,
                    "attempts": reply.meta.attempts, "tokens": reply.meta.usage.map(|usage| usage.total_tokens) })
        }
        "/stream" => {
            let mut events = call!(ai.stream(Llama, Llama::input().prompt("a story"))).await?;
            let (mut text, mut count) = (String::new(), 0);
            while let Some(event) = events.next().await {
                text.push_str(event?.text());
                count += 1;
            }
            json!({ "text": text, "events": count })
        }
        "/set" => {
            let model: Assistant = query.get("model").map_or("Glm", String::as_str).parse()?;
            let reply = ai.run(model, Assistant::chat([user("hi")])).await?;
            json!({ "model": reply.meta.model, "text": reply.text() })
        }
        "/form" => {
            let picture = [0x89, b'P', b'N', b'G', 1, 2, 3];
            let input = Flux2::input().prompt("the same at dawn").num_steps(25).input_image_0(&picture[..]).width(512);
            json!({ "bytes": call!(ai.run(Flux2, input)).await?.image.decode()?.len() })
        }
        "/bytes" => {
            let mut bytes = call!(ai.run(Sdxl, Sdxl::input().prompt("a lighthouse").num_steps(10))).bytes().await?;
            let content_type = bytes.content_type().map(str::to_owned);
            let mut all = Vec::new();
            while let Some(chunk) = bytes.next().await {
                all.extend_from_slice(&chunk?);
            }
            json!({ "bytes": all.len(), "type": content_type, "head": all.get(1..4) })
        }
        "/upload" => {
            let chunks = stream::iter((0..4).map(|number| Ok::<_, std::io::Error>(vec![number; 1000])));
            let input = |audio| Nova::input().audio(audio).language("en").smart_format(true);
            json!({ "text": call!(ai.upload(Nova, "audio/mpeg", chunks, input)).await?.text() })
        }
        "/through" => {
            let mut request = request;
            let chunks = SendStream::new(request.stream()?);
            let input = |audio| Nova::input().audio(audio).language("en");
            json!({ "text": ai.upload(Nova, "audio/mpeg", chunks, input).await?.text() })
        }
        "/json" => {
            let schema = json!({ "type": "object", "properties": { "minutes": { "type": "integer" } }, "required": ["minutes"] });
            let call = call!(ai.run(Llama, Llama::input().messages([user("tomato soup")]).max_tokens(1000)));
            call.json_with::<Value>("recipe", schema).await?.output
        }
        "/embed" => {
            let texts: Vec<String> = (0..250).map(|number| format!("text {number}")).collect();
            let all = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await?;
            json!({ "vectors": all.len(), "dimensions": all.get(249).map(<[f32]>::len) })
        }
        "/batch" => {
            let job = ai.queue(Bge, ["a", "b"].map(|text| Bge::input().text(text))).await?;
            json!({ "results": job.wait(ai).poll_interval(Duration::from_millis(5)).await?.results.len() })
        }
        "/models" => json!({ "models": ai.models().task("Text Embeddings").await?.len() }),
        "/log" => {
            let reply = ai.run(Llama, Llama::input().prompt("x")).gateway(Gateway::new("shop")).await?;
            let log = reply.meta.log_id.clone().unwrap_or_default();
            ai.patch_log("shop", &log, Feedback::new().rating(Rating::Up)).await?;
            let read = ai.get_log("shop", &log).await?;
            json!({ "same": read.id == log, "feedback": read.rest.get("feedback") })
        }
        "/fallback" => {
            let first = ai.run(Llama, Llama::input().prompt("hi")).header("x-sim-fault", "code=3040");
            let second = ai.run(Assistant::Glm, Assistant::chat([user("hi")]));
            let reply = ai.fallback(Gateway::new("shop"), first).or(second).await?;
            json!({ "model": reply.meta.model, "step": reply.meta.step })
        }
        "/markdown" => {
            let files = [
                ("notes.txt", Media::new("the tide".as_bytes()).with_content_type("text/plain")),
                ("picture.png", Media::new([0x89, 0xff, 0xfe]).with_content_type("image/png")),
            ];
            let converted = ai.to_markdown(files).await?;
            let formats = ai.markdown_formats().await?;
            json!({ "files": converted.len(), "first": converted[0].markdown.as_ref().ok(), "name": converted[0].name,
                    "second": converted[1].markdown.as_ref().err(), "formats": formats.len() })
        }
        "/no-files" => json!({ "files": ai.to_markdown(Vec::<(String, Media)>::new()).await?.len() }),
        // What differs from isolate to isolate, or depends on the clock.
        "/chance" => {
            ai.run(Flux2, Flux2::input().prompt("x").num_steps(25)).await?;
            let patient = RetryPolicy::default().min_delay(Duration::from_millis(100)).max_attempts(3);
            let start = SystemTime::now();
            let busy =
                ai.run(Llama, Llama::input().prompt("x")).header("x-sim-fault", "code=3040").retry(patient).await;
            let pause = start.elapsed()?.as_millis();
            let quota = ai.run(Llama, Llama::input().prompt("x")).header("x-sim-fault", "code=3036").await;
            let seconds = |error: Option<workers_ai::Error>| {
                error.and_then(|error| error.retry_at()?.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_secs())
            };
            json!({ "pause": pause, "busy": seconds(busy.err()), "quota": seconds(quota.err()) })
        }
        "/large" => {
            let input = json!({ "prompt": "x", "seed": 9_007_199_254_740_993_u64 });
            ai.model("@cf/meta/llama-3.3-70b-instruct-fp8-fast").run(input).await?.output
        }
        "/routes" => ai.model("@cf/zai-org/glm-5.2").chat(json!({ "messages": [] })).await?.output,
        "/schema" => json!({ "input": ai.model_schema("@cf/zai-org/glm-5.2").await?.input }),
        "/drop" => {
            let call = ai.run(Llama, Llama::input().prompt("slow")).header("x-sim-fault", "latency=1500");
            let pause = worker::Delay::from(Duration::from_millis(100));
            let dropped = matches!(select(pin!(call.into_future()), pause).await, Either::Right(_));
            json!({ "dropped": dropped })
        }
        _ => json!({ "error": "no route" }),
    })
}
