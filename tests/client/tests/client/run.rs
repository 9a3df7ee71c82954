//! Calls with complete responses, in every form of request and response bodies.

use serde_json::json;
use workers_ai::{Error, RetryPolicy, billing::ApproximateCounter, prelude::*};

use crate::{
    models::{Aura, Bge, Flux, Flux2, Kimi, Llama, M2m, Nova, Sdxl, Whisper},
    setup::start,
};

#[tokio::test]
async fn a_picture_in_an_envelope_is_decoded() {
    let (sim, ai) = start().await;
    let picture = ai.run(Flux, Flux::input().prompt("a lighthouse").num_steps(4)).await.expect("a picture");
    assert!(picture.image.decode().expect("base64").starts_with(b"\xff\xd8\xff"));
    assert_eq!(picture.meta.model, Flux::ID);
    assert_eq!(picture.meta.attempts, 1);
    assert!(picture.meta.request_id.is_some());
    // The Rust name is ours, the name on the wire is the service's.
    assert_eq!(sim.requests()[0].json()["steps"], 4);
}

#[tokio::test]
async fn a_picture_as_bytes_is_taken_as_it_is() {
    let (_sim, ai) = start().await;
    let picture = ai.run(Sdxl, Sdxl::input().prompt("a lighthouse").num_steps(4)).await.expect("a picture");
    assert_eq!(picture.image.content_type(), "image/png");
    assert!(picture.image.decode().expect("bytes").starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn both_kinds_of_chat_answers_read_alike() {
    async fn ask<M: Chat + Run>(ai: &WorkersAi, model: M) -> String {
        let reply = ai.run(model, M::chat([user("Why is the sky blue?")]).max_tokens(300)).await.expect("a reply");
        assert!(reply.usage().expect("usage").total_tokens > 0);
        assert_eq!(reply.meta.usage.as_ref(), reply.usage());
        reply.text().into_owned()
    }
    let (_sim, ai) = start().await;
    assert!(ask(&ai, Llama).await.contains("Why is the sky blue?"));
    assert!(ask(&ai, Kimi).await.contains("Why is the sky blue?"));
}

#[tokio::test]
async fn a_form_is_sent_as_a_form() {
    let (sim, ai) = start().await;
    let picture =
        ai.run(Flux2, Flux2::input().prompt("a lighthouse").num_steps(4).width(256)).await.expect("a picture");
    assert!(picture.image.decode().expect("base64").starts_with(b"\xff\xd8\xff"));
    let request = &sim.requests()[0];
    assert!(request.header("content-type").expect("a type").starts_with("multipart/form-data; boundary="));
    assert!(String::from_utf8_lossy(&request.body).contains("name=\"width\"\r\n\r\n256\r\n"));
}

#[tokio::test]
async fn speech_goes_there_and_back() {
    let (sim, ai) = start().await;
    let spoken = ai.run(Aura, Aura::input().text("the tide comes in")).await.expect("speech");
    assert_eq!(spoken.audio.content_type(), "audio/mpeg");
    let recording = spoken.audio.to_media().expect("a recording");

    // One model takes the bytes as the body, with everything else beside it; another takes base64.
    let heard = ai.run(Nova, Nova::input().audio(recording.clone()).language("en")).await.expect("a transcript");
    let raw = format!("{heard:?}");
    assert!(raw.contains("the tide comes in"), "{raw}");
    let request = &sim.requests()[1];
    assert_eq!(request.header("content-type"), Some("audio/mpeg"));
    assert_eq!(request.uri.query(), Some("language=en"));

    let heard = ai.run(Whisper, Whisper::input().audio(recording)).await.expect("a transcript");
    assert_eq!(Transcript::text(&*heard), "the tide comes in");
    assert!(sim.requests()[2].json()["audio"].is_string());
}

#[tokio::test]
async fn speech_comes_in_pieces_where_that_is_wanted() {
    let (sim, ai) = start().await;
    let call = || ai.run(Aura, Aura::input().text("the tide comes in")).bytes();
    sim.fail_next(workers_ai_sim::Fault::code(3040));
    sim.fail_next(workers_ai_sim::Fault::drip(std::time::Duration::from_millis(1)));
    let mut speech = call().await.expect("speech");
    assert_eq!((speech.content_type(), speech.meta().attempts), (Some("audio/mpeg"), 2));
    let mut pieces = Vec::new();
    while let Some(piece) = speech.next().await {
        pieces.push(piece.expect("a piece"));
    }
    assert!(pieces.len() > 1);
    let whole = ai.run(Aura, Aura::input().text("the tide comes in")).await.expect("speech");
    assert_eq!(pieces.concat(), whole.audio.decode().expect("bytes"));
    sim.fail_next(workers_ai_sim::Fault::reset());
    let mut broken = call().await.expect("speech");
    let mut last = broken.next().await;
    while let Some(Ok(_)) = last {
        last = broken.next().await;
    }
    assert!(
        matches!(last, Some(Err(Error::Transport(error))) if error.kind == workers_ai::error::TransportErrorKind::Interrupted)
    );
}

#[tokio::test]
async fn vectors_have_their_dimensions() {
    let (_sim, ai) = start().await;
    let vectors = ai.run(Bge, Bge::input().text(["a", "b", "c"])).await.expect("vectors");
    assert_eq!((vectors.count(), vectors.dimensions()), (3, 768));
}

#[tokio::test]
async fn a_model_without_a_type_takes_and_gives_json() {
    let (_sim, ai) = start().await;
    let input = serde_json::json!({ "text": "hello", "target_lang": "german" });
    let answer = ai.model(M2m::ID).run(input).await.expect("an answer");
    assert_eq!(answer["translated_text"], "[german] hello");
}

#[tokio::test]
async fn a_partners_model_is_named_in_the_body() {
    let (sim, ai) = start().await;
    let error = ai.model("openai/gpt-nothing").run(serde_json::json!({ "input": "hello" })).await.expect_err("none");
    assert_eq!(error.code(), Some(workers_ai::ErrorCode::NoSuchModel));
    let request = &sim.requests()[0];
    assert!(request.uri.path().ends_with("/ai/run"), "{}", request.uri);
    let body = serde_json::json!({ "model": "openai/gpt-nothing", "input": { "input": "hello" } });
    assert_eq!(request.json(), body);
}

#[tokio::test]
async fn an_invalid_input_is_not_sent() {
    let (sim, ai) = start().await;
    let error = ai.run(Flux, Flux::input().prompt("a lighthouse").num_steps(9)).await.expect_err("9 is too many");
    let Error::InvalidInput(invalid) = &error else { panic!("{error}") };
    assert_eq!(invalid.violations[0].field, "num_steps");
    assert!(error.to_string().contains("`num_steps` must be between 1 and 8, got 9"), "{error}");
    assert!(!error.is_retryable());
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn options_reach_the_service() {
    let (sim, ai) = start().await;
    ai.run(Llama, Llama::input().prompt("hello"))
        .tags(["team:search", "nightly"])
        .session_affinity("session-1")
        .header("x-trace", "abc")
        .reject_if_busy()
        .retry(RetryPolicy::never())
        .await
        .expect("a reply");
    let request = &sim.requests()[0];
    assert_eq!(request.uri.query(), Some("tags=team%3Asearch%2Cnightly"));
    assert_eq!(request.header("x-session-affinity"), Some("session-1"));
    assert_eq!(request.header("x-trace"), Some("abc"));
    assert_eq!(request.json()["options"]["rejectIfBusy"], true);
    assert_eq!(request.json()["prompt"], "hello");
}

#[tokio::test]
async fn options_out_of_their_limits_are_refused_before_anything_is_sent() {
    let (sim, ai) = start().await;
    let call = || ai.run(Llama, Llama::input().prompt("hello"));
    for call in [
        call().tags(["a", "b", "c", "d", "e", "f"]),
        call().tags(["with space"]),
        call().tags(["x".repeat(51)]),
        call().header("bad name", "x"),
        call().header("x", "a\nb"),
    ] {
        let error = call.await.expect_err("out of limits");
        assert!(matches!(error, Error::Configuration(_)), "{error}");
    }
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn a_raw_call_hands_over_what_came() {
    let (sim, ai) = start().await;
    let raw = ai.run(Llama, Llama::input().prompt("hello")).raw().await.expect("an answer");
    assert_eq!(raw.status, 200);
    assert!(raw.body.starts_with(b"{\"errors\":[]"));
    sim.fail_next(workers_ai_sim::Fault::code(5007));
    let raw = ai.run(Llama, Llama::input().prompt("hello")).raw().await.expect("an answer");
    assert_eq!(raw.status, 400);
}

#[tokio::test]
async fn a_struct_of_ones_own_is_sent() {
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    struct Poster {
        prompt: String,
        num_steps: u8,
    }
    let (sim, ai) = start().await;
    let picture = ai.send(Poster { prompt: "a poster".to_owned(), num_steps: 2 }).await.expect("a picture");
    assert_eq!(picture.image.content_type(), "image/jpeg");
    assert_eq!(sim.requests()[0].json(), serde_json::json!({ "prompt": "a poster", "steps": 2 }));
    let error = ai.send(Poster { prompt: "a poster".to_owned(), num_steps: 0 }).await.expect_err("too few");
    assert!(matches!(error, Error::InvalidInput(_)), "{error}");
}

#[tokio::test]
async fn pictures_are_looked_at() {
    let (_sim, ai) = start().await;
    let picture = ai.run(Flux, Flux::input().prompt("a lighthouse").num_steps(1)).await.expect("a picture");
    let bytes = picture.image.decode().expect("base64");
    let question = user([text("What is this?"), workers_ai::chat::image(bytes)]);
    let reply = ai.run(Kimi, Kimi::input().messages([question])).await.expect("a reply");
    assert!(reply.text().contains("a lighthouse"), "{}", reply.text());
}

#[tokio::test]
async fn a_meter_sums_what_calls_took() {
    let (_sim, ai) = start().await;
    let meter = workers_ai::billing::Meter::new();
    let mut tokens = 0;
    for _ in 0..2 {
        let reply = ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
        tokens += reply.meta.usage.expect("usage").total_tokens;
        meter.clone().add(Llama, &reply.meta);
    }
    let taken = meter.by_model()[Llama::ID];
    assert_eq!((taken.calls, taken.usage.total_tokens), (2, tokens));
    assert!(taken.cost.expect("prices").usd() > 0.0);
    assert!(meter.to_string().contains("2 calls"), "{meter}");
}

#[tokio::test]
async fn what_does_not_fit_is_not_sent_where_the_client_checks() {
    let (sim, ai) = start().await;
    let careful = ai.with_context_check(ApproximateCounter);
    let window = Llama::INFO.context_window.expect("a window");
    let long = || Llama::input().messages([user("word ".repeat(window as usize))]).max_tokens(1_000);
    let error = careful.run(Llama, long()).await.expect_err("too long");
    let Error::ContextExceeded { model, limit, input_tokens, output_tokens: 1_000 } = &error else { panic!("{error}") };
    assert_eq!((model.as_str(), *limit), (Llama::ID, u64::from(window)));
    assert!(*input_tokens > *limit && error.to_string().contains(&limit.to_string()), "{error}");
    let error = careful.stream(Llama, long()).await.expect_err("too long");
    assert_eq!((error.kind(), error.is_retryable()), ("context_exceeded", false));
    assert_eq!(sim.request_count(), 0);
    // Inputs that fit are sent, and other clients do not check.
    careful.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
    ai.run(Llama, long()).await.expect("a reply");
    careful
        .embed_all(Bge, ["twenty words or so"; 300], |texts| Bge::input().text(texts))
        .await
        .expect("each text fits");
}

#[tokio::test]
async fn a_model_that_is_known_by_its_id_is_asked_like_others() {
    let (sim, ai) = start().await;
    for id in [Llama::ID, Kimi::ID] {
        let model = ai.model(id);
        let reply = model.ask([system("Be brief."), user("number 7,")]).set("max_tokens", 300).await.expect(id);
        assert!(reply.text().contains("number 7,"), "{id}: {}", reply.text());
        let body = sim.requests().pop().expect("a request").json();
        assert_eq!((&body["max_tokens"], &body["messages"][0]["role"]), (&json!(300), &json!("system")), "{id}");
        let streamed = model.ask([user("number 8,")]).streamed().await.expect(id).collect().await.expect(id);
        assert!(streamed.text.contains("number 8,"), "{id}: {}", streamed.text);
    }
    let calls = r#"{"choices":[{"message":{"tool_calls":[{"id":"c","function":{"name":"clock","arguments":"{}"}}]}}]}"#;
    let mock = workers_ai::transport::MockTransport::new().json(calls).json(r#"{"response":"Noon."}"#);
    let tools = workers_ai::chat::ToolBox::new();
    let tools =
        tools.raw("clock", "The time", json!({ "type": "object" }), |_| async { Ok::<_, String>(json!("noon")) });
    let ai = WorkersAi::with_transport(mock);
    let reply = ai.model("@cf/my/model").ask([user("When?")]).tools(&tools).await.expect("a reply");
    assert_eq!(reply.text(), "Noon.");
}

#[tokio::test]
async fn a_picture_is_saved_whole_or_not_at_all() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("saved");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let picture = |size: usize| {
        let bytes = [&b"\xff\xd8\xff\xe0"[..], &vec![b'x'; size]].concat();
        workers_ai::Image::from_body(Some("image/png"), &bytes).expect("a picture")
    };
    assert_eq!(picture(10).extension(), "jpg");
    let path = folder.join("a.jpg");
    // Many write the same file: each reader finds one of them, whole.
    std::thread::scope(|scope| {
        for size in [100_000, 200_000, 300_000, 400_000] {
            let (path, picture) = (&path, picture(size));
            scope.spawn(move || (0..10).for_each(|_| picture.save(path).expect("a file")));
        }
        for _ in 0..200 {
            if let Ok(bytes) = std::fs::read(&path) {
                assert_eq!((bytes.len() - 4) % 100_000, 0);
            }
        }
    });
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left beside it");
    assert!(picture(10).save(folder.join("none/a.jpg")).is_err());
    #[cfg(unix)]
    {
        let link = folder.join("link.jpg");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        picture(10).save(&link).expect("a file");
        assert!(std::fs::symlink_metadata(&link).expect("a link").is_symlink());
        assert_eq!(std::fs::read(&path).expect("the file").len(), 14);
    }
}
