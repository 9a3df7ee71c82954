//! Batches: many inputs in one request, answered later.

mod job;
mod poll;
mod wait;

use std::future::IntoFuture;

use serde_json::Value;
use workers_ai_types::{Batch, Body, Encode, Model, ModelInfo};

pub use self::{
    job::{BatchJob, BatchReply, BatchStatus, ItemError},
    poll::PollCall,
    wait::WaitCall,
};
use crate::{
    Error, Meta, RawReply, WorkersAi,
    call::complete_as,
    call::options::{Options, options},
    call::request::PreparedRequest,
    error::{ConfigError, undecodable},
    transport::maybe_send::BoxFuture,
};

/// The largest body that the service takes, with some room for what surrounds the items.
const MOST_BYTES: usize = 10_000_000 - 1024;
/// What our own references begin with, so that a user's number is not taken for one.
const REFERENCE: &str = "workers-ai-";

impl WorkersAi {
    /// Queues many inputs. What comes back is a handle that can be kept and asked later.
    ///
    /// What does not fit into one request is split; the results come back as one, in the order of the inputs.
    ///
    /// ```no_run
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// pub struct Bge;
    ///
    /// # async fn f(ai: WorkersAi) -> Result<(), Box<dyn std::error::Error>> {
    /// let job = ai.queue(Bge, ["one text", "another"].map(|text| Bge::input().text(text))).await?;
    /// let kept = serde_json::to_string(&job)?;
    ///
    /// let job: workers_ai::BatchJob<Bge> = serde_json::from_str(&kept)?;
    /// for result in job.wait(&ai).await?.results {
    ///     println!("{:?}", result?.vector(0));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn queue<M: Model<This: Batch>>(
        &self,
        _: M,
        items: impl IntoIterator<Item = impl Into<<M::This as Batch>::Item>>,
    ) -> QueueCall<M::This> {
        let items = items
            .into_iter()
            .enumerate()
            .map(|(index, item)| item_json::<M::This>(self, &item.into(), index))
            .collect();
        let written = |job: &BatchJob<M::This>| serde_json::to_string(job).unwrap_or_default();
        QueueCall { ai: self.clone(), items, options: Options::default(), id: M::ID, written }
    }
}

/// An item's JSON, with a reference that its result is found by.
fn item_json<M: Model + Batch>(ai: &WorkersAi, item: &M::Item, index: usize) -> Result<Vec<u8>, Error> {
    item.check(M::ID, M::RULES)?;
    let Body::Json(mut json) = item.encode_json(false)? else {
        return Err(ConfigError::Conflict("a batch takes inputs of JSON only").into());
    };
    ai.check_tokens(M::ID, &M::INFO, &json)?;
    if memchr::memmem::find(&json, b"\"external_reference\"").is_none() && json.last() == Some(&b'}') {
        json.pop();
        let comma = if json.last() == Some(&b'{') { "" } else { "," };
        json.extend_from_slice(format!("{comma}\"external_reference\":\"{REFERENCE}{index}\"}}").as_bytes());
    }
    Ok(json)
}

/// A batch that is queued when it is awaited. [`WorkersAi::queue`] returns it.
#[must_use = "a batch is queued when it is awaited"]
pub struct QueueCall<M> {
    ai: WorkersAi,
    items: Result<Vec<Vec<u8>>, Error>,
    options: Options,
    // The model by what is needed of it: with a bound where it is awaited, a model without batches would be two errors.
    id: &'static str,
    written: fn(&BatchJob<M>) -> String,
}

impl<M> QueueCall<M> {
    options!(gateway);
}

impl<M> std::fmt::Debug for QueueCall<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueueCall").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<M: 'static> IntoFuture for QueueCall<M> {
    type Output = Result<BatchJob<M>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, items, options, id, written } = self;
        Box::pin(async move {
            let items = items?;
            let mut job = BatchJob::empty();
            for part in split(&items)? {
                match submit(&ai, id, part, options.clone()).await {
                    Ok(request) => job.add(request, part.len()),
                    Err(error) if job.is_empty() => return Err(error),
                    Err(error) => {
                        return Err(Error::PartiallyQueued { queued: written(&job), source: Box::new(error) });
                    }
                }
            }
            Ok(job)
        })
    }
}

/// Runs of items that fit into one request each.
fn split(items: &[Vec<u8>]) -> Result<Vec<&[Vec<u8>]>, ConfigError> {
    let mut parts = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (index, item) in items.iter().enumerate() {
        if item.len() > MOST_BYTES {
            return Err(ConfigError::Conflict(
                "an input of the batch is larger than the 10 MB that a request may have",
            ));
        }
        if size + item.len() + 1 > MOST_BYTES {
            parts.push(&items[start..index]);
            (start, size) = (index, 0);
        }
        size += item.len() + 1;
    }
    if start < items.len() {
        parts.push(&items[start..]);
    }
    Ok(parts)
}

async fn submit(ai: &WorkersAi, model: &str, items: &[Vec<u8>], mut options: Options) -> Result<String, Error> {
    let mut body = b"{\"requests\":[".to_vec();
    body.extend_from_slice(&items.join(&b","[..]));
    body.extend_from_slice(b"]}");
    // A request that was lost on its way back may have been queued: it is not sent again.
    options.resend = Some(false);
    let ticket = |(raw, meta): (RawReply, Meta)| {
        let answer: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
        match answer.get("request_id").and_then(Value::as_str) {
            Some(id) => Ok(id.to_owned()),
            None => Err(undecodable(&meta.model, &"there is no `request_id`", &raw)),
        }
    };
    complete_as(ai, queued(model, body, options), ticket).await
}

/// A request to a model's queue.
fn queued(model: &str, body: Vec<u8>, mut options: Options) -> PreparedRequest {
    options.query.push(("queueRequest".to_owned(), "true".to_owned()));
    PreparedRequest { options, ..PreparedRequest::new(model.to_owned(), body, ModelInfo::UNKNOWN) }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, split};

    #[test]
    fn batches_are_split_where_a_request_is_full() {
        let item = |size: usize| vec![b'x'; size];
        assert_eq!(split(&[]).expect("nothing").len(), 0);
        let items = [item(MOST_BYTES / 2 - 1), item(MOST_BYTES / 2 - 1), item(10), item(MOST_BYTES - 1)];
        let parts: Vec<usize> = split(&items).expect("parts").iter().map(|part| part.len()).collect();
        assert_eq!(parts, [2, 1, 1]);
        assert!(split(&[item(MOST_BYTES + 1)]).is_err());
    }
}
