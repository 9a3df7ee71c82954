//! A way to call all models of a set: with one of the alternatives that they have in common.

use super::Merge;
use crate::{Answer, Field, Kind};

/// A way to call all models.
pub(super) struct Way {
    /// The name of the field that selects it, in models that have several.
    pub(super) key: Option<String>,
    /// The alternative of each model. `None`: it has no others.
    pub(super) at: Vec<Option<usize>>,
}

impl Way {
    /// Returns whether a field of the model at a position can be set this way.
    pub(super) fn has(&self, model: usize, field: &Field) -> bool {
        let way = self.at.get(model).copied().flatten();
        field.alternatives.is_empty() || way.is_none_or(|way| field.alternatives.contains(&way))
    }

    /// Returns the JSON output of the model at a position.
    pub(super) fn answer<'m>(&self, merge: &Merge<'m>, model: usize) -> Option<&'m Answer> {
        let way = self.at.get(model).copied().flatten();
        let model = merge.members.get(model)?.model;
        let of_way = way.and_then(|way| model.input.alternatives.get(way)).and_then(|alternative| alternative.output);
        match (of_way, model.output.json.as_slice()) {
            (Some(index), answers) => answers.get(index),
            (None, [answer]) => Some(answer),
            (None, _) => None,
        }
    }

    /// Returns whether all models return embeddings.
    pub(super) fn returns_embeddings(&self, merge: &Merge<'_>) -> bool {
        let embeddings = Kind::Shape("Embeddings".to_owned());
        (0..merge.members.len()).all(|at| self.answer(merge, at).is_some_and(|answer| answer.place.kind == embeddings))
    }
}
