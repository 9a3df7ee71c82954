//! What derives below the attribute give is not given again.
#![deny(warnings, missing_docs)]

use workers_ai::prelude::*;

/// Without derives.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Plain;

/// With `Clone`.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
#[derive(Debug, Clone)]
pub struct Cloned;

/// With both.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
#[derive(Clone, std::marker::Copy, PartialEq, Eq, Hash)]
pub struct Both;

/// With others above.
#[derive(Debug, Default)]
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Above;

fn twice<M: Model + Copy>(model: M) -> [M; 2] {
    [model, model.clone_of()]
}

trait CloneOf: Clone {
    fn clone_of(&self) -> Self {
        self.clone()
    }
}

impl<T: Clone> CloneOf for T {}

/// All of them twice.
pub fn all() {
    let _ = (twice(Plain), twice(Cloned), twice(Both), twice(Above));
}
