//! The token is nowhere.

use workers_ai::{Gateway, Secret, WorkersAi};
use workers_ai_sim::{Fault, Sim};

use crate::models::Llama;

const TOKEN: &str = "s3cr3t-t0ken";

#[tokio::test]
async fn the_token_is_in_no_error_and_in_no_debug_output() {
    let sim = Sim::builder().token(TOKEN).start().await.expect("a free port");
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(TOKEN);
    let ai = builder.clone().build().expect("a client");
    let gateway = Gateway::new("shop").authorization(TOKEN);
    let call = ai.run(Llama, Llama::input().prompt("hello")).gateway(gateway.clone());
    let mut shown = vec![
        format!("{builder:?}"),
        format!("{ai:?}"),
        format!("{gateway:?}"),
        format!("{call:?}"),
        format!("{:?}", Secret::new(TOKEN)),
    ];
    for fault in [Fault::code(3030), Fault::status(404), Fault::garbage(), Fault::reset()] {
        for _ in 0..4 {
            sim.fail_next(fault.clone());
        }
        let policy = workers_ai::RetryPolicy::none();
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
