//! Many concurrent calls, and many streams one after the other.

use futures_util::future::join_all;
use workers_ai::prelude::*;
use workers_ai_sim::{Fault, Sim};

use crate::{models::Llama, setup::start};

/// Counts the open files and connections.
fn open_files() -> Option<usize> {
    std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once_all_come_back_with_their_own_answer() {
    let (sim, ai) = start().await;
    let call = |number: usize| {
        let ai = ai.clone();
        async move {
            let reply = ai.run(Llama, Llama::input().prompt(format!("number {number},"))).await.expect("a reply");
            assert!(reply.text().contains(&format!("number {number},")), "{}", reply.text());
        }
    };
    join_all((0..1000).map(call)).await;
    assert_eq!(sim.request_count(), 1000);
}

async fn streams(count: usize) {
    let sim = Sim::builder().fail_randomly(0.1, Fault::cut(3)).start().await.expect("a free port");
    let ai = crate::setup::client(&sim);
    let stream = || async { ai.stream(Llama, Llama::input().prompt("hello")).await.expect("a stream") };
    // Read to the end, read in part, not read at all.
    for number in 0..count {
        let mut words = stream().await;
        match number % 3 {
            0 => drop(words.collect().await),
            1 => drop(words.next().await),
            _ => drop(words),
        }
        if number == 50 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test]
async fn streams_leave_no_connections_open() {
    streams(60).await;
    let before = open_files();
    streams(600).await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    if let (Some(before), Some(after)) = (before, open_files()) {
        // Other tests run beside this one.
        assert!(after < before + 300, "{before} before, {after} after");
    }
}

#[tokio::test]
async fn ten_thousand_streams_leave_no_connections_open() {
    streams(60).await;
    let before = open_files();
    streams(10_000).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    if let (Some(before), Some(after)) = (before, open_files()) {
        assert!(after < before + 20, "{before} before, {after} after");
    }
}
