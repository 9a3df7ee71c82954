//! Many texts made into vectors, and what is done with vectors.

use std::future::IntoFuture;

use futures_util::{StreamExt, TryStreamExt, stream};
use workers_ai_types::{Decode, Dimensions, Embeddings, Model, Ranked, Request, Run, Usage, Vectors};

use crate::{
    Error, Meta, RawReply, Reply, WorkersAi,
    billing::cost::sum,
    call::options::{Options, options},
    call::request::PreparedRequest,
    call::{complete_as, read},
    error::undecodable,
    reply::CacheStatus,
    transport::maybe_send::{BoxFuture, MaybeSend},
};

/// The most texts that the service takes in one call.
const MOST_TEXTS: usize = 100;

impl WorkersAi {
    /// Makes vectors of any number of texts: split into calls of a hundred, several at a time, in the order of the texts.
    ///
    /// `input` makes the request for some of the texts; its pooling decides the type of the vectors.
    ///
    /// ```no_run
    /// use workers_ai::{cosine_similarity, prelude::*};
    ///
    /// #[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
    /// pub struct Bge;
    ///
    /// # async fn f(ai: WorkersAi, texts: Vec<String>) -> Result<(), workers_ai::Error> {
    /// let vectors = ai.embed_all(Bge, texts, |texts| Bge::input().text(texts)).await?;
    /// let alike = cosine_similarity(vectors.get(0).unwrap_or_default(), vectors.get(1).unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    pub fn embed_all<M: Model<This: Run>, R: Request<M::This, Output: Vectors>>(
        &self,
        _: M,
        texts: impl IntoIterator<Item = impl Into<String>>,
        input: impl Fn(Vec<String>) -> R,
    ) -> EmbedAll<R::Output> {
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        let parts = texts.chunks(MOST_TEXTS);
        let parts =
            parts.map(|part| (part.len(), self.encode::<M, _>(&input(part.to_vec()).into_input(), false))).collect();
        EmbedAll { ai: self.clone(), parts, concurrency: 4, options: Options::default(), read: counted::<R::Output> }
    }
}

type Counted<T> = fn((RawReply, Meta), usize) -> Result<Reply<T>, Error>;

/// Calls that make vectors. [`WorkersAi::embed_all`] returns it.
#[must_use = "calls are made when it is awaited"]
pub struct EmbedAll<T> {
    ai: WorkersAi,
    parts: Vec<(usize, PreparedRequest)>,
    concurrency: usize,
    options: Options,
    // Bounds where it is awaited would be further errors for a model that makes no vectors.
    read: Counted<T>,
}

impl<T> EmbedAll<T> {
    options!(gateway);

    /// How many calls are made at the same time; 4 unless said otherwise.
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

impl<T: MaybeSend + 'static> IntoFuture for EmbedAll<T> {
    type Output = Result<EmbeddingSet<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, parts, concurrency, options, read } = self;
        let calls: Vec<BoxFuture<'static, Result<Reply<T>, Error>>> = parts
            .into_iter()
            .map(|(count, encoded)| -> BoxFuture<'static, Result<Reply<T>, Error>> {
                let (ai, encoded) = (ai.clone(), PreparedRequest { options: options.clone(), ..encoded });
                Box::pin(async move { complete_as(&ai, encoded, |answer| read(answer, count)).await })
            })
            .collect();
        Box::pin(async move {
            let replies: Vec<Reply<T>> = stream::iter(calls).buffered(concurrency).try_collect().await?;
            let paid = replies.iter().filter(|reply| reply.meta.cache != Some(CacheStatus::Hit));
            let usage = paid.fold(None, |all, reply| sum(all, reply.meta.usage));
            Ok(EmbeddingSet { parts: replies.into_iter().map(Reply::into_output).collect(), usage })
        })
    }
}

/// Reads the answer of one call; one with too few vectors would move all that follow.
fn counted<T: Decode + Vectors>((raw, meta): (RawReply, Meta), count: usize) -> Result<Reply<T>, Error> {
    let reply: Reply<T> = read((raw.clone(), meta))?;
    if reply.count() == count {
        return Ok(reply);
    }
    let cause = format!("{} vectors for {count} texts", reply.count());
    Err(undecodable(&reply.meta.model, &cause, &raw))
}

/// The vectors of all texts, in the order of the texts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EmbeddingSet<T> {
    /// The answers that they came in, a hundred texts each.
    pub parts: Vec<T>,
    /// The tokens that all of it took, where the answers say so. What a gateway's cache answered took none.
    pub usage: Option<Usage>,
}

impl<T: Vectors> EmbeddingSet<T> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(Vectors::count).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The vector of the text with that number.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[f32]> {
        self.parts.get(index / MOST_TEXTS)?.vector(index % MOST_TEXTS)
    }

    /// All vectors.
    pub fn iter(&self) -> impl Iterator<Item = &[f32]> {
        self.parts.iter().flat_map(|part| (0..part.count()).filter_map(|index| part.vector(index)))
    }

    /// The numbers of the texts whose vectors are nearest to one, nearest first, each with its likeness.
    #[must_use]
    pub fn nearest(&self, to: &[f32], most: usize) -> Vec<(usize, f32)> {
        let mut found: Vec<(usize, f32)> =
            self.iter().enumerate().map(|(index, vector)| (index, cosine_similarity(vector, to))).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(most);
        found
    }
}

impl<M, P> EmbeddingSet<Embeddings<M, P>> {
    /// The vector of the text with that number, its length in its type: as [`Embeddings::array`].
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
        self.parts.get(index / MOST_TEXTS)?.array(index % MOST_TEXTS)
    }
}

/// How alike two vectors of the same model are: 1 the same, 0 nothing in common. Vectors of different lengths are not alike.
///
/// ```
/// assert_eq!(workers_ai::cosine_similarity(&[3.0, 4.0], &[6.0, 8.0]), 1.0);
/// assert_eq!(workers_ai::cosine_similarity(&[1.0, 0.0], &[0.0, 1.0]), 0.0);
/// ```
#[must_use]
pub fn cosine_similarity(a: &[f32], b: &[f32]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (dot(a, a) * dot(b, b)).sqrt();
    if lengths == 0.0 { 0.0 } else { dot(a, b) / lengths }
}

/// The documents that a reranker was asked about, best first, each with its score.
///
/// ```no_run
/// # use workers_ai::{rank_documents, prelude::*};
/// # #[workers_ai_model("@cf/baai/bge-reranker-base")]
/// # pub struct Reranker;
/// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
/// let documents = ["The tide comes in.", "The sky is blue."];
/// let reply = ai.run(Reranker, Reranker::input().query("colours").contexts(documents)).await?;
/// for (document, score) in rank_documents(&reply.response, &documents) {
///     println!("{score:.2} {document}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn rank_documents<'d, D>(ranks: &[Ranked], documents: &'d [D]) -> Vec<(&'d D, f64)> {
    let found = ranks.iter().filter_map(|rank| {
        let index = usize::try_from(rank.id?).ok()?;
        Some((documents.get(index)?, rank.score?))
    });
    let mut found: Vec<(&D, f64)> = found.collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found
}
