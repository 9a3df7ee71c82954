//! Fallbacks, whose steps have their own options, and refusals by gateways.

use std::time::Duration;

use serde_json::json;
use workers_ai::{
    Error, RetryPolicy, SingleModel, WorkersAi,
    billing::ApproximateCounter,
    catalog::ModelInfo,
    chat::{ChatReply, FinishReason, user},
    gateway::{Backoff, Gateway, GatewayReason},
};
use workers_ai_sim::{Fault, Sim};

use crate::models::{Kimi, Llama};

async fn start() -> (Sim, WorkersAi) {
    let sim = Sim::start().await.expect("a free port");
    // Its gateways are where the API is.
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token());
    let ai = builder.build().expect("a client");
    (sim, ai)
}

#[tokio::test]
async fn each_step_keeps_its_own_options() {
    let (sim, ai) = start().await;
    let whole = Gateway::new("shop").retries(2, Duration::from_millis(5), Backoff::Constant).metadata("team", "search");
    let own = Gateway::new("shop").request_timeout(Duration::from_secs(3)).cache_key("kimi");
    let kimi = ai.run(Kimi, Kimi::input().messages([user("hello")]));
    let kimi = kimi.gateway(own).header("x-step", "first").reject_if_busy();
    let llama = ai.run(Llama, Llama::input().prompt("hello")).timeout(Duration::from_secs(7));
    let reply = ai.fallback(whole, kimi).or(llama).tags(["shop"]).await.expect("a reply");
    assert_eq!(reply.meta.model, Kimi::ID);
    assert_eq!(reply.meta.attempts, 1);
    assert!(reply.meta.usage.is_some() && reply.meta.duration > Duration::ZERO);

    let request = &sim.requests()[0];
    assert_eq!(request.header("cf-aig-max-attempts"), Some("2"));
    assert_eq!(request.uri.query(), Some("tags=shop"));
    let steps = request.json();
    for step in 0..2 {
        // The universal endpoint passes a step's own headers on.
        assert_eq!(steps[step]["headers"]["Authorization"], format!("Bearer {}", sim.token()));
    }
    assert_eq!(steps[0]["config"], json!({ "requestTimeout": 3000 }));
    assert_eq!(steps[0]["headers"]["x-step"], "first");
    assert_eq!(steps[0]["headers"]["cf-aig-cache-key"], "kimi");
    assert_eq!(steps[0]["headers"]["cf-aig-metadata"], json!(null));
    assert_eq!(steps[0]["query"]["options"], json!({ "rejectIfBusy": true }));
    assert_eq!(
        steps[1]["config"],
        json!({ "maxAttempts": 2, "retryDelay": 5, "backoff": "constant", "requestTimeout": 7000 })
    );
    assert_eq!(steps[1]["headers"]["cf-aig-metadata"], r#"{"team":"search"}"#);
}

#[tokio::test]
async fn every_step_fails_at_once_if_the_fallback_should() {
    let (sim, ai) = start().await;
    let llama = || ai.run(Llama, Llama::input().prompt("hello"));
    ai.fallback(Gateway::new("shop"), llama()).or(llama()).reject_if_busy().await.expect("a reply");
    for step in 0..2 {
        assert_eq!(sim.requests()[0].json()[step]["query"]["options"], json!({ "rejectIfBusy": true }));
    }
}

#[tokio::test]
async fn a_step_that_cannot_be_sent_is_told_before_anything_is() {
    let (sim, ai) = start().await;
    let llama = || ai.run(Llama, Llama::input().prompt("hello"));
    let shop = || Gateway::new("shop");
    let wrong = [
        ai.fallback(shop(), llama()).or(llama().tags(["one"])).await.expect_err("tags"),
        ai.fallback(shop(), llama().retry(RetryPolicy::never())).or(llama()).await.expect_err("a policy"),
        ai.fallback(shop(), llama()).or(llama().gateway(Gateway::new("other"))).await.expect_err("another gateway"),
        ai.fallback(shop(), llama()).or(ai.model("openai/gpt-5.4").run(json!({}))).await.expect_err("a partner's"),
        ai.fallback(shop(), llama().gateway(shop().authorization("own"))).await.expect_err("a token of its own"),
        ai.fallback(shop(), llama()).or(llama().header("a b", "c")).await.expect_err("no header"),
    ];
    for error in wrong {
        assert!(matches!(error, Error::Configuration(_)), "{error}");
    }
    let hot = ai.run(Llama, Llama::input().prompt("hello").temperature(9.0));
    let error = ai.fallback(shop(), llama()).or(hot).await.expect_err("too hot");
    assert!(matches!(error, Error::InvalidInput(_)), "{error}");
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn an_input_that_does_not_fit_is_refused_in_steps_and_in_models_without_a_type() {
    let (sim, ai) = start().await;
    let ai = ai.with_context_check(ApproximateCounter);
    let long = "word ".repeat(30_000);
    let short = ai.run(Llama, Llama::input().prompt("hello"));
    let error = ai.fallback(Gateway::new("shop"), short).or(ai.run(Llama, Llama::input().prompt(long.clone()))).await;
    assert!(matches!(error, Err(Error::ContextExceeded { limit: 24_000, .. })), "{error:?}");
    assert!(sim.requests().is_empty());

    // Only one of the steps reads the input: together they may exceed the limit.
    let half = || ai.run(Llama, Llama::input().prompt("word ".repeat(15_000)));
    ai.fallback(Gateway::new("shop"), half()).or(half()).await.expect("a reply");

    let info = ModelInfo { task: "Text Generation", context_window: Some(2_000), ..ModelInfo::UNKNOWN };
    let error = ai.model("@cf/my/model").with_info(info).run(json!({ "prompt": long })).await;
    assert!(matches!(error, Err(Error::ContextExceeded { limit: 2_000, .. })), "{error:?}");
    assert_eq!(sim.request_count(), 1);
}

#[tokio::test]
async fn a_steps_answer_that_was_cut_says_so() {
    let (_sim, ai) = start().await;
    let call = ai.run(Llama, Llama::input().messages([user("Why is the sky blue?")]).max_tokens(3));
    let reply = ai.fallback(Gateway::new("shop"), call).await.expect("a reply");
    assert_eq!(reply.meta.finish_reason, Some(FinishReason::Length), "{}", reply.output.0.text());
}

#[tokio::test]
async fn what_a_gateway_blocks_is_an_error_of_its_own() {
    let (sim, ai) = start().await;
    let once = ai.with_retry(RetryPolicy::never());
    for (code, reason) in [
        (2016, GatewayReason::PromptBlocked),
        (2017, GatewayReason::ReplyBlocked),
        (2029, GatewayReason::DlpRequestBlocked),
        (2030, GatewayReason::DlpReplyBlocked),
        (2021, GatewayReason::NoCredits),
        (7013, GatewayReason::ScannerUnavailable),
        (2009, GatewayReason::Unauthorized),
        (2008, GatewayReason::NoSuchProvider),
    ] {
        sim.fail_next(Fault::code(code));
        let error = once.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop")).await;
        let Err(Error::Gateway(error)) = error else { panic!("{code}: {error:?}") };
        assert_eq!((error.reason, error.response.code.map(workers_ai::ErrorCode::as_u32)), (reason, Some(code)));

        sim.fail_next(Fault::code(code));
        let error = once.stream(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop")).await;
        assert!(matches!(error, Err(Error::Gateway(error)) if error.reason == reason), "{code}");
    }
    // A scanner that is unavailable may come back; a prompt that was blocked will be blocked again.
    let before = sim.request_count();
    let quick = ai.with_retry(RetryPolicy::default().min_delay(Duration::from_millis(1)));
    for code in [7013, 2016] {
        sim.fail_next(Fault::code(code));
        let reply = quick.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop")).await;
        assert_eq!(reply.is_ok(), code == 7013, "{reply:?}");
    }
    assert_eq!(sim.request_count() - before, 3);
}
