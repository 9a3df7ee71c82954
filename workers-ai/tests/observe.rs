//! What calls tell `tracing`. On its own: callsites remember for the whole process whether anybody listens.
#![cfg(all(feature = "rest", feature = "tracing"))]

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing_subscriber::fmt::format::FmtSpan;
use workers_ai::{RetryPolicy, prelude::*};
use workers_ai_sim::{Fault, Sim};

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
struct Llama;

#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl io::Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn spans_have_names_usage_and_failures_but_no_prompts() {
    let said = Said::default();
    let writer = said.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let sim = Sim::start().await.expect("a free port");
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token());
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1));
    let ai = builder.retry(retry).build().expect("a client");
    sim.fail_next(Fault::code(3040));
    ai.run(Llama, Llama::input().prompt("the secret prompt")).await.expect("a reply");
    ai.stream(Llama, Llama::input().prompt("the secret prompt"))
        .await
        .expect("a stream")
        .collect_reply()
        .await
        .expect("a reply");
    sim.fail_next(Fault::code(3030));
    ai.run(Llama, Llama::input().prompt("the secret prompt")).await.expect_err("flagged");
    let said = String::from_utf8(said.0.lock().expect("no panic").clone()).expect("text");
    for wanted in [
        "gen_ai.operation.name=\"chat\"",
        "gen_ai.request.model=\"@cf/meta/llama-3.3-70b-instruct-fp8-fast\"",
        "gen_ai.usage.input_tokens=",
        "workers_ai.cost_usd=",
        "workers_ai.attempts=2",
        "trying again",
        "gen_ai.request.stream=true",
        "error.type=\"3030\"",
    ] {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
    assert!(!said.contains("secret prompt") && !said.contains(sim.token()));
}
