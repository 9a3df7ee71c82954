//! The headers of a client and of a call.

use workers_ai::{Error, Media, WorkersAi, WorkersAiBuilder};
use workers_ai_sim::Sim;

use crate::{
    models::{Llama, Nova},
    setup::start,
};

fn builder(sim: &Sim) -> WorkersAiBuilder {
    WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token())
}

#[tokio::test]
async fn a_header_of_the_client_is_sent_whoever_made_the_http_client() {
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    for http in [None, Some(http)] {
        let sim = Sim::start().await.expect("a free port");
        let mut builder = builder(&sim).header("x-team", "search").header("X-Key", "k").header("x-key", "s3cr3t");
        if let Some(http) = http {
            builder = builder.http_client(http);
        }
        let shown = format!("{builder:?}");
        let ai = builder.build().expect("a client");
        let hello = || Llama::input().prompt("hello");
        ai.run(Llama, hello()).header("X-Team", "shop").await.expect("a reply");
        ai.run(Llama, hello()).await.expect("a reply");
        ai.stream(Llama, hello()).await.expect("a stream").collect().await.expect("a reply");
        ai.models().await.expect("models");
        for (number, request) in sim.requests().iter().enumerate() {
            // A call's own header wins.
            let team = if number == 0 { "shop" } else { "search" };
            assert_eq!(request.headers.get_all("x-team").iter().collect::<Vec<_>>(), [team]);
            assert_eq!(request.header("x-key"), Some("s3cr3t"));
            assert_eq!(request.header("authorization"), Some(format!("Bearer {}", sim.token()).as_str()));
        }
        assert!(!format!("{shown} {ai:?}").contains("s3cr3t"), "{shown} {ai:?}");
    }
}

#[tokio::test]
async fn what_a_body_is_says_the_body() {
    let sim = Sim::start().await.expect("a free port");
    let ai = builder(&sim).header("content-type", "text/plain").build().expect("a client");
    let audio = Media::new(b"ID3\x04 an MP3").with_content_type("audio/mpeg");
    ai.run(Nova, Nova::input().audio(audio)).await.expect("a transcript");
    assert_eq!(sim.requests()[0].header("content-type"), Some("audio/mpeg"));
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_refused_and_so_is_a_second_token() {
    let sim = Sim::start().await.expect("a free port");
    for (name, value, why) in [
        ("bad name", "x", "invalid header name `bad name`"),
        ("x", "a\nb", "invalid value for the header `x`"),
        (
            "Authorization",
            "Bearer s3cr3t",
            "the header `authorization` carries the token: set it with `WorkersAiBuilder::token`",
        ),
    ] {
        for http in [None, Some(reqwest::Client::new())] {
            let mut builder = builder(&sim).header(name, value);
            if let Some(http) = http {
                builder = builder.http_client(http);
            }
            let error = builder.build().expect_err("no header");
            assert!(matches!(error, Error::Configuration(_)) && error.to_string().contains(why), "{error}");
        }
    }
}

#[tokio::test]
async fn a_content_type_that_no_header_can_hold_is_refused() {
    let sim = Sim::start().await.expect("a free port");
    let ai = builder(&sim).build().expect("a client");
    let audio = Media::new(b"ID3\x04 an MP3").with_content_type("audio/mpeg\r\nX-Evil: 1\r\n\r\ninjected");
    let error = ai.run(Nova, Nova::input().audio(audio)).await.expect_err("no content type");
    assert!(matches!(error, Error::Configuration(_)), "{error:?}");
    assert!(error.to_string().contains("`audio/mpeg\\r\\nX-Evil"), "{error}");
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn what_a_calls_headers_hold_is_not_shown() {
    let sim = Sim::start().await.expect("a free port");
    let ai = builder(&sim).build().expect("a client");
    let hello = || Llama::input().prompt("hello");
    let call = ai.run(Llama, hello()).header("x-key", "s3cr3t").session_affinity("s3cr3t too");
    let stream = ai.stream(Llama, hello()).header("x-key", "s3cr3t");
    let batch = ai.queue(Llama, [Llama::batch_item().prompt("hello")]);
    let job = batch.await.expect("a job");
    let (poll, wait) = (job.poll(&ai).header("x-key", "s3cr3t"), job.wait(&ai).header("x-key", "s3cr3t"));
    let shown = format!("{call:?} {stream:?} {poll:?} {wait:?}");
    assert!(shown.contains("x-key") && !shown.contains("s3cr3t"), "{shown}");
    let shown = format!("{:?}", call.raw());
    assert!(!shown.contains("s3cr3t"), "{shown}");
}

#[tokio::test]
async fn headers_of_http_itself_and_invalid_sessions_are_refused_without_their_values() {
    let (sim, ai) = start().await;
    let call = || ai.run(Llama, Llama::input().prompt("hello"));
    for (name, value) in [("content-length", "5"), ("Transfer-Encoding", "chunked"), ("host", "example.com")] {
        let error = call().header(name, value).await.expect_err("not the caller's");
        assert!(matches!(error, Error::Configuration(_)), "{name}: {error}");
    }
    let error = call().session_affinity("USER\nSESSION").await.expect_err("no value of a header");
    assert!(!error.to_string().contains("SESSION"), "{error}");
    assert!(sim.requests().is_empty());
}

#[test]
fn a_token_of_nothing_is_none() {
    for token in ["", "   ", "\t"] {
        let error = WorkersAi::builder().account("account").token(token).build().expect_err("no token");
        assert_eq!(
            error.to_string(),
            "no API token: call `.token(…)`, or set CLOUDFLARE_API_TOKEN and use `from_env()` or `.with_env()`"
        );
    }
}
