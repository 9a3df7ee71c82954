//! The models that the tests call.

use workers_ai::workers_ai_model;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[workers_ai_model("@cf/black-forest-labs/flux-2-dev")]
pub struct Flux2;

#[workers_ai_model("@cf/stabilityai/stable-diffusion-xl-base-1.0")]
pub struct Sdxl;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

#[workers_ai_model("@cf/moonshotai/kimi-k2.6")]
pub struct Kimi;

#[workers_ai_model("@cf/baai/bge-base-en-v1.5")]
pub struct Bge;

#[workers_ai_model("@cf/baai/bge-reranker-base")]
pub struct Reranker;

#[workers_ai_model("@cf/deepgram/aura-2-en")]
pub struct Aura;

#[workers_ai_model("@cf/deepgram/nova-3")]
pub struct Nova;

#[workers_ai_model("@cf/openai/whisper-large-v3-turbo")]
pub struct Whisper;

#[workers_ai_model("@cf/meta/m2m100-1.2b")]
pub struct M2m;

#[workers_ai_model("@cf/qwen/qwen3-30b-a3b-fp8")]
pub struct Qwen;
