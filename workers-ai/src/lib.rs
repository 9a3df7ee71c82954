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
