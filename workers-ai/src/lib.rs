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
mod account;
#[cfg(feature = "client")]
mod billing;
#[cfg(feature = "client")]
mod call;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod gateway;
#[cfg(feature = "client")]
mod reply;
#[cfg(feature = "client")]
mod stream;
#[cfg(feature = "client")]
mod telemetry;
#[cfg(feature = "client")]
mod transport;

pub use workers_ai_macros::{inputs, workers_ai_model};
#[doc(hidden)]
pub use workers_ai_types::__private;
pub use workers_ai_types::*;

#[cfg(feature = "client")]
pub use self::{
    account::{
        finetunes::Finetune,
        gateway_logs::{Feedback, GatewayLog, Rating},
        markdown::{MarkdownDocument, MarkdownFormat},
        models::{ListedModel, ModelSchema, ModelSearch},
    },
    billing::{
        amounts::BillableUnits,
        cost::{Cost, FREE_NEURONS_PER_DAY, cost},
        meter::{Estimate, Meter, ModelUsage, estimate},
        tokens::{ApproximateCounter, TokenCounter},
    },
    call::{
        Call, RawCall,
        batch::{BatchJob, BatchReply, BatchStatus, ItemError, PollCall, QueueCall, WaitCall},
        bytes::{ByteStream, BytesCall},
        dynamic::DynModel,
        embed::{EmbedAll, EmbeddingSet, cosine_similarity, rank_documents},
        fallback::{Fallback, Last, Step, Steps, Then},
        json::JsonCall,
        tools::{ToolBox, ToolCalls},
        upload::UploadCall,
    },
    client::WorkersAi,
    error::{
        ApiError, ConfigError, Error, StreamError, StreamErrorKind,
        gateway::{GatewayError, GatewayReason},
    },
    gateway::{Backoff, Gateway, GatewayHost, GatewayPathStyle},
    reply::{CacheStatus, Meta, RawReply, Reply},
    stream::{
        Collected, Event, EventDecodeError, EventDecoder, EventStream, Forward, StreamCall, TextStream, ToolCallDelta,
    },
    transport::{
        BodyStream, Endpoint, MockTransport, RequestBody, Transport, TransportError, TransportErrorKind,
        TransportRequest, TransportResponse,
        maybe_send::{BoxFuture, BoxStream, MaybeSend, MaybeSync},
        retry::RetryPolicy,
        secret::Secret,
    },
};
#[cfg(feature = "rest")]
pub use self::{client::builder::WorkersAiBuilder, transport::Rest};

#[cfg(feature = "tiktoken")]
pub use self::billing::tokens::Tiktoken;

#[cfg(feature = "rate-limit")]
pub use self::transport::rate_limit::RateLimit;

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
