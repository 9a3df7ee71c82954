//! A server and its client.

use std::time::Duration;

use workers_ai::{RetryPolicy, WorkersAi};
use workers_ai_sim::Sim;

/// An account ID.
pub const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";

/// A client with short pauses between attempts.
pub async fn start() -> (Sim, WorkersAi) {
    let sim = Sim::start().await.expect("a free port");
    let ai = client(&sim);
    (sim, ai)
}

pub fn client(sim: &Sim) -> WorkersAi {
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1)).max_delay(Duration::from_millis(5));
    WorkersAi::builder()
        .base_url(sim.url())
        .account(sim.account())
        .token(sim.token())
        .retry(retry)
        .build()
        .expect("a client")
}

/// Returns an error with its causes on one line, as logs print it.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
