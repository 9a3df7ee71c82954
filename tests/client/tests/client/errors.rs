//! Errors with their evidence.

use workers_ai::{Error, ErrorCode, RetryPolicy, WorkersAi, error::ConfigError, prelude::*};
use workers_ai_sim::Fault;

use crate::{
    models::Llama,
    setup::{ACCOUNT, start},
};

#[tokio::test]
async fn the_services_refusal_is_read_and_kept() {
    let (_sim, ai) = start().await;
    let error = ai.model(Llama::ID).unchecked().run(serde_json::json!({ "prompt": 5 })).await.expect_err("no text");
    assert_eq!(error.code(), Some(ErrorCode::SchemaViolation));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert!(error.to_string().contains("Type mismatch of '/prompt'"), "{error}");
    assert!(error.advice().is_some());
    assert!(error.body().expect("a body").starts_with(b"{"));

    let error = ai.model("@cf/nobody/nothing").run(serde_json::json!({})).await.expect_err("no model");
    assert_eq!(error.code(), Some(ErrorCode::NoSuchModel));
}

#[tokio::test]
async fn a_damaged_answer_is_kept() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::invalid_json());
    let error = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("damaged");
    let Error::Decode { model, .. } = &error else { panic!("{error}") };
    assert_eq!(model, Llama::ID);
    assert_eq!(error.body(), Some(&b"{\"result\": {\"respon"[..]));
    assert!(!error.is_retryable());
    assert_eq!(sim.request_count(), 1);
}

#[tokio::test]
async fn a_wrong_token_is_said_to_be_wrong() {
    let (sim, _) = start().await;
    let build = |account: &str, token: &str| {
        WorkersAi::builder().base_url(sim.url()).account(account).token(token).build().expect("a client")
    };
    let error = build(sim.account(), "wrong").run(Llama, Llama::input().prompt("hello")).await.expect_err("refused");
    assert_eq!(error.code(), Some(ErrorCode::Unauthenticated));
    let error = build("another", sim.token()).run(Llama, Llama::input().prompt("hello")).await.expect_err("refused");
    assert_eq!(error.code(), Some(ErrorCode::NoRoute));
}

#[test]
fn a_client_that_cannot_work_is_not_made() {
    let of = |builder: workers_ai::WorkersAiBuilder| match builder.build().expect_err("wrong") {
        Error::Configuration(error) => error,
        other => panic!("{other}"),
    };
    let builder = WorkersAi::builder;
    assert_eq!(of(builder().token("x")), ConfigError::MissingAccount);
    assert_eq!(of(builder().account("x")), ConfigError::MissingToken);
    assert_eq!(of(builder().account("a/b").token("x")), ConfigError::Account("a/b".to_owned()));
    for account in ["staging", "0123456789abcdef", "g123456789abcdef0123456789abcdef"] {
        let error = of(builder().account(account).token("x"));
        assert_eq!(error, ConfigError::Account(account.to_owned()));
        assert!(error.to_string().contains("it has 32 hexadecimal digits"), "{error}");
    }
    builder().account("staging").token("x").base_url("http://localhost:1").build().expect("a server on this machine");
    assert_eq!(of(builder().account(ACCOUNT).token("x\ny")), ConfigError::Token);
    let base = |url: &str| of(builder().account(ACCOUNT).token("x").base_url(url));
    let shown = format!("{:?}", builder().base_url("https://user:PASSWORD@host"));
    assert!(
        !shown.contains("PASSWORD") && !base("https://user:PASSWORD@host").to_string().contains("PASSWORD"),
        "{shown}"
    );
    for url in ["api.cloudflare.com", "ftp://x", "https://x/?a=1", ""] {
        assert!(matches!(base(url), ConfigError::BaseUrl { .. }), "{url}");
    }
    for path in ["/client/v4/accounts/x", "/client/v4/accounts/x/ai/v1", "/accounts/x/ai/run/", "/ai/v1", "/v4/ai"] {
        let error = base(&format!("https://api.cloudflare.com{path}")).to_string();
        let wanted = "the client adds the path of the account itself: use `https://api.cloudflare.com`";
        assert!(error.contains(wanted), "{error}");
    }
    builder().account(ACCOUNT).token("x").base_url("http://localhost:1/cloudflare").build().expect("a prefix");
}

#[tokio::test]
async fn an_id_that_leads_elsewhere_is_not_sent() {
    let (sim, ai) = start().await;
    for id in ["", "..", "@cf/../../x", "@cf//x", "a\\b", "@cf/a\tb", "@cf/x/.\t./y"] {
        let error = ai.model(id).run(serde_json::json!({})).await.expect_err("no id");
        assert!(matches!(error, Error::Transport(_)), "{id}: {error}");
    }
    for (gateway, log) in [("..", "a"), ("shop", ".\t./x"), ("shop", "a/b"), ("a/b", "c")] {
        let error = ai.get_log(gateway, log).await.expect_err("no ID");
        assert!(matches!(error, Error::Transport(_) | Error::Configuration(_)), "{gateway} {log}: {error}");
    }
    assert!(sim.requests().is_empty());
    // No other character in an ID can end the path.
    let error = ai.model("@cf/a?b#c").run(serde_json::json!({})).await.expect_err("no model");
    assert_eq!(error.code(), Some(ErrorCode::NoSuchModel));
    assert!(sim.requests()[0].uri.query().is_none());
}

#[tokio::test]
async fn every_layer_of_an_error_is_printed_once() {
    let (sim, ai) = start().await;
    sim.fail_next(Fault::invalid_json());
    let unreadable = ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("damaged");
    sim.fail_next(Fault::reset());
    let lost = ai.run(Llama, Llama::input().prompt("a")).retry(RetryPolicy::never()).await.expect_err("lost");
    sim.fail_next(Fault::cut(1));
    let cut = ai.stream(Llama, Llama::input().prompt("a")).await.expect("a stream").collect().await.expect_err("cut");
    for error in [unreadable, lost, cut] {
        let mut layers = vec![error.to_string()];
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            layers.push(error.to_string());
            cause = error.source();
        }
        for (index, layer) in layers.iter().enumerate() {
            let others = layers.iter().enumerate().filter(|(other, _)| *other != index);
            assert!(others.clone().all(|(_, other)| !other.contains(layer.as_str())), "{layers:?}");
        }
        assert!(layers.len() > 1 || matches!(error, Error::Stream(_)), "{layers:?}");
    }
}
