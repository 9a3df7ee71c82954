//! Waits for a batch.

use std::{future::IntoFuture, time::Duration};

use web_time::Instant;
use workers_ai_types::{Batch, Model};

use super::{
    job::{BatchJob, BatchReply, BatchStatus, Progress},
    poll::reading,
};
use crate::{
    Error, WorkersAi,
    call::options::{Options, options},
    transport::{BoxFuture, TransportError, TransportErrorKind},
};

/// The number of polls in a row that may fail, each with the retries of its policy.
const MAX_FAILURES: u32 = 3;

impl<M: Model + Batch> BatchJob<M> {
    /// Waits until the batch is complete. Polls that fail are repeated; parts that are complete are not requested again.
    pub fn wait(&self, ai: &WorkersAi) -> WaitCall<M> {
        WaitCall::new(ai.clone(), self.clone())
    }
}

/// Waits for a batch when it is awaited. Returned by [`BatchJob::wait`].
///
/// ```no_run
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
/// # pub struct Bge;
/// # async fn f(ai: WorkersAi, job: workers_ai::batch::BatchJob<Bge>) -> Result<(), workers_ai::Error> {
/// use std::time::Duration;
///
/// let reply = job.wait(&ai).poll_interval(Duration::from_secs(5)).timeout(Duration::from_secs(3600)).await?;
/// println!("{} results", reply.results.len());
/// # Ok(())
/// # }
/// ```
#[must_use = "waiting begins when it is awaited"]
pub struct WaitCall<M> {
    ai: WorkersAi,
    job: BatchJob<M>,
    min: Duration,
    max: Duration,
    timeout: Option<Duration>,
    options: Options,
}

impl<M> std::fmt::Debug for WaitCall<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitCall")
            .field("job", &self.job)
            .field("timeout", &self.timeout)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<M> WaitCall<M> {
    pub(super) fn new(ai: WorkersAi, job: BatchJob<M>) -> Self {
        Self {
            ai,
            job,
            min: Duration::from_secs(1),
            max: Duration::from_secs(30),
            timeout: None,
            options: Options::default(),
        }
    }

    /// Sets a constant pause between polls. By default it grows from one second to thirty.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.min = interval;
        self.max = interval;
        self
    }

    /// Gives up after this time. The batch goes on, and its handle stays valid.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long one attempt to poll may take.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    options!(look);
}

impl<M: Model<Output: Send> + Batch> IntoFuture for WaitCall<M> {
    type Output = Result<BatchReply<M::Output>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, job, min, max, timeout, options } = self;
        let options = reading(&ai, options);
        Box::pin(async move {
            let start = Instant::now();
            let mut pause = min;
            let mut progress = Progress::new();
            let mut failures = 0;
            loop {
                match job.ask(&ai, &options, &mut progress).await {
                    Ok(BatchStatus::Done(reply)) => return Ok(reply),
                    Ok(_) => failures = 0,
                    // Asking costs nothing, and what is complete is kept.
                    Err(error) if error.is_retryable() && failures < MAX_FAILURES => failures += 1,
                    Err(error) => return Err(error),
                }
                if timeout.is_some_and(|timeout| start.elapsed().saturating_add(pause) > timeout) {
                    return Err(
                        TransportError::new(TransportErrorKind::Timeout, "the batch is not complete yet").into()
                    );
                }
                ai.transport.sleep(pause).await;
                pause = (pause.saturating_mul(3) / 2).min(max);
            }
        })
    }
}
