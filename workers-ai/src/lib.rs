//! Cloudflare Workers AI for Rust: every model a type, an invalid call does not compile.
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
std::fs::write("lighthouse.jpg", picture.image.decode()?)?;

let mut words = ai.stream(Llama, Llama::input().messages([user("Why is the sky blue?")]).max_tokens(300)).await?;
while let Some(word) = words.next().await {
    print!("{}", word?.text());
}
# Ok(())
# }
```
"#
)]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod amounts;
#[cfg(feature = "client")]
mod batch;
#[cfg(feature = "client")]
mod body;
#[cfg(feature = "rest")]
mod builder;
#[cfg(feature = "client")]
mod bytes;
#[cfg(feature = "client")]
mod call;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod cost;
#[cfg(feature = "client")]
mod dynamic;
#[cfg(feature = "client")]
mod embed;
#[cfg(feature = "client")]
mod encoded;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod fallback;
#[cfg(feature = "client")]
mod fault;
#[cfg(feature = "client")]
mod finetunes;
#[cfg(feature = "client")]
mod gateway;
#[cfg(feature = "client")]
mod http_date;
#[cfg(feature = "rate-limit")]
mod limit;
#[cfg(feature = "client")]
mod logs;
#[cfg(feature = "client")]
mod markdown;
#[cfg(feature = "client")]
mod maybe_send;
#[cfg(feature = "client")]
mod meter;
#[cfg(feature = "client")]
mod models;
#[cfg(feature = "client")]
mod multipart;
#[cfg(feature = "client")]
mod observe;
#[cfg(feature = "openai")]
mod openai;
#[cfg(feature = "client")]
mod options;
#[cfg(feature = "client")]
mod pace;
#[cfg(feature = "client")]
mod reply;
#[cfg(feature = "client")]
mod retry;
#[cfg(feature = "schemars")]
mod schema;
#[cfg(feature = "client")]
mod secret;
#[cfg(feature = "client")]
mod stream;
#[cfg(feature = "client")]
mod structured;
#[cfg(feature = "client")]
mod tokens;
#[cfg(feature = "client")]
mod tools;
#[cfg(feature = "client")]
mod transport;
#[cfg(feature = "client")]
mod upload;
#[cfg(feature = "client")]
mod wav;

pub use workers_ai_macros::{inputs, workers_ai_model};
#[doc(hidden)]
pub use workers_ai_types::__private;
pub use workers_ai_types::*;

#[cfg(feature = "client")]
pub use self::{
    amounts::BillableUnits,
    batch::{BatchJob, BatchReply, BatchStatus, ItemError, PollCall, QueueCall, WaitCall},
    bytes::{ByteStream, BytesCall},
    call::{Call, RawCall},
    client::WorkersAi,
    cost::{Cost, FREE_NEURONS_PER_DAY, cost},
    dynamic::DynModel,
    embed::{EmbedAll, EmbeddingSet, cosine_similarity, rank_documents},
    error::{ApiError, ConfigError, Error, StreamError, StreamErrorKind},
    fallback::{Fallback, Last, Step, Steps, Then},
    finetunes::Finetune,
    gateway::{Backoff, Gateway, GatewayError, GatewayHost, GatewayPathStyle, GatewayReason},
    logs::{Feedback, GatewayLog, Rating},
    markdown::{MarkdownDocument, MarkdownFormat},
    maybe_send::{BoxFuture, BoxStream, MaybeSend, MaybeSync},
    meter::{Estimate, Meter, ModelUsage, estimate},
    models::{ListedModel, ModelSchema, ModelSearch},
    reply::{CacheStatus, Meta, RawReply, Reply},
    retry::RetryPolicy,
    secret::Secret,
    stream::{
        Collected, Event, EventDecodeError, EventDecoder, EventStream, Forward, StreamCall, TextStream, ToolCallDelta,
    },
    structured::JsonCall,
    tokens::{ApproximateCounter, TokenCounter},
    tools::{ToolBox, ToolCalls},
    transport::{
        BodyStream, Endpoint, MockTransport, RequestBody, Transport, TransportError, TransportErrorKind,
        TransportRequest, TransportResponse,
    },
    upload::UploadCall,
};
#[cfg(feature = "rest")]
pub use self::{builder::WorkersAiBuilder, transport::Rest};

#[cfg(feature = "tiktoken")]
pub use self::tokens::Tiktoken;

#[cfg(feature = "rate-limit")]
pub use self::limit::RateLimit;

/// What a program that calls models uses.
pub mod prelude {
    pub use workers_ai_macros::{inputs, workers_ai_model};
    pub use workers_ai_types::{
        Batch, Chat, ChatReply, GatewayCompatible, HasAudio, HasImage, JsonMode, Lora, Model, Realtime, Reasoning,
        Request, Run, Streaming, TextEmbedding, Tools, Transcript, Vectors, Vision, assistant, developer, effort,
        system, tool_result, user,
    };

    #[cfg(feature = "client")]
    pub use crate::{Event, WorkersAi};
}
