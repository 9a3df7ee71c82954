//! The models that this Worker calls. Another ID here gives other types: the compiler then says what else changes.

use worker::Env;
use workers_ai::prelude::*;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Bge;

// Vectors of another length need another index: `wrangler vectorize create … --dimensions=…`.
const _: () = assert!(matches!(Bge::INFO.output_dimensions, Some(768)));

/// Returns a client over the binding of the Worker.
pub fn client(env: &Env) -> worker::Result<WorkersAi> {
    Ok(WorkersAi::from_binding(env.ai("AI")?))
}
