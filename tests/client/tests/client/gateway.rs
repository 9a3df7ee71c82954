//! AI Gateway: options, cache, logs, and both hosts.

use std::{future::IntoFuture, time::Duration};

use workers_ai::{
    CacheStatus, Error, RetryPolicy, WorkersAi,
    account::{Feedback, Rating},
    chat::{ChatReply, user},
    fallback::{Last, Step},
    gateway::{Backoff, Gateway, GatewayHost, GatewayPathStyle},
};
use workers_ai_sim::{Fault, Sim};

use crate::{
    models::{Kimi, Llama},
    setup::start,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn the_second_of_two_like_calls_comes_from_the_cache() {
    let (_sim, ai) = start().await;
    let ask = |prompt: &str| ai.run(Llama, Llama::input().prompt(prompt)).gateway(Gateway::new("shop").cache_ttl(HOUR));
    let first = ask("hello").await.expect("a reply");
    assert_eq!(first.meta.cache, Some(CacheStatus::Miss));
    let second = ask("hello").await.expect("a reply");
    assert_eq!(second.meta.cache, Some(CacheStatus::Hit));
    assert_eq!(first.text(), second.text());
    assert_ne!(first.meta.log_id, second.meta.log_id);
    assert_eq!(ask("good bye").await.expect("a reply").meta.cache, Some(CacheStatus::Miss));
    let skipped = ai.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop").skip_cache());
    assert_eq!(skipped.await.expect("a reply").meta.cache, Some(CacheStatus::Miss));
}

#[tokio::test]
async fn every_option_is_written() {
    let (sim, ai) = start().await;
    let gateway = Gateway::new("shop")
        .cache_ttl(Duration::ZERO)
        .cache_key("key")
        .metadata("team", "Suche – größer")
        .metadata("try", 2)
        .collect_log(true)
        .collect_log_payload(false)
        .event_id("event-1")
        .request_timeout(Duration::from_secs(2))
        .retries(3, Duration::from_millis(500), Backoff::Exponential)
        .custom_cost(0.1, 0.2)
        .byok_alias("mine");
    let reply = ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway).await.expect("a reply");
    assert_eq!(reply.meta.step, Some(0));
    let request = &sim.requests()[0];
    let expected = [
        ("cf-aig-gateway-id", "shop"),
        ("cf-aig-cache-ttl", "0"),
        ("cf-aig-cache-key", "key"),
        ("cf-aig-metadata", "{\"team\":\"Suche \\u2013 gr\\u00f6\\u00dfer\",\"try\":2}"),
        ("cf-aig-collect-log", "true"),
        ("cf-aig-collect-log-payload", "false"),
        ("cf-aig-event-id", "event-1"),
        ("cf-aig-request-timeout", "2000"),
        ("cf-aig-max-attempts", "3"),
        ("cf-aig-retry-delay", "500"),
        ("cf-aig-backoff", "exponential"),
        ("cf-aig-custom-cost", "{\"per_token_in\":0.1,\"per_token_out\":0.2}"),
        ("cf-aig-byok-alias", "mine"),
    ];
    for (name, value) in expected {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn options_out_of_their_limits_are_refused_before_anything_is_sent() {
    let (sim, ai) = start().await;
    let shop = || Gateway::new("shop");
    let long = Duration::from_secs(6);
    for gateway in [
        Gateway::new(""),
        Gateway::new("a/b"),
        shop().cache_ttl(Duration::from_secs(59)),
        shop().cache_ttl(Duration::from_secs(31 * 24 * 60 * 60)),
        (0..6).fold(shop(), |gateway, number| gateway.metadata(format!("m{number}"), number)),
        shop().metadata("list", vec![1, 2]),
        shop().retries(6, Duration::ZERO, Backoff::Linear),
        shop().retries(2, long, Backoff::Constant),
        shop().cache_key("a\nb"),
        shop().authorization("s3cr3t\ny"),
    ] {
        let call = ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway.clone());
        let error = call.await.expect_err("out of limits");
        assert!(matches!(error, Error::Configuration(_)), "{gateway:?}: {error}");
    }
    assert!(sim.requests().is_empty());
}

fn at_host(sim: &Sim, form: GatewayPathStyle) -> WorkersAi {
    let host = GatewayHost::at(&sim.url()).expect("a URL").path_style(form);
    WorkersAi::builder()
        .base_url(sim.url())
        .account(sim.account())
        .token(sim.token())
        .gateway_host(host)
        .build()
        .expect("a client")
}

#[tokio::test]
async fn both_forms_of_the_hosts_path_work() {
    let sim = Sim::start().await.expect("a free port");
    let ways = [
        (GatewayPathStyle::Run, "/workers-ai/run/@cf/meta/llama-3.3-70b-instruct-fp8-fast"),
        (GatewayPathStyle::Bare, "/workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"),
    ];
    for (form, path) in ways {
        let ai = at_host(&sim, form);
        let reply = ai.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop")).await.expect("a reply");
        assert!(reply.meta.log_id.is_some());
        let requests = sim.requests();
        let request = requests.last().expect("a request");
        assert_eq!(request.uri.path(), format!("/v1/{}/shop{path}", sim.account()));
        assert_eq!(request.header("cf-aig-gateway-id"), None);
    }
    // Without a gateway a call goes to the API.
    at_host(&sim, GatewayPathStyle::Run).run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
    assert!(sim.requests()[2].uri.path().starts_with("/client/v4/accounts/"));
}

#[tokio::test]
async fn an_authenticated_gateway_wants_its_own_token() {
    let sim = Sim::builder().gateway_token("gateway-token").start().await.expect("a free port");
    let ai = crate::setup::client(&sim);
    let ask = |gateway: Gateway| ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway);
    let error = ask(Gateway::new("shop")).await.expect_err("no token");
    assert_eq!(error.code(), Some(workers_ai::ErrorCode::GatewayUnauthorized));
    ask(Gateway::new("shop").authorization("gateway-token")).await.expect("a reply");
}

#[tokio::test]
async fn feedback_waits_for_a_log_that_is_late() {
    let (sim, ai) = start().await;
    let call = ai.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop").metadata("team", "search"));
    let log = call.await.expect("a reply").meta.log_id.expect("a log");
    let feedback = Feedback::new().score(90).rating(Rating::Up);
    ai.patch_log("shop", &log, feedback).await.expect("a log");
    // The call, a look-up that came too early, and the one that found the log.
    assert_eq!(sim.request_count(), 3);
    let found = ai.get_log("shop", &log).await.expect("a log");
    assert_eq!(found.id, log);
    assert_eq!(found.rest["score"], 90);
    assert_eq!(found.rest["feedback"], 1);
    assert_eq!(found.rest["metadata"]["team"], "search");
    let none = ai.with_retry(RetryPolicy::never()).get_log("shop", "nothing").await.expect_err("no log");
    assert_eq!(none.code(), Some(workers_ai::ErrorCode::LogNotFound));
}

#[tokio::test]
async fn the_first_step_that_succeeds_answers_and_says_which_it_was() {
    let sim = Sim::start().await.expect("a free port");
    let ai = at_host(&sim, GatewayPathStyle::Run);
    let kimi = || ai.run(Kimi, Kimi::input().messages([user("hello")]));
    let llama = || ai.run(Llama, Llama::input().messages([user("hello")]));
    let reply = ai.fallback(Gateway::new("shop"), kimi()).or(llama()).await.expect("a reply");
    let Step::This(first) = &reply.output else { panic!("the first step answers") };
    assert!(first.text().contains("hello"));
    assert_eq!(reply.meta.step, Some(0));

    let unknown = ai.model("@cf/nobody/nothing").run(serde_json::json!({ "prompt": "hello" }));
    let reply = ai.fallback(Gateway::new("shop"), unknown).or(kimi()).or(llama()).await.expect("a reply");
    assert!(matches!(&reply.output, Step::Next(Step::This(kimi)) if kimi.text().contains("hello")));
    assert_eq!(reply.meta.step, Some(1));
    let unknown = || ai.model("@cf/nobody/nothing").run(serde_json::json!({ "prompt": "hello" }));
    let reply = ai.fallback(Gateway::new("shop"), unknown()).or(unknown()).or(llama()).await.expect("a reply");
    assert!(matches!(&reply.output, Step::Next(Step::Next(Last(llama))) if llama.text().contains("hello")));
    let error = ai.fallback(Gateway::new("shop"), unknown()).or(unknown()).await.expect_err("none");
    assert_eq!(error.code(), Some(workers_ai::ErrorCode::NoSuchModel));
}

#[tokio::test]
async fn the_gateway_tries_again_so_that_the_client_need_not() {
    let (sim, ai) = start().await;
    let retries = |attempts| Gateway::new("shop").retries(attempts, Duration::from_millis(1), Backoff::Linear);
    let ask = |gateway: Gateway| {
        ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway).retry(RetryPolicy::never()).into_future()
    };
    for _ in 0..2 {
        sim.fail_next(Fault::code(3040));
    }
    let reply = ask(retries(3)).await.expect("a reply");
    assert_eq!((reply.meta.attempts, sim.request_count()), (1, 1));
    for _ in 0..2 {
        sim.fail_next(Fault::code(3040));
    }
    let error = ask(retries(2)).await.expect_err("no capacity");
    assert_eq!(error.code(), Some(workers_ai::ErrorCode::OutOfCapacity));
}

#[tokio::test]
async fn the_gateways_timeout_is_an_error_that_names_the_gateway() {
    let (sim, ai) = start().await;
    let ask = |gateway: Gateway| {
        ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway).retry(RetryPolicy::never()).into_future()
    };
    let timeout = |milliseconds| Gateway::new("shop").request_timeout(Duration::from_millis(milliseconds));
    sim.fail_next(Fault::latency(Duration::from_millis(500)));
    let error = ask(timeout(100)).await.expect_err("too late");
    assert_eq!(error.code(), Some(workers_ai::ErrorCode::Timeout));
    assert!(error.to_string().contains("AI Gateway"), "{error}");
    sim.fail_next(Fault::latency(Duration::from_secs(5)));
    ask(timeout(1_000).retries(2, Duration::ZERO, Backoff::Constant)).await.expect("a reply");
}

#[tokio::test]
async fn a_block_of_the_gateway_is_an_error_with_its_code() {
    let (sim, ai) = start().await;
    for (code, known) in [
        (2016, workers_ai::ErrorCode::PromptBlocked),
        (2017, workers_ai::ErrorCode::ReplyBlocked),
        (2021, workers_ai::ErrorCode::GatewayBilling),
        (2029, workers_ai::ErrorCode::DlpRequest),
        (2030, workers_ai::ErrorCode::DlpReply),
    ] {
        sim.fail_next(Fault::code(code));
        let error =
            ai.run(Llama, Llama::input().prompt("hello")).gateway(Gateway::new("shop")).await.expect_err("blocked");
        assert_eq!(error.code(), Some(known));
    }
    // It is not retried.
    assert_eq!(sim.request_count(), 5);
}

#[tokio::test]
async fn a_step_fails_over_when_the_gateways_attempts_are_used_up() {
    let sim = Sim::start().await.expect("a free port");
    let ai = at_host(&sim, GatewayPathStyle::Run);
    for _ in 0..2 {
        sim.fail_next(Fault::code(3040));
    }
    let gateway = Gateway::new("shop").retries(2, Duration::ZERO, Backoff::Constant);
    let kimi = ai.run(Kimi, Kimi::input().messages([user("hello")]));
    let llama = ai.run(Llama, Llama::input().messages([user("hello")]));
    let reply = ai.fallback(gateway, kimi).or(llama).await.expect("a reply");
    assert!(matches!(&reply.output, Step::Next(Last(_))));
    assert_eq!((reply.meta.step, sim.request_count()), (Some(1), 1));
}

#[test]
fn nonsense_is_refused_with_what_is_wanted() {
    let shop = || Gateway::new("shop");
    for (gateway, why) in [
        (shop().custom_cost(f64::NAN, 0.1), "`custom_cost`: prices must be 0 or more"),
        (shop().custom_cost(0.1, -1.0), "`custom_cost`: prices must be 0 or more"),
        (shop().metadata("x", serde_json::Value::Null), "`x` must be a string, a number or a boolean"),
        (shop().request_timeout(Duration::ZERO), "`request_timeout`: must be at least one millisecond"),
        (shop().request_timeout(Duration::from_micros(999)), "`request_timeout`: must be at least one millisecond"),
        (shop().cache_key(""), "`cache_key`: must not be empty"),
        (shop().event_id(""), "`event_id`: must not be empty"),
        (shop().byok_alias(""), "`byok_alias`: must not be empty"),
        (shop().authorization(" "), "`authorization`: must be a token"),
        (shop().authorization("s3cr3t\ny"), "`authorization`: must be a token"),
    ] {
        let error = gateway.check().expect_err(why).to_string();
        assert!(error.contains(why) && !error.contains("s3cr3t"), "{error}");
    }
    assert!(shop().custom_cost(0.0, 0.0).request_timeout(Duration::from_millis(1)).check().is_ok());
    for url in ["data:x", "ftp://x", "x", "https://name:s3cr3t@x", "https://x?y"] {
        let error = GatewayHost::at(url).expect_err(url).to_string();
        assert!(error.contains("invalid base URL"), "{error}");
    }
    assert!(GatewayHost::at("http://127.0.0.1:8787").is_ok());
}
