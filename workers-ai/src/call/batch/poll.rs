//! Asking for a batch.

use std::future::IntoFuture;

use workers_ai_types::{Batch, Model};

use super::job::{BatchJob, BatchStatus};
use crate::{
    Error, WorkersAi,
    call::options::{Options, options},
    transport::maybe_send::{BoxFuture, MaybeSend},
};

/// Asks how far a batch is when it is awaited. [`BatchJob::poll`] returns it.
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

    options!(timeout);
    options!(look);
}

impl<M: Model> std::fmt::Debug for PollCall<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PollCall").field("job", &self.job).field("options", &self.options).finish_non_exhaustive()
    }
}

impl<M: Model<Output: MaybeSend> + Batch> IntoFuture for PollCall<M> {
    type Output = Result<BatchStatus<M::Output>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, job, options } = self;
        let options = looking(&ai, options);
        Box::pin(async move { job.ask(&ai, &options).await })
    }
}

/// The options of a call that only looks: an answer that broke off can be asked for again.
pub(super) fn looking(ai: &WorkersAi, options: Options) -> Options {
    Options { retry: Some(options.retry.unwrap_or(ai.retry).retry_interrupted(true)), ..options }
}
