//! Embeds any number of texts.

use std::future::IntoFuture;

use futures_util::{StreamExt, TryStreamExt, stream};
use workers_ai_types::{
    Model, Request, Run,
    chat::Usage,
    codec::Decode,
    embeddings::{Dimensions, Embeddings, Vectors},
};

use super::{
    options::{Options, options},
    pipeline::{Answer, complete},
    rank::cosine_similarity,
    request::{ModelFacts, PreparedRequest},
};
use crate::{Error, Meta, Reply, WorkersAi, billing::usage, error::undecodable, reply::RawReply, transport::BoxFuture};

/// The number of texts that the service takes in one call.
const MAX_TEXTS: usize = 100;

impl WorkersAi {
    /// Embeds any number of texts: split into calls of 100, several at a time, in the order of the texts.
    ///
    /// `input` builds the request for some of the texts; its pooling decides the type of the embeddings.
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
        let model = ModelFacts::new(&model);
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        let prepare =
            |part: &[String]| (part.len(), PreparedRequest::encode(model, &input(part.to_vec()).into_input(), false));
        EmbedAll {
            ai: self.clone(),
            parts: texts.chunks(MAX_TEXTS).map(prepare).collect(),
            concurrency: 4,
            options: Options::default(),
            read: read::<R::Output>,
        }
    }
}

/// Calls that embed texts. Returned by [`WorkersAi::embed_all`].
#[must_use = "calls are made when it is awaited"]
pub struct EmbedAll<T> {
    ai: WorkersAi,
    parts: Vec<(usize, PreparedRequest)>,
    concurrency: usize,
    options: Options,
    // Bounds where it is awaited would be further errors for a model that has no embeddings.
    read: fn(Answer, usize) -> Result<Reply<T>, Error>,
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
}

impl<T> std::fmt::Debug for EmbedAll<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbedAll").field("calls", &self.parts.len()).finish_non_exhaustive()
    }
}

impl<T: Send + 'static> IntoFuture for EmbedAll<T> {
    type Output = Result<EmbeddingSet<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, parts, concurrency, options, read } = self;
        let calls: Vec<BoxFuture<'static, Result<Reply<T>, Error>>> = parts
            .into_iter()
            .map(|(count, request)| -> BoxFuture<'static, Result<Reply<T>, Error>> {
                let (ai, request) = (ai.clone(), PreparedRequest { options: options.clone(), ..request });
                Box::pin(async move { read(complete(&ai, request).await?, count) })
            })
            .collect();
        Box::pin(async move {
            let replies: Vec<Reply<T>> = stream::iter(calls).buffered(concurrency).try_collect().await?;
            let billed = replies.iter().filter(|reply| !reply.meta.is_cached());
            let usage = billed.fold(None, |all, reply| usage::sum(all, reply.meta.usage));
            Ok(EmbeddingSet { parts: replies.into_iter().map(Reply::into_output).collect(), usage })
        })
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

/// The embeddings of all texts, in the order of the texts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EmbeddingSet<T> {
    /// The outputs of the calls, of 100 texts each.
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
        self.parts.get(index / MAX_TEXTS)?.vector(index % MAX_TEXTS)
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
        self.parts.get(index / MAX_TEXTS)?.array(index % MAX_TEXTS)
    }
}
