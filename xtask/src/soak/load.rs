//! The calls of a soak.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::{StreamExt as _, stream};
use workers_ai::{Error, RetryPolicy, WorkersAi, prelude::*, transport::ResponseLimits};

use super::{
    TIMEOUT,
    server::{CALL, Server},
    treatment::pick,
};

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
struct Llama;

/// A call that takes longer hangs: it is beyond all limits of the client together.
const HANGS: Duration = Duration::from_secs(60);
/// The first call of those that are dropped.
const FIRST_DROPPED: u64 = 1 << 32;

pub(super) fn client(server: &Server, retry_unanswered: bool) -> Result<WorkersAi, Error> {
    let limits = ResponseLimits::default().max_bytes(4 << 20);
    let limits = limits.between_events(Duration::from_secs(2)).whole_stream(Duration::from_secs(5));
    let builder = WorkersAi::builder().base_url(format!("http://{}", server.address)).account("account").token("token");
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1)).max_delay(Duration::from_millis(50));
    let retry = retry.retry_unanswered(retry_unanswered);
    Ok(builder.timeout(TIMEOUT).retry(retry).build()?.with_response_limits(limits))
}

/// The outcomes of calls.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    kinds: BTreeMap<String, u64>,
    hung: u64,
    /// The calls whose errors say that nothing was billed.
    unbilled: Vec<u64>,
}

impl Outcomes {
    pub(super) fn made(&self) -> u64 {
        self.kinds.values().sum::<u64>() + self.hung
    }

    pub(super) fn hung(&self) -> u64 {
        self.hung
    }

    pub(super) fn by_kind(&self) -> impl Iterator<Item = (&str, u64)> {
        self.kinds.iter().map(|(kind, count)| (kind.as_str(), *count))
    }

    /// Returns the number of errors that say that nothing was billed although the server computed a response.
    pub(super) fn denied(&self, server: &Server) -> u64 {
        self.unbilled.iter().map(|call| u64::from(server.has_computed(*call))).sum()
    }

    fn add(&mut self, call: u64, outcome: Option<Result<(), Error>>) {
        match outcome {
            None => self.hung += 1,
            Some(Ok(())) => *self.kinds.entry("answered".to_owned()).or_default() += 1,
            Some(Err(error)) => {
                if !error.maybe_billed() {
                    self.unbilled.push(call);
                }
                *self.kinds.entry(error.kind().to_owned()).or_default() += 1;
            }
        }
    }
}

/// Makes calls, many at a time, until the time is over.
pub(super) async fn calls(ai: &WorkersAi, time: Duration, at_once: usize) -> Outcomes {
    let start = Instant::now();
    let numbers = stream::iter(0_u64..).take_while(|_| std::future::ready(start.elapsed() < time));
    let made = numbers.map(|call| async move {
        // A task of its own, as in a server.
        let outcome = tokio::spawn(tokio::time::timeout(HANGS, self::call(ai.clone(), call))).await;
        (call, outcome.ok().and_then(Result::ok))
    });
    let mut made = std::pin::pin!(made.buffer_unordered(at_once));
    let mut outcomes = Outcomes::default();
    while let Some((call, outcome)) = made.next().await {
        outcomes.add(call, outcome);
    }
    outcomes
}

/// Makes calls and drops them at any point, until the time is over. Returns the number of those that were dropped.
pub(super) async fn dropped(ai: &WorkersAi, time: Duration, at_once: usize, seed: u64) -> u64 {
    let start = Instant::now();
    let numbers = stream::iter(FIRST_DROPPED..).take_while(|_| std::future::ready(start.elapsed() < time));
    let made = numbers.map(|call| async move {
        let pause = Duration::from_micros(pick((seed, "drop", call), 20_000));
        let ended = tokio::spawn(tokio::time::timeout(pause, self::call(ai.clone(), call))).await;
        u64::from(ended.is_ok_and(|ended| ended.is_err()))
    });
    made.buffer_unordered(at_once).fold(0, |sum, dropped| std::future::ready(sum + dropped)).await
}

/// Makes a call: one in four is streamed.
async fn call(ai: WorkersAi, number: u64) -> Result<(), Error> {
    let input = Llama::input().prompt("hello");
    if number.is_multiple_of(4) {
        let stream = ai.stream(Llama, input).header(CALL, number.to_string()).await?;
        stream.collect().await.map(drop)
    } else {
        ai.run(Llama, input).header(CALL, number.to_string()).await.map(drop)
    }
}
