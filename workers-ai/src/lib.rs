//! Cloudflare Workers AI for Rust: name a model and get a typed input builder, output and call. An invalid call does not compile.
#![cfg_attr(
    feature = "rest",
    doc = r#"
```no_run
use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub struct Llama;

# async fn f() -> Result<(), Box<dyn std::error::Error>> {
let ai = WorkersAi::from_env()?; // CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN
let picture = ai.run(Flux, Flux::input().prompt("a lighthouse at dusk, oil on canvas").num_steps(4)).await?;
picture.image.save("lighthouse.jpg")?;

let mut words = ai.stream(Llama, Llama::input().messages([user("Why is the sky blue?")]).max_tokens(300)).await?;
while let Some(word) = words.next().await {
    print!("{}", word?.text());
}
# Ok(())
# }
```

# Where things are

- [`prelude`]: everything that a program needs to call models.
- The crate root: the client ([`WorkersAi`]), the model traits ([`Model`], [`Chat`], [`Streaming`], …), replies and errors.
- [`chat`], [`embeddings`], [`media`]: the types that inputs and outputs are made of.
- [`stream`], [`batch`], [`fallback`], [`gateway`]: other ways to call a model than one request and one response.
- [`billing`]: token counts, cost estimates and a meter.
- [`account`]: the other routes of the account: model search, LoRA adapters, Markdown conversion, gateway logs.
- [`catalog`], [`shapes`], [`checked`], [`codec`], [`typestate`]: what the attribute generates code against.
- [`transport`]: your own way to reach the service, and a mock for tests.

# Features

| feature | what it adds |
| --- | --- |
| `rustls` (default), `rustls-no-provider`, `native-tls` | `rest`, with TLS |
| `rest` | the client over REST and AI Gateway, on tokio |
| `worker` | the client in a Worker, for wasm32: over its binding, and over REST by the runtime's `fetch`; with `default-features = false` |
| `client` | the client without either: bring your own [`Transport`](transport::Transport) |
| `catalog` | checks the JSON of models that are named by their ID alone |
| `schemars` | JSON Schemas of your own types: structured output and typed tools |
| `rate-limit`, `tracing`, `tiktoken`, `openai` | waiting for limits, spans, exact token counts, a configuration for `async-openai` |
| `serde-both`, `patterns` | both directions for all generated types; the regular expressions of input schemas |

What each transport reaches:

| | `transport::Rest`, `transport::Fetch` | `transport::Binding` |
| --- | --- | --- |
| models, streams, bytes, uploads, batches, tools | yes | yes |
| gateway options, fallbacks, logs | yes | yes; no files through a gateway |
| the list of models, Markdown | yes | yes |
| realtime connections | no | `Binding::connect` |
| schemas of models, LoRA adapters, OpenAI-compatible routes | yes | a configuration error that says so |
"#
)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(all(feature = "rest", target_arch = "wasm32"))]
compile_error!(
    "the feature `rest` needs tokio, which Workers do not have: in Cargo.toml, write \
     `workers-ai = { version = \"…\", default-features = false, features = [\"worker\"] }`"
);

// First, since the methods of a type are documented in this order.
#[cfg(feature = "client")]
mod client;

#[cfg(feature = "client")]
pub mod account;
#[cfg(feature = "client")]
pub mod billing;
#[cfg(feature = "client")]
pub mod call;
#[cfg(feature = "client")]
mod duration;
#[cfg(feature = "client")]
pub mod error;
#[cfg(feature = "client")]
pub mod gateway;
#[cfg(feature = "client")]
mod known;
pub mod prelude;
#[cfg(feature = "client")]
mod reply;
#[cfg(feature = "client")]
pub mod stream;
#[cfg(feature = "client")]
mod telemetry;
#[cfg(feature = "client")]
pub mod transport;

pub use workers_ai_macros::{inputs, workers_ai_model};
#[doc(hidden)]
pub use workers_ai_types::__private;
pub use workers_ai_types::{
    Batch, BinaryOutput, Chat, ErrorClass, ErrorCode, GatewayCompatible, InvalidInput, JsonMode, Lora, Model, ModelSet,
    Realtime, Reasoning, Request, RetryClass, Run, SingleModel, Streaming, TextEmbedding, Tools, UnknownModel,
    Violation, Vision, catalog, checked, codec, media,
    media::{Audio, Image, Media},
    shapes, typestate,
};

#[cfg(feature = "client")]
#[doc(inline)]
pub use self::{
    call::{Call, DynModel, batch, fallback},
    client::WorkersAi,
    error::Error,
    reply::{CacheStatus, Meta, RawReply, Reply},
    stream::{Event, EventStream},
    transport::{RetryPolicy, Secret},
};

#[cfg(any(feature = "rest", feature = "worker"))]
pub use self::client::builder::WorkersAiBuilder;

/// Chats: messages, tools, reasoning, and the responses of chat models.
pub mod chat {
    pub use workers_ai_types::chat::*;

    #[cfg(feature = "client")]
    pub use crate::call::tools::{ToolBox, ToolsCall, ToolsError};
}

/// Embeddings: vectors, pooling, similarity and reranking.
pub mod embeddings {
    pub use workers_ai_types::embeddings::*;

    #[cfg(feature = "client")]
    pub use crate::call::{
        embed::{EmbedAll, EmbedAllError, EmbeddingSet},
        rank::{cosine_similarity, rank_documents},
    };
}
