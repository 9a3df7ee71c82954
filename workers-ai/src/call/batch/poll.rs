//! Asks for the status of a batch.

use std::future::IntoFuture;

use workers_ai_types::{Batch, Model};

use super::job::{BatchJob, BatchStatus, Progress};
use crate::{
    Error, WorkersAi,
    call::options::{Options, options},
    transport::BoxFuture,
};

impl<M: Model + Batch> BatchJob<M> {
    /// Asks for the status of the batch. If a part of it cannot be requested, its inputs have [`ItemError`](super::ItemError)s; if none
    /// can, it is an error.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// # pub struct Bge;
    /// # async fn f(ai: WorkersAi, job: workers_ai::batch::BatchJob<Bge>) -> Result<(), workers_ai::Error> {
    /// use workers_ai::{batch::BatchStatus, gateway::Gateway};
    ///
    /// if let BatchStatus::Done(reply) = job.poll(&ai).gateway(Gateway::new("shop")).await? {
    ///     println!("{} results", reply.results.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll(&self, ai: &WorkersAi) -> PollCall<M> {
        PollCall::new(ai.clone(), self.clone())
    }
}

/// Asks for the status of a batch when it is awaited. Returned by [`BatchJob::poll`].
#[must_use = "nothing is asked before it is awaited"]
pub struct PollCall<M> {
    ai: WorkersAi,
    job: BatchJob<M>,
    options: Options,
}

impl<M> PollCall<M> {
    pub(super) fn new(ai: WorkersAi, job: BatchJob<M>) -> Self {
        Self { ai, job, options: Options::default() }
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    options!(timeout);
    options!(look);
}

impl<M> std::fmt::Debug for PollCall<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PollCall").field("job", &self.job).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<M: Model<Output: Send> + Batch> IntoFuture for PollCall<M> {
    type Output = Result<BatchStatus<M::Output>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, job, options } = self;
        let options = reading(&ai, options);
        Box::pin(async move { job.ask(&ai, &options, &mut Progress::new()).await })
    }
}

/// Returns the options of a call that only reads: it can be made again, whatever became of it.
pub(super) fn reading(ai: &WorkersAi, mut options: Options) -> Options {
    options.retry = Some(options.retry.unwrap_or(ai.retry).reading());
    options
}
