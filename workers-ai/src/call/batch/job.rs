//! The handle of a batch, and what it comes to.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;
use workers_ai_types::{Batch, Decode, ErrorCode, Model, Usage};

use super::{REFERENCE, poll::PollCall, queued, wait::WaitCall};
use crate::{
    Error, Meta, RawReply, WorkersAi, call::complete_as, call::options::Options, error::parse, error::undecodable,
};

/// The handle of a batch. It can be written down and read again, in another program too.
///
/// It holds ids alone: neither tokens nor headers nor the gateway that the batch was queued through. Say those again when you
/// [poll](BatchJob::poll) or [wait](BatchJob::wait).
pub struct BatchJob<M> {
    parts: Vec<Part>,
    model: PhantomData<fn(M)>,
}

/// One request of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    request_id: String,
    items: usize,
}

impl<M> Clone for BatchJob<M> {
    fn clone(&self) -> Self {
        Self { parts: self.parts.clone(), model: PhantomData }
    }
}

impl<M> PartialEq for BatchJob<M> {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl<M: Model> fmt::Debug for BatchJob<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchJob").field("model", &M::ID).field("parts", &self.parts).finish()
    }
}

impl<M: Model> Serialize for BatchJob<M> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Written { model: M::ID.into(), parts: self.parts.clone() }.serialize(to)
    }
}

impl<'de, M: Model> Deserialize<'de> for BatchJob<M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Written { model, parts } = Written::deserialize(from)?;
        if model != M::ID {
            return Err(D::Error::custom(format_args!("a job of {model}, not of {}", M::ID)));
        }
        Ok(Self { parts, model: PhantomData })
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    model: String,
    parts: Vec<Part>,
}

/// How far a batch is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum BatchStatus<T> {
    /// Nothing of it was begun.
    Queued,
    /// Some of it was begun.
    Running,
    /// It is done.
    Done(BatchReply<T>),
}

/// What a batch came to.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BatchReply<T> {
    /// The result of each input, in the order of the inputs.
    pub results: Vec<Result<T, ItemError>>,
    /// The tokens that all of it took, where the service says so.
    pub usage: Option<Usage>,
}

/// One input of a batch that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("input {index} of the batch: {message}")]
#[non_exhaustive]
pub struct ItemError {
    /// Which input.
    pub index: usize,
    /// The service's code, where it gives one.
    pub code: Option<ErrorCode>,
    /// What went wrong.
    pub message: String,
    /// What the service answered for this input.
    pub body: String,
}

impl<M> BatchJob<M> {
    pub(super) fn empty() -> Self {
        Self { parts: Vec::new(), model: PhantomData }
    }

    pub(super) fn add(&mut self, request_id: String, items: usize) {
        self.parts.push(Part { request_id, items });
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many inputs the batch has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.items).sum()
    }
}

impl<M: Model + Batch> BatchJob<M> {
    /// Asks how far the batch is.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// # pub struct Bge;
    /// # async fn f(ai: WorkersAi, job: workers_ai::BatchJob<Bge>) -> Result<(), workers_ai::Error> {
    /// use workers_ai::{Gateway, BatchStatus};
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

    pub(super) async fn ask(&self, ai: &WorkersAi, options: &Options) -> Result<BatchStatus<M::Output>, Error> {
        let mut reply = BatchReply { results: Vec::with_capacity(self.len()), usage: None };
        for (index, part) in self.parts.iter().enumerate() {
            match part.ask::<M>(ai, reply.results.len(), options.clone()).await? {
                BatchStatus::Done(done) => {
                    reply.results.extend(done.results);
                    reply.usage = crate::billing::cost::sum(reply.usage, done.usage);
                }
                BatchStatus::Queued if index == 0 => return Ok(BatchStatus::Queued),
                _ => return Ok(BatchStatus::Running),
            }
        }
        Ok(BatchStatus::Done(reply))
    }

    /// Waits until the batch is done.
    pub fn wait(&self, ai: &WorkersAi) -> WaitCall<M> {
        WaitCall::new(ai.clone(), self.clone())
    }
}

impl Part {
    async fn ask<M: Model>(
        &self,
        ai: &WorkersAi,
        first: usize,
        options: Options,
    ) -> Result<BatchStatus<M::Output>, Error> {
        let body = serde_json::json!({ "request_id": self.request_id }).to_string().into_bytes();
        complete_as(ai, queued(M::ID, body, options), |answer| self.progress(&answer, first)).await
    }

    fn progress<T: Decode>(&self, (raw, meta): &(RawReply, Meta), first: usize) -> Result<BatchStatus<T>, Error> {
        let answer: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
        if let Some(responses) = answer.get("responses").and_then(Value::as_array) {
            let results = self.results(responses, first);
            return Ok(BatchStatus::Done(BatchReply { results, usage: meta.usage }));
        }
        match answer.get("status").and_then(Value::as_str) {
            Some("queued") => Ok(BatchStatus::Queued),
            Some("running") => Ok(BatchStatus::Running),
            _ => Err(undecodable(&meta.model, &"there are neither `responses` nor a `status`", raw)),
        }
    }

    /// The results in the order of the inputs, whatever order they came in.
    fn results<T: Decode>(&self, responses: &[Value], first: usize) -> Vec<Result<T, ItemError>> {
        let mut results: Vec<Option<Result<T, ItemError>>> = (0..self.items).map(|_| None).collect();
        for (position, response) in responses.iter().enumerate() {
            let reference = response.get("external_reference").and_then(Value::as_str);
            // Our own references count through the whole batch; users' own ones leave the service's number.
            let ours = reference.and_then(|text| text.strip_prefix(REFERENCE)?.parse::<usize>().ok());
            let ours = ours.and_then(|at| at.checked_sub(first));
            let id = || response.get("id").and_then(Value::as_u64).and_then(|id| usize::try_from(id).ok());
            let at = ours.filter(|at| *at < self.items).or_else(id).unwrap_or(position);
            if let Some(result) = results.get_mut(at) {
                *result = Some(result_of(response, first + at));
            }
        }
        let missing = |index| ItemError {
            index,
            code: None,
            message: "the service gave no result for it".to_owned(),
            body: String::new(),
        };
        results.into_iter().enumerate().map(|(at, result)| result.unwrap_or_else(|| Err(missing(first + at)))).collect()
    }
}

fn result_of<T: Decode>(response: &Value, index: usize) -> Result<T, ItemError> {
    let body = response.to_string();
    if response.get("success").and_then(Value::as_bool) == Some(false) {
        let (code, message) = parse::read(body.as_bytes());
        return Err(ItemError { index, code, message, body });
    }
    let result = response.get("result").unwrap_or(&Value::Null).to_string();
    T::decode(Some("application/json"), result.as_bytes()).map_err(|error| ItemError {
        index,
        code: None,
        message: error.to_string(),
        body,
    })
}
