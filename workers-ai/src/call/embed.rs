//! Embeds any number of texts.

use std::{
    future::IntoFuture,
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use futures_util::{StreamExt, stream};
use workers_ai_types::{
    Model, Request, Run,
    catalog::{Check, ModelFacts, ModelInfo, Rule},
    chat::Usage,
    codec::{Body, Decode},
    embeddings::{Dimensions, Embeddings, Vectors},
};

use super::{
    options::{Options, options},
    pipeline::{Answer, complete},
    rank::cosine_similarity,
    request::PreparedRequest,
};
use crate::{
    Error, Meta, Reply, WorkersAi,
    billing::usage,
    error::{ConfigError, undecodable},
    reply::RawReply,
    transport::{BoxFuture, Endpoint},
};

/// The number of texts that the service takes in one call.
pub(super) const MAX_TEXTS: usize = 100;

impl WorkersAi {
    /// Embeds any number of texts: split into calls of 100 (fewer where the model takes fewer), several at a time, in the order of the texts.
    ///
    /// `input` builds the request for some of the texts; its pooling decides the type of the embeddings.
    ///
    /// If a call fails, what the others returned is in the [error](EmbedAllError), which can be resumed. If the future is dropped, it is
    /// lost.
    ///
    /// ```no_run
    /// use workers_ai::{embeddings::cosine_similarity, prelude::*};
    ///
    /// #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// pub struct Bge;
    ///
    /// # async fn f(ai: WorkersAi, texts: Vec<String>) -> Result<(), workers_ai::Error> {
    /// let vectors = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await?;
    /// let similarity = cosine_similarity(vectors.get(0).unwrap_or_default(), vectors.get(1).unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `ai.embed_all(Bge, …)`")]
    pub fn embed_all<M: Model<This: Run>, R: Request<M::This, Output: Vectors>>(
        &self,
        model: M,
        texts: impl IntoIterator<Item = impl Into<String>>,
        input: impl Fn(Vec<String>) -> R,
    ) -> EmbedAll<R::Output> {
        let model = model.facts();
        let to =
            Destination { model: model.id.to_owned(), info: *model.info, endpoint: Endpoint::Run(model.id.to_owned()) };
        let encode = |part: &[String]| PreparedRequest::encode(model, &input(part.to_vec()).into_input(), false).body;
        EmbedAll::new(self.clone(), to, texts, max_texts(&model), encode)
    }
}

/// Returns the number of texts in one call: what the service takes, or fewer if the model's rules say so.
pub(super) fn max_texts(model: &ModelFacts) -> usize {
    let of_list = |rule: &Rule| match rule.check {
        Check::Items { max, .. } if !rule.path.contains(['.', '[']) => usize::try_from(max).ok(),
        _ => None,
    };
    let limits = model.rules.iter().filter_map(of_list);
    limits.chain([MAX_TEXTS]).min().unwrap_or(MAX_TEXTS).max(1)
}

/// Calls that embed texts. Returned by [`WorkersAi::embed_all`].
#[must_use = "calls are made when it is awaited"]
pub struct EmbedAll<T> {
    ai: WorkersAi,
    to: Destination,
    parts: Vec<Part<T>>,
    concurrency: usize,
    options: Options,
    // Bounds where it is awaited would be further errors for a model that has no embeddings.
    read: fn(Answer, usize) -> Result<Reply<T>, Error>,
}

/// Where the calls go.
pub(super) struct Destination {
    pub(super) model: String,
    pub(super) info: ModelInfo,
    pub(super) endpoint: Endpoint,
}

/// The texts of one call.
struct Part<T> {
    texts: Range<usize>,
    body: Result<Body, Error>,
    /// The response, once the call has succeeded.
    reply: Option<Reply<T>>,
}

impl<T: Decode + Vectors> EmbedAll<T> {
    /// Splits texts into calls of a number of them.
    pub(super) fn new(
        ai: WorkersAi,
        to: Destination,
        texts: impl IntoIterator<Item = impl Into<String>>,
        most: usize,
        encode: impl Fn(&[String]) -> Result<Body, Error>,
    ) -> Self {
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        let parts = texts.chunks(most).enumerate().map(|(index, part)| {
            let first = index * most;
            Part { texts: first..first + part.len(), body: encode(part), reply: None }
        });
        let parts = parts.collect();
        Self { ai, to, parts, concurrency: 4, options: Options::default(), read: read::<T> }
    }
}

impl<T> EmbedAll<T> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    options!(gateway);

    /// Sets the number of calls made at the same time. Default: 4.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    fn replies(&self) -> impl Iterator<Item = &Reply<T>> {
        self.parts.iter().filter_map(|part| part.reply.as_ref())
    }

    /// Returns the tokens used by the calls that succeeded.
    fn usage(&self) -> Option<Usage> {
        let billed = self.replies().filter(|reply| !reply.meta.is_cached());
        billed.fold(None, |all, reply| usage::sum(all, reply.meta.usage))
    }

    /// Returns the first input that cannot be sent. It is found before anything is paid for.
    fn invalid(&mut self) -> Option<(Range<usize>, Error)> {
        let part = self.parts.iter_mut().find(|part| part.body.is_err())?;
        let again = ConfigError::Conflict("an input that is invalid cannot be sent").into();
        let error = std::mem::replace(&mut part.body, Err(again)).err()?;
        Some((part.texts.clone(), error))
    }

    /// Makes the calls that are left. After a failure, calls that were sent are awaited, and no further one is made.
    async fn perform(mut self) -> Result<EmbeddingSet<T>, EmbedAllError<T>>
    where
        T: 'static,
    {
        if let Some((texts, source)) = self.invalid() {
            return Err(EmbedAllError::new(texts, source, self));
        }
        let failed = AtomicBool::new(false);
        let left: Vec<usize> = (0..self.parts.len()).filter(|at| self.parts[*at].reply.is_none()).collect();
        let calls = left.into_iter().take_while(|_| !failed.load(Ordering::Relaxed)).map(|at| {
            let call = self.call(&self.parts[at]);
            let failed = &failed;
            async move {
                let result = call.await;
                failed.fetch_or(result.is_err(), Ordering::Relaxed);
                (at, result)
            }
        });
        let results: Vec<(usize, Result<Reply<T>, Error>)> =
            stream::iter(calls).buffer_unordered(self.concurrency).collect().await;
        let mut failure = None;
        for (at, result) in results {
            match result {
                Ok(reply) => self.parts[at].reply = Some(reply),
                Err(error) => failure = failure.or(Some((self.parts[at].texts.clone(), error))),
            }
        }
        if let Some((texts, source)) = failure {
            return Err(EmbedAllError::new(texts, source, self));
        }
        let usage = self.usage();
        Ok(EmbeddingSet {
            parts: self.parts.into_iter().filter_map(|part| part.reply).map(Reply::into_output).collect(),
            usage,
        })
    }

    fn call(&self, part: &Part<T>) -> BoxFuture<'static, Result<Reply<T>, Error>>
    where
        T: 'static,
    {
        let body =
            part.body.as_ref().map_err(|_| ConfigError::Conflict("an input that is invalid cannot be sent").into());
        let Destination { model, info, endpoint } = &self.to;
        let request = PreparedRequest::new(model.clone(), *info, body.cloned());
        let (endpoint, options) = (endpoint.clone(), self.options.clone());
        let (ai, request) = (self.ai.clone(), PreparedRequest { endpoint, options, ..request });
        let (read, count) = (self.read, part.texts.len());
        Box::pin(async move { read(complete(&ai, request).await?, count) })
    }
}

impl<T> std::fmt::Debug for EmbedAll<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbedAll").field("calls", &self.parts.len()).finish_non_exhaustive()
    }
}

impl<T: Send + Sync + 'static> IntoFuture for EmbedAll<T> {
    type Output = Result<EmbeddingSet<T>, EmbedAllError<T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.perform())
    }
}

/// Reads the response of one call. A missing vector would shift all that follow.
fn read<T: Decode + Vectors>(answer: Answer, count: usize) -> Result<Reply<T>, Error> {
    answer.read(|raw: RawReply, meta: Meta| {
        let reply: Reply<T> = super::pipeline::decode(T::decode(raw.content_type(), &raw.body), meta, &raw)?;
        if reply.count() == count {
            return Ok(reply);
        }
        let cause = format!("{} vectors for {count} texts", reply.count());
        Err(undecodable(reply.meta, &cause, &raw))
    })
}

/// A call of [`WorkersAi::embed_all`] that failed, with all that the other calls returned.
///
/// `?` converts it to the [`Error`] of the call, and drops what has been paid for.
///
/// ```no_run
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
/// # pub struct Bge;
/// # async fn f(ai: WorkersAi, texts: Vec<String>) -> Result<(), workers_ai::Error> {
/// let vectors = match ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await {
///     Ok(vectors) => vectors,
///     Err(error) if error.error().is_retryable() => {
///         println!("{error}: {}", error.error());
///         error.resume().await?
///     }
///     Err(error) => return Err(error.into()),
/// };
/// # Ok(())
/// # }
/// ```
pub struct EmbedAllError<T>(Box<Unfinished<T>>);

struct Unfinished<T> {
    failed: Range<usize>,
    source: Error,
    rest: EmbedAll<T>,
}

impl<T> EmbedAllError<T> {
    fn new(failed: Range<usize>, source: Error, rest: EmbedAll<T>) -> Self {
        Self(Box::new(Unfinished { failed, source, rest }))
    }

    /// Returns the error of the call that failed.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.0.source
    }

    /// Returns the indexes of the texts of the call that failed.
    #[must_use]
    pub fn failed(&self) -> Range<usize> {
        self.0.failed.clone()
    }

    /// Returns the number of texts whose vectors have arrived.
    #[must_use]
    pub fn finished(&self) -> usize {
        let finished = self.0.rest.parts.iter().filter(|part| part.reply.is_some());
        finished.map(|part| part.texts.len()).sum()
    }

    /// Returns the number of all texts.
    #[must_use]
    pub fn texts(&self) -> usize {
        self.0.rest.parts.last().map_or(0, |part| part.texts.end)
    }

    /// Returns the tokens used by the calls that succeeded, if the responses say so.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        self.0.rest.usage()
    }

    /// Makes the calls that are left, the failed one first, with the same options. What has arrived is kept.
    pub fn resume(self) -> EmbedAll<T> {
        self.0.rest
    }
}

impl<T: Vectors> EmbedAllError<T> {
    /// Returns the vector of the text with this index, if it has arrived.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[f32]> {
        let part = self.0.rest.parts.iter().find(|part| part.texts.contains(&index))?;
        part.reply.as_ref()?.vector(index - part.texts.start)
    }
}

impl<T> From<EmbedAllError<T>> for Error {
    fn from(error: EmbedAllError<T>) -> Self {
        error.0.source
    }
}

impl<T> std::fmt::Display for EmbedAllError<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Range { start, end } = self.failed();
        let (finished, texts, last) = (self.finished(), self.texts(), end.saturating_sub(1));
        write!(
            f,
            "texts {start} to {last} could not be embedded; {finished} of {texts} are finished and kept in the error"
        )
    }
}

impl<T> std::fmt::Debug for EmbedAllError<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbedAllError")
            .field("failed", &self.0.failed)
            .field("finished", &self.finished())
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl<T> std::error::Error for EmbedAllError<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.source)
    }
}

/// The embeddings of all texts, in the order of the texts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EmbeddingSet<T> {
    /// The outputs of the calls, in the order of the texts.
    pub parts: Vec<T>,
    /// The tokens used by all calls, if the responses say so. Responses from a gateway's cache use none.
    pub usage: Option<Usage>,
}

impl<T: Vectors> EmbeddingSet<T> {
    /// Returns the number of vectors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(Vectors::count).sum()
    }

    /// Returns `true` if there are no vectors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the vector of the text with this index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[f32]> {
        // All calls but the last embed equally many.
        let each = self.parts.first()?.count().max(1);
        self.parts.get(index / each)?.vector(index % each)
    }

    /// Iterates over all vectors.
    pub fn iter(&self) -> impl Iterator<Item = &[f32]> {
        self.parts.iter().flat_map(|part| (0..part.count()).filter_map(|index| part.vector(index)))
    }

    /// Returns the indexes of the texts whose vectors are nearest to another, nearest first, each with its cosine similarity.
    #[must_use]
    pub fn nearest(&self, to: &[f32], max: usize) -> Vec<(usize, f32)> {
        let mut found: Vec<(usize, f32)> =
            self.iter().enumerate().map(|(index, vector)| (index, cosine_similarity(vector, to))).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(max);
        found
    }
}

impl<M, P> EmbeddingSet<Embeddings<M, P>> {
    /// Returns the vector of the text with this index, with its length in its type, as [`Embeddings::array`] does.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// # pub struct Bge;
    /// # async fn f(ai: WorkersAi, texts: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// let vectors = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await?;
    /// let first: &[f32; 768] = vectors.array(0).ok_or("no text")?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn array<const N: usize>(&self, index: usize) -> Option<&[f32; N]>
    where
        M: Dimensions<N>,
    {
        self.get(index)?.try_into().ok()
    }
}
