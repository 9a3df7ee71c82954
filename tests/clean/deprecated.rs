//! Models whose structs the user deprecated, which nobody uses.
#![deny(warnings, missing_docs, unreachable_pub)]

use workers_ai::prelude::*;

/// An image model.
#[deprecated = "use `Phoenix`"]
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

/// A model whose output names it.
#[workers_ai_model("@cf/baai/bge-m3")]
#[deprecated]
pub struct Bge;

/// A model with parts and batches.
#[deprecated]
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

/// A struct that is checked.
#[deprecated(since = "1.0.0", note = "use `Phoenix`")]
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Poster {
    /// The prompt.
    pub prompt: String,
    /// The steps.
    pub num_steps: u8,
}
