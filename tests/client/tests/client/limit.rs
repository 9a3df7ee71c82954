//! Rate limits.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use workers_ai::{
    SingleModel, WorkersAi,
    error::TransportError,
    transport::{BoxFuture, RateLimit, Transport, TransportRequest, TransportResponse},
};

use crate::models::Llama;

/// Responds at once.
struct Parrot;

impl Transport for Parrot {
    fn send(&self, _: TransportRequest) -> BoxFuture<'static, Result<TransportResponse, TransportError>> {
        Box::pin(async { Ok(TransportResponse::json(200, r#"{"response":"hello"}"#)) })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[tokio::test]
async fn clones_share_the_limit_and_wait_for_it() {
    let limit = NonZeroU32::new(600).expect("not zero");
    let ai = WorkersAi::with_transport(Parrot).with_rate_limit(RateLimit::from_catalog().model(Llama::ID, limit));
    let clone = ai.clone();
    let start = Instant::now();
    for call in 0..15 {
        let ai = if call % 2 == 0 { &ai } else { &clone };
        ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
    }
    // Ten at once, as many as a second has, then one every tenth of a second.
    assert!(start.elapsed() >= Duration::from_millis(450), "{:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    // A model without a known limit does not wait.
    let start = Instant::now();
    for _ in 0..700 {
        ai.model("@cf/my/model").run(serde_json::json!({})).await.expect("a reply");
    }
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn everybody_who_waits_has_a_turn() {
    let limit = NonZeroU32::new(3_000).expect("not zero");
    let ai = WorkersAi::with_transport(Parrot).with_rate_limit(RateLimit::from_catalog().model(Llama::ID, limit));
    let calls = |ai: WorkersAi| async move {
        let mut count = 0;
        let many = async {
            loop {
                ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
                count += 1;
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(2), many).await;
        count
    };
    // About 150 calls, between ten callers that never pause.
    let counts = futures_util::future::join_all((0..10).map(|_| calls(ai.clone()))).await;
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}
