//! Batches: many inputs in one request, answered later.

mod job;
mod poll;
mod wait;

use std::future::IntoFuture;

use serde_json::Value;
use workers_ai_types::{
    Batch, Model,
    catalog::{ModelFacts, ModelInfo},
    codec::{Body, Encode},
};

pub use self::{
    job::{BatchJob, BatchReply, BatchStatus, ItemError},
    poll::PollCall,
    wait::WaitCall,
};
use super::{
    options::{Options, options},
    pipeline::complete,
    request::PreparedRequest,
};
use crate::{
    Error, WorkersAi,
    error::{ConfigError, encode_error, undecodable},
    transport::{BoxFuture, json},
};

/// The largest body that the service takes, less some room for what surrounds the items.
const MAX_BYTES: usize = 10_000_000 - 1024;
/// The prefix of our own references, so that a user's number is not mistaken for one.
const REFERENCE: &str = "workers-ai-";

impl WorkersAi {
    /// Queues many inputs. Returns a handle that can be stored and polled later.
    ///
    /// An item is built like an input. Some models take fewer fields in a batch: theirs start with `Llama::batch_item()`, not with
    /// `Llama::input()`.
    ///
    /// Inputs that do not fit into one request are split over several; the results come back as one, in the order of the inputs.
    ///
    /// ```no_run
    /// use workers_ai::{batch::BatchJob, prelude::*};
    ///
    /// #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// pub struct Bge;
    ///
    /// # async fn f(ai: WorkersAi) -> Result<(), Box<dyn std::error::Error>> {
    /// let job = ai.queue(Bge, ["one text", "another"].map(|text| Bge::input().text(text))).await?;
    /// let stored = serde_json::to_string(&job)?;
    ///
    /// let job: BatchJob<Bge> = serde_json::from_str(&stored)?;
    /// for result in job.wait(&ai).await?.results {
    ///     println!("{:?}", result?.vector(0));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `ai.queue(Bge, …)`")]
    pub fn queue<M: Model<This: Batch>>(
        &self,
        model: M,
        items: impl IntoIterator<Item = impl Into<<M::This as Batch>::Item>>,
    ) -> QueueCall<M::This> {
        let model = model.facts();
        let encode =
            |(index, item): (usize, _)| encode_item(self, model, &Into::<<M::This as Batch>::Item>::into(item), index);
        let items = items.into_iter().enumerate().map(encode).collect();
        QueueCall { ai: self.clone(), items, options: Options::default(), job: BatchJob::new(model.id), on_part: None }
    }
}

/// Encodes an item, with a reference that its result is found by.
fn encode_item(ai: &WorkersAi, model: ModelFacts, item: &impl Encode, index: usize) -> Result<Vec<u8>, Error> {
    item.check(&model)?;
    let Body::Json(item) = item.encode_json(&model, false)? else {
        return Err(ConfigError::Conflict("batches take JSON inputs only").into());
    };
    ai.check_tokens(model.id, model.info, &item)?;
    if json::mentions(&item, "external_reference") {
        return Ok(item);
    }
    json::insert(&item, [("external_reference", format!("{REFERENCE}{index}").into())]).map_err(encode_error)
}

/// A batch that is queued when it is awaited. Returned by [`WorkersAi::queue`].
#[must_use = "a batch is queued when it is awaited"]
pub struct QueueCall<M> {
    ai: WorkersAi,
    items: Result<Vec<Vec<u8>>, Error>,
    options: Options,
    job: BatchJob<M>,
    on_part: Option<OnPart<M>>,
}

type OnPart<M> = Box<dyn FnMut(&BatchJob<M>) + Send>;

impl<M> QueueCall<M> {
    /// Calls a function whenever a part of the inputs has been queued, with the handle of all parts so far.
    ///
    /// Inputs that do not fit into one request are several parts. If the future is dropped in between, or the process ends, what the
    /// function stored last still leads to the results of the parts that were queued.
    ///
    /// ```no_run
    /// # use workers_ai::{batch::BatchJob, prelude::*};
    /// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// # pub struct Bge;
    /// # async fn f(ai: WorkersAi, texts: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// let items = texts.into_iter().map(|text| Bge::input().text(text));
    /// let (sender, stored) = std::sync::mpsc::channel();
    /// let store = move |job: &BatchJob<Bge>| drop(sender.send(serde_json::to_string(job)));
    /// let job = ai.queue(Bge, items).on_part(store).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_part(mut self, then: impl FnMut(&BatchJob<M>) + Send + 'static) -> Self {
        self.on_part = Some(Box::new(then));
        self
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    options!(gateway);
}

impl<M> std::fmt::Debug for QueueCall<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QueueCall").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<M: Model> IntoFuture for QueueCall<M> {
    type Output = Result<BatchJob<M>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, items, options, mut job, mut on_part } = self;
        Box::pin(async move {
            let items = items?;
            for part in split(&items)? {
                match submit(&ai, job.model(), part, options.clone()).await {
                    Ok(request) => {
                        job.add(request, part.len());
                        if let Some(then) = &mut on_part {
                            then(&job);
                        }
                    }
                    Err(error) if job.is_empty() => return Err(error),
                    Err(error) => {
                        let queued = serde_json::to_string(&job).unwrap_or_default();
                        return Err(Error::PartiallyQueued { queued, source: Box::new(error) });
                    }
                }
            }
            Ok(job)
        })
    }
}

/// Splits items into runs that fit into one request each.
fn split(items: &[Vec<u8>]) -> Result<Vec<&[Vec<u8>]>, ConfigError> {
    let mut parts = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (index, item) in items.iter().enumerate() {
        if item.len() > MAX_BYTES {
            return Err(ConfigError::Conflict("an input of the batch is larger than the 10 MB allowed for a request"));
        }
        if size + item.len() + 1 > MAX_BYTES {
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

/// Queues items. Returns the ID of the request.
async fn submit(ai: &WorkersAi, model: &str, items: &[Vec<u8>], mut options: Options) -> Result<String, Error> {
    let body = [&b"{\"requests\":["[..], &items.join(&b","[..]), b"]}"].concat();
    // A request whose response was lost may have been queued: it is not sent again.
    options.only_once = true;
    complete(ai, queued(model, body, options)).await?.read(|raw, meta| {
        let answer: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
        match answer.get("request_id").and_then(Value::as_str) {
            Some(id) => Ok(id.to_owned()),
            None => Err(undecodable(meta, &"there is no `request_id`", &raw)),
        }
    })
}

/// Prepares a request to a model's queue.
fn queued(model: &str, body: Vec<u8>, mut options: Options) -> PreparedRequest {
    options.service.queue = true;
    let request = PreparedRequest::new(model.to_owned(), ModelInfo::UNKNOWN, Ok(Body::Json(body)));
    PreparedRequest { options, ..request }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, split};

    #[test]
    fn batches_are_split_where_a_request_is_full() {
        let item = |size: usize| vec![b'x'; size];
        assert_eq!(split(&[]).expect("nothing").len(), 0);
        let items = [item(MAX_BYTES / 2 - 1), item(MAX_BYTES / 2 - 1), item(10), item(MAX_BYTES - 1)];
        let parts: Vec<usize> = split(&items).expect("parts").iter().map(|part| part.len()).collect();
        assert_eq!(parts, [2, 1, 1]);
        assert!(split(&[item(MAX_BYTES + 1)]).is_err());
    }
}
