//! Compares vectors and sorts documents.

use workers_ai_types::shapes::Ranked;

/// Returns the cosine similarity of two vectors of the same model: 1 for the same direction, 0 for nothing in common. It is 0 for
/// vectors of different lengths.
///
/// ```
/// use workers_ai::embeddings::cosine_similarity;
///
/// assert_eq!(cosine_similarity(&[3.0, 4.0], &[6.0, 8.0]), 1.0);
/// assert_eq!(cosine_similarity(&[1.0, 0.0], &[0.0, 1.0]), 0.0);
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

/// Returns the documents that a reranker was asked about, best first, each with its score.
///
/// ```no_run
/// # use workers_ai::{embeddings::rank_documents, prelude::*};
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
