//! Waiting for a batch.

use std::{future::IntoFuture, time::Duration};

use web_time::Instant;
use workers_ai_types::{Batch, Model};

use super::{
    job::{BatchJob, BatchReply, BatchStatus},
    poll::looking,
};
use crate::{
    Error, WorkersAi,
    call::options::{Options, options},
    transport::maybe_send::{BoxFuture, MaybeSend},
    transport::{TransportError, TransportErrorKind},
};

/// Waits for a batch when it is awaited. [`BatchJob::wait`] returns it.
///
/// ```no_run
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
/// # pub struct Bge;
/// # async fn f(ai: WorkersAi, job: workers_ai::BatchJob<Bge>) -> Result<(), workers_ai::Error> {
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

impl<M: Model> std::fmt::Debug for WaitCall<M> {
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

    /// Asks after pauses of always the same length. Without it they grow from one second to thirty.
    pub fn poll_interval(mut self, pause: Duration) -> Self {
        self.min = pause;
        self.max = pause;
        self
    }

    /// Gives up after that time. The batch goes on, and its handle stays good.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long one attempt to ask may take.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    options!(look);
}

impl<M: Model<Output: MaybeSend> + Batch> IntoFuture for WaitCall<M> {
    type Output = Result<BatchReply<M::Output>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, job, min, max, timeout, options } = self;
        let options = looking(&ai, options);
        Box::pin(async move {
            let start = Instant::now();
            let mut pause = min;
            loop {
                if let BatchStatus::Done(reply) = job.ask(&ai, &options).await? {
                    return Ok(reply);
                }
                if timeout.is_some_and(|timeout| start.elapsed().saturating_add(pause) > timeout) {
                    return Err(TransportError::new(TransportErrorKind::Timeout, "the batch is not done yet").into());
                }
                ai.transport.sleep(pause).await;
                pause = (pause.saturating_mul(3) / 2).min(max);
            }
        })
    }
}
