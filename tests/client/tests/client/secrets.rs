//! Tokens are never printed.

use workers_ai::{
    RetryPolicy, Secret, WorkersAi,
    gateway::{Gateway, GatewayHost},
};
use workers_ai_sim::{Fault, Sim};

use crate::models::Llama;

const TOKEN: &str = "s3cr3t-t0ken";

#[tokio::test]
async fn the_token_is_in_no_error_and_in_no_debug_output() {
    let sim = Sim::builder().token(TOKEN).start().await.expect("a free port");
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(TOKEN);
    let ai = builder.clone().build().expect("a client");
    let gateway = Gateway::new("shop").authorization(TOKEN);
    let call = ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway.clone()).header("x-api-key", TOKEN);
    let mut shown = vec![
        format!("{builder:?}"),
        format!("{ai:?}"),
        format!("{gateway:?}"),
        format!("{call:?}"),
        format!("{:?}", Secret::new(TOKEN)),
    ];
    for fault in [Fault::code(3030), Fault::status(404), Fault::invalid_json(), Fault::reset()] {
        for _ in 0..4 {
            sim.fail_next(fault.clone());
        }
        let policy = RetryPolicy::never();
        let error = ai.run(Llama, Llama::input().prompt("hello")).retry(policy).await.expect_err("a fault");
        shown.push(format!("{error} {error:?}"));
        for _ in 0..3 {
            let _ = ai.run(Llama, Llama::input().prompt("hello")).retry(policy).await;
        }
    }
    let wrong = builder.base_url("no url").build().expect_err("no URL");
    shown.push(format!("{wrong} {wrong:?}"));
    for shown in shown {
        assert!(!shown.contains(TOKEN), "{shown}");
    }
    // It was sent, though.
    let sent = format!("Bearer {TOKEN}");
    assert!(sim.requests().iter().all(|request| request.header("authorization") == Some(sent.as_str())));
}

/// A server that puts the secrets of a request into its responses: a status, a content type and a body for each.
async fn parrot(responses: &'static [(u16, &'static str, &'static str)]) -> WorkersAi {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let next = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let router = axum::Router::new().fallback(move |headers: axum::http::HeaderMap| {
        let (status, content_type, body) = responses[next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)];
        async move {
            let of =
                |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
            let secrets = [of("authorization"), of("cf-aig-authorization"), of("x-api-key")].join(" ");
            let body = body.replace("SECRETS", &secrets);
            // Two pieces, so that a secret is in both.
            let (start, end) = body.split_at(body.find("t0ken").map_or(1, |at| at + 2));
            let pieces = [start.to_owned(), end.to_owned()].map(Ok::<_, std::io::Error>);
            axum::http::Response::builder()
                .status(status)
                .header("content-type", content_type)
                .header("cf-ray", secrets)
                .body(axum::body::Body::from_stream(futures_util::stream::iter(pieces)))
                .expect("a response")
        }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let builder = WorkersAi::builder().base_url(format!("http://{address}")).account("a").token(TOKEN);
    builder.build().expect("a client")
}

#[tokio::test]
async fn a_server_that_repeats_secrets_does_not_bring_them_into_errors() {
    const JSON: &str = "application/json";
    const RESPONSES: &[(u16, &str, &str)] = &[
        (403, JSON, r#"{"errors":[{"code":10000,"message":"SECRETS"}],"success":false}"#),
        (502, "text/html", "<html><title>SECRETS</title>"),
        (200, JSON, r#"{"errors":[{"code":3030,"message":"SECRETS"}],"success":false}"#),
        (200, JSON, r#"{"result":["SECRETS"],"success":true}"#),
        (200, JSON, "no JSON but SECRETS"),
        (200, "text/event-stream", "data: {\"error\":{\"message\":\"SECRETS\"}}\n\n"),
        (200, "text/event-stream", "data: {\"response\": SECRETS\n\n"),
    ];
    const GATEWAY_TOKEN: &str = "gateway-t0ken/with/slashes";
    const KEY: &str = "provider-k3y";
    let ai = parrot(RESPONSES).await;
    let gateway = Gateway::new("shop").authorization(GATEWAY_TOKEN);
    for (_, content_type, body) in RESPONSES {
        let options = RetryPolicy::never();
        let error = if *content_type == "text/event-stream" {
            let call = ai.stream(Llama, Llama::input().prompt("hello")).retry(options);
            match call.gateway(gateway.clone()).header("x-api-key", KEY).await {
                Ok(stream) => stream.collect().await.map(|_| ()).expect_err(body),
                Err(error) => error,
            }
        } else {
            let call = ai.run(Llama, Llama::input().prompt("hello")).retry(options);
            call.gateway(gateway.clone()).header("x-api-key", KEY).await.map(|_| ()).expect_err(body)
        };
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let body = error.body().map(String::from_utf8_lossy);
        let shown = format!("{error} {error:?} {source:?} {body:?} {:?}", error.request_id());
        for secret in [TOKEN, GATEWAY_TOKEN, KEY] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
        assert!(shown.contains("[secret]"), "{shown}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_error_and_gets_no_tokens() {
    let elsewhere = Sim::builder().token(TOKEN).start().await.expect("a free port");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let target = format!("{}/client/v4/accounts/{}/ai/run/x", elsewhere.url(), elsewhere.account());
    let redirect = axum::Router::new().fallback(move || {
        let target = target.clone();
        async move { axum::response::Redirect::permanent(&target) }
    });
    tokio::spawn(async move { axum::serve(listener, redirect).await });
    let builder = WorkersAi::builder().base_url(format!("http://{address}")).account(elsewhere.account()).token(TOKEN);
    let ai = builder.build().expect("a client");
    let call = ai.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop").authorization(TOKEN));
    let error = call.await.expect_err("a redirect");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(308), "{error}");
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn calls_show_neither_prompts_nor_recordings() {
    let (_sim, ai) = crate::setup::start().await;
    let prompt = || Llama::input().prompt("the prompt");
    let shown = [
        format!("{:?}", ai.run(Llama, prompt())),
        format!("{:?}", ai.run(Llama, prompt()).raw()),
        format!("{:?}", ai.stream(Llama, prompt())),
        format!("{:?}", ai.fallback(Gateway::new("shop"), ai.run(Llama, prompt()))),
    ];
    for shown in shown {
        assert!(shown.contains("llama-3.3") && !shown.contains("the prompt") && shown.len() < 1_000, "{shown}");
    }
}

#[test]
fn the_token_travels_encrypted_or_stays_on_this_machine() {
    let build = |url: &str| WorkersAi::builder().account(crate::setup::ACCOUNT).token("t").base_url(url);
    for url in ["http://localhost:1", "http://app.localhost", "http://127.0.0.1:1", "http://[::1]:1"] {
        build(url).build().expect(url);
        GatewayHost::at(url).expect(url);
    }
    GatewayHost::at("https://example.test").expect("it is encrypted");
    for url in
        ["http://example.test", "http://localhost.example.test", "http://127.0.0.1.example.test", "http://10.0.0.1"]
    {
        let error = build(url).build().expect_err(url).to_string();
        let hint = "use https, or call `.allow_plain_http()` if you trust every machine on the way";
        assert_eq!(error, format!("the API token would travel unencrypted to {url}: {hint}"));
        GatewayHost::at(url).expect_err(url);
        build(url).allow_plain_http().build().expect(url);
        GatewayHost::at_plain_http(url).expect(url);
    }
}

#[test]
fn secrets_in_urls_are_refused_and_not_printed() {
    for url in
        ["https://user:hunter2@example.test", "https://example.test/?token=hunter2", "https://example.test/#hunter2"]
    {
        let error = WorkersAi::builder().account("a").token("t").base_url(url).build().expect_err(url);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}
