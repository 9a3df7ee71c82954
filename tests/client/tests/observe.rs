//! Spans and events. In a test binary of its own, since callsites cache for the whole process whether anybody listens.
#![cfg(feature = "tracing")]

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing_subscriber::fmt::format::FmtSpan;
use workers_ai::{RetryPolicy, gateway::Gateway, prelude::*, transport::MockTransport};
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

/// A client, and its log.
fn listen(sim: &Sim) -> (WorkersAi, Said, tracing::subscriber::DefaultGuard) {
    let said = Said::default();
    let writer = said.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let builder = WorkersAi::builder().base_url(sim.url()).account(sim.account()).token(sim.token());
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1));
    (builder.retry(retry).build().expect("a client"), said, guard)
}

impl Said {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic").clone()).expect("text")
    }
}

fn assert_has(said: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(said.contains(wanted), "{wanted} in {said}");
    }
}

#[tokio::test]
async fn routes_of_the_account_have_neither_spans_nor_warnings() {
    let sim = Sim::start().await.expect("a free port");
    let (ai, said, _guard) = listen(&sim);
    ai.get_log("shop", "unknown").await.expect_err("no log");
    assert!(!said.text().contains("WARN"), "{}", said.text());
}

#[tokio::test]
async fn usage_that_cannot_be_read_is_warned_of() {
    let sim = Sim::start().await.expect("a free port");
    let (_, said, _guard) = listen(&sim);
    let unreadable = r#"{"response":"hello","usage":{"prompt_tokens":"7"}}"#;
    let none = r#"{"response":"hello","usage":null}"#;
    for (body, warned) in [(none, false), (unreadable, true)] {
        let events = format!("data: {body}\n\ndata: [DONE]\n\n");
        let ai = WorkersAi::with_transport(MockTransport::new().json(body).events(events));
        for streamed in [false, true] {
            said.0.lock().expect("no panic").clear();
            if streamed {
                let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
                stream.collect().await.expect("a reply");
            } else {
                ai.run(Llama, Llama::input().prompt("hello")).await.expect("a reply");
            }
            assert_eq!(said.text().contains("`usage` cannot be read"), warned, "{streamed}: {}", said.text());
        }
    }
}

#[tokio::test]
async fn a_fallback_records_what_its_first_step_asks() {
    let sim = Sim::start().await.expect("a free port");
    let (ai, said, _guard) = listen(&sim);
    let ai = ai.with_content_in_spans();
    ai.fallback(Gateway::new("shop"), ai.run(Llama, Llama::input().prompt("QUESTION"))).await.expect("a reply");
    assert_has(&said.text(), &["gen_ai.input.messages", "QUESTION"]);
}

#[tokio::test]
async fn spans_have_names_usage_and_failures_but_no_prompts() {
    let sim = Sim::start().await.expect("a free port");
    let (ai, said, _guard) = listen(&sim);
    sim.fail_next(Fault::code(3040));
    ai.run(Llama, Llama::input().prompt("the secret prompt")).await.expect("a reply");
    let stream = ai.stream(Llama, Llama::input().prompt("the secret prompt").max_tokens(3)).await.expect("a stream");
    stream.collect().await.expect("a reply");
    sim.fail_next(Fault::code(3030));
    ai.run(Llama, Llama::input().prompt("the secret prompt")).await.expect_err("flagged");
    let wanted = [
        "gen_ai.operation.name=\"chat\"",
        "gen_ai.request.model=\"@cf/meta/llama-3.3-70b-instruct-fp8-fast\"",
        "gen_ai.usage.input_tokens=",
        "workers_ai.cost_usd=",
        "workers_ai.attempts=2",
        "retrying the call",
        "gen_ai.request.stream=true",
        "gen_ai.response.finish_reasons=[\"length\"]",
        "raise `max_tokens`",
        "error.type=\"3030\"",
    ];
    assert_has(&said.text(), &wanted);
    assert!(!said.text().contains("secret prompt") && !said.text().contains(sim.token()));
}

#[tokio::test]
async fn prompts_and_answers_are_in_spans_where_that_is_asked_for() {
    let sim = Sim::start().await.expect("a free port");
    let (ai, said, _guard) = listen(&sim);
    let ai = ai.with_content_in_spans();
    let whole = ai.run(Llama, Llama::input().messages([user("the first prompt")])).await.expect("a reply");
    let stream = ai.stream(Llama, Llama::input().prompt("the second prompt")).await.expect("a stream");
    let streamed = stream.collect().await.expect("a reply");
    let text = said.text().replace('\\', "");
    let input = |text: &str| format!(r#"[{{"parts":[{{"content":"{text}","type":"text"}}],"role":"user"}}]"#);
    assert_has(&text, &[&input("the first prompt"), &input("the second prompt"), "gen_ai.output.messages="]);
    assert_has(&text, &[&whole.text(), &streamed.text]);
    assert!(!text.contains(sim.token()));
}

#[tokio::test]
async fn failures_after_the_head_are_told_too() {
    let sim = Sim::start().await.expect("a free port");
    let (ai, said, _guard) = listen(&sim);
    sim.fail_next(Fault::late_code(3040));
    let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
    stream.collect().await.expect_err("busy");
    assert_has(&said.text(), &["error.type=\"3040\"", "the call failed"]);
    sim.fail_next(Fault::cut(2));
    let stream = ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream");
    stream.collect().await.expect_err("cut");
    assert_has(&said.text(), &["error.type=\"stream\""]);
    sim.fail_next(Fault::invalid_json());
    ai.run(Llama, Llama::input().prompt("hello")).await.expect_err("damaged");
    assert_has(&said.text(), &["error.type=\"decode\""]);

    // Rounds of tools and batches record it, too, each in its own span.
    let failures = || said.text().matches("error.type=\"decode\"").count();
    let before = failures();
    sim.fail_next(Fault::invalid_json());
    let input = Llama::input().messages([user("hello")]);
    ai.with_tools(Llama, input, &workers_ai::chat::ToolBox::new()).await.expect_err("damaged");
    let after_tools = failures();
    sim.fail_next(Fault::invalid_json());
    ai.queue(Llama, [Llama::batch_item().prompt("hello")]).await.expect_err("damaged");
    assert!(before < after_tools && after_tools < failures(), "{}", said.text());
}
