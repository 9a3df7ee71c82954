//! Generic code over models, which are used more than once.
#![deny(warnings)]
#![forbid(unsafe_code, missing_docs, unreachable_pub, unused_imports, non_snake_case, dead_code)]

use workers_ai::{Error, prelude::*};

/// Asks any chat model twice.
///
/// # Errors
/// Fails if a call fails.
pub async fn ask<M: Chat>(ai: &WorkersAi, model: M) -> Result<(M::Output, M::Output), Error>
where
    M::Output: Send + Sync + 'static,
{
    let first = ai.run(model, M::chat([user("Why is the sky blue?")]).max_tokens(300)).await?;
    let second = ai.run(model, M::chat([user("Really?")])).await?;
    Ok((first.output, second.output))
}

/// Runs, streams and queues requests of any model.
pub fn call<M: Run + Streaming + Batch + Copy, R: Request<M> + Clone>(ai: &WorkersAi, model: M, request: R, item: M::Item) {
    let _ = ai.run(model, request.clone());
    let _ = ai.stream(model, request);
    let _ = ai.queue(model, [item]);
}
