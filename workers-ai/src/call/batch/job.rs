//! The handle of a batch, and its results.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;
use workers_ai_types::{Batch, ErrorCode, Model, chat::Usage, codec::Decode};

use super::{REFERENCE, queued};
use crate::{
    Error, Meta, WorkersAi,
    billing::usage,
    call::{options::Options, pipeline::complete},
    error::{parse, undecodable},
    reply::RawReply,
};

/// The handle of a batch. It can be serialized and read again, in another program too.
///
/// It contains IDs alone: neither tokens nor headers nor the gateway that the batch was queued through. Set those again when you
/// [poll](BatchJob::poll) or [wait](BatchJob::wait).
pub struct BatchJob<M> {
    model: Cow<'static, str>,
    parts: Vec<Part>,
    of: PhantomData<fn(M)>,
}

/// One request of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    request_id: String,
    items: usize,
}

impl<M> Clone for BatchJob<M> {
    fn clone(&self) -> Self {
        Self { model: self.model.clone(), parts: self.parts.clone(), of: PhantomData }
    }
}

impl<M> PartialEq for BatchJob<M> {
    fn eq(&self, other: &Self) -> bool {
        self.model == other.model && self.parts == other.parts
    }
}

impl<M> fmt::Debug for BatchJob<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchJob").field("model", &self.model).field("parts", &self.parts).finish()
    }
}

impl<M: Model> Serialize for BatchJob<M> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let declared = (!is_one_of::<M>(&self.model)).then(|| Cow::Borrowed(M::MODELS[0].id));
        Written { model: Cow::Borrowed(&*self.model), declared, parts: Cow::Borrowed(&self.parts) }.serialize(to)
    }
}

impl<'de, M: Model> Deserialize<'de> for BatchJob<M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Written { model, declared, parts } = Written::deserialize(from)?;
        let declared = declared.as_ref().unwrap_or(&model);
        if !is_one_of::<M>(declared) {
            let ids: Vec<&str> = M::MODELS.iter().map(|model| model.id).collect();
            return Err(D::Error::custom(format_args!("this is a job of {declared}, not of {}", ids.join(" or "))));
        }
        Ok(Self { model: Cow::Owned(model.into_owned()), parts: parts.into_owned(), of: PhantomData })
    }
}

fn is_one_of<M: Model>(id: &str) -> bool {
    M::MODELS.iter().any(|model| model.id == id)
}

#[derive(Serialize, Deserialize)]
struct Written<'j> {
    model: Cow<'j, str>,
    /// The ID of the model's type, where the model was chosen at run time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    declared: Option<Cow<'j, str>>,
    parts: Cow<'j, [Part]>,
}

/// The status of a batch.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum BatchStatus<T> {
    /// It is waiting in the queue.
    Queued,
    /// Some of it has begun.
    Running,
    /// It is complete.
    Done(BatchReply<T>),
}

/// The results of a batch.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BatchReply<T> {
    /// The result of each input, in the order of the inputs.
    pub results: Vec<Result<T, ItemError>>,
    /// The tokens used by all inputs, if the service says so.
    pub usage: Option<Usage>,
}

/// The failure of one input of a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("input {index} of the batch: {message}")]
#[non_exhaustive]
pub struct ItemError {
    /// The index of the input.
    pub index: usize,
    /// The service's error code.
    pub code: Option<ErrorCode>,
    /// The service's message.
    pub message: String,
    /// The service's response for this input.
    pub body: String,
}

impl<M> BatchJob<M> {
    pub(super) fn new(model: &'static str) -> Self {
        Self { model: Cow::Borrowed(model), parts: Vec::new(), of: PhantomData }
    }

    pub(super) fn model(&self) -> &str {
        &self.model
    }

    pub(super) fn add(&mut self, request_id: String, items: usize) {
        self.parts.push(Part { request_id, items });
    }

    /// Returns `true` if the batch has no inputs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Returns the number of inputs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.items).sum()
    }
}

/// The parts of a batch that are complete. They are not requested again.
pub(super) struct Progress<T> {
    parts: Vec<Option<BatchReply<T>>>,
    /// The number of parts that failed for good, and the error of the first.
    failed: (usize, Option<Error>),
}

impl<T> Progress<T> {
    pub(super) fn new() -> Self {
        Self { parts: Vec::new(), failed: (0, None) }
    }
}

impl<M: Model + Batch> BatchJob<M> {
    /// Asks for the status of each part that is not complete yet. A part whose request fails for good is an error of its inputs, unless all
    /// parts fail.
    pub(super) async fn ask(
        &self,
        ai: &WorkersAi,
        options: &Options,
        progress: &mut Progress<M::Output>,
    ) -> Result<BatchStatus<M::Output>, Error> {
        progress.parts.resize_with(self.parts.len(), || None);
        let (mut first, mut queued, mut error) = (0, 0, None);
        for (part, done) in self.parts.iter().zip(&mut progress.parts) {
            let of_part = first;
            first += part.items;
            if done.is_some() {
                continue;
            }
            match part.ask::<M>(ai, &self.model, of_part, options.clone()).await {
                Ok(BatchStatus::Done(reply)) => *done = Some(reply),
                Ok(BatchStatus::Queued) => queued += 1,
                Ok(BatchStatus::Running) => {}
                Err(failure) if failure.is_retryable() => error = error.or(Some(failure)),
                Err(failure) => {
                    *done = Some(part.failed(&failure, of_part));
                    progress.failed.0 += 1;
                    progress.failed.1.get_or_insert(failure);
                }
            }
        }
        if progress.failed.0 == self.parts.len()
            && let Some(failure) = progress.failed.1.take()
        {
            return Err(failure);
        }
        if let Some(error) = error {
            return Err(error);
        }
        if progress.parts.iter().any(Option::is_none) {
            return Ok(if queued == self.parts.len() { BatchStatus::Queued } else { BatchStatus::Running });
        }
        let mut whole = BatchReply { results: Vec::with_capacity(self.len()), usage: None };
        for done in progress.parts.drain(..).flatten() {
            whole.results.extend(done.results);
            whole.usage = usage::sum(whole.usage, done.usage);
        }
        Ok(BatchStatus::Done(whole))
    }
}

impl Part {
    async fn ask<M: Model>(
        &self,
        ai: &WorkersAi,
        model: &str,
        first: usize,
        options: Options,
    ) -> Result<BatchStatus<M::Output>, Error> {
        let body = serde_json::json!({ "request_id": self.request_id }).to_string().into_bytes();
        complete(ai, queued(model, body, options)).await?.read(|raw, meta| self.status(&raw, meta, first))
    }

    /// Returns the results of a part that cannot be requested.
    fn failed<T>(&self, error: &Error, first: usize) -> BatchReply<T> {
        let result = |index| ItemError {
            index,
            code: error.code(),
            message: format!("its part of the batch could not be requested: {error}"),
            body: error.body().map(|body| String::from_utf8_lossy(body).into_owned()).unwrap_or_default(),
        };
        BatchReply { results: (first..first + self.items).map(|index| Err(result(index))).collect(), usage: None }
    }

    fn status<T: Decode>(&self, raw: &RawReply, meta: Meta, first: usize) -> Result<BatchStatus<T>, Error> {
        let answer: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
        if let Some(responses) = answer.get("responses").and_then(Value::as_array) {
            let results = self.results(responses, first);
            return Ok(BatchStatus::Done(BatchReply { results, usage: meta.usage }));
        }
        match answer.get("status").and_then(Value::as_str) {
            Some("queued") => Ok(BatchStatus::Queued),
            Some("running") => Ok(BatchStatus::Running),
            _ => Err(undecodable(meta, &"there are neither `responses` nor a `status`", raw)),
        }
    }

    /// Returns the results in the order of the inputs, whatever order they arrived in.
    fn results<T: Decode>(&self, responses: &[Value], first: usize) -> Vec<Result<T, ItemError>> {
        let mut results: Vec<Option<Result<T, ItemError>>> = (0..self.items).map(|_| None).collect();
        for (position, response) in responses.iter().enumerate() {
            let reference = response.get("external_reference").and_then(Value::as_str);
            // Our own references count through the whole batch; with users' own references, the service's number remains.
            let ours = reference.and_then(|text| text.strip_prefix(REFERENCE)?.parse::<usize>().ok());
            let ours = ours.and_then(|at| at.checked_sub(first));
            let id = || response.get("id").and_then(Value::as_u64).and_then(|id| usize::try_from(id).ok());
            let at = ours.filter(|at| *at < self.items).or_else(id).unwrap_or(position);
            if let Some(result) = results.get_mut(at) {
                *result = Some(read_result(response, first + at));
            }
        }
        let missing = |index| ItemError {
            index,
            code: None,
            message: "the service returned no result for it".to_owned(),
            body: String::new(),
        };
        results.into_iter().enumerate().map(|(at, result)| result.unwrap_or_else(|| Err(missing(first + at)))).collect()
    }
}

fn read_result<T: Decode>(response: &Value, index: usize) -> Result<T, ItemError> {
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
