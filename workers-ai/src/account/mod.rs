//! The other routes of the account: model search, LoRA adapters, Markdown conversion, gateway logs.

mod finetunes;
mod gateway_logs;
mod markdown;
mod models;

pub use self::{
    finetunes::Finetune,
    gateway_logs::{Feedback, GatewayLog, Rating},
    markdown::{MarkdownDocument, MarkdownFormat},
    models::{ListedModel, ModelSchema, ModelSearch},
};
use serde::de::DeserializeOwned;

use crate::{
    Error, WorkersAi,
    call::{pipeline::perform_complete, request::Outbound},
    error::undecodable,
    reply::{Meta, RawReply},
    transport::{Endpoint, Input, TransportRequest, multipart},
};

/// Calls a route of the account, named `route` in errors.
async fn call(ai: &WorkersAi, route: &str, endpoint: Endpoint, input: Input) -> Result<(RawReply, Meta), Error> {
    // Reading can be repeated; creating cannot.
    let policy = match input {
        Input::None => ai.retry.reading(),
        _ => ai.retry.writing(),
    };
    let outbound = Outbound {
        model: route.to_owned(),
        #[cfg(feature = "rate-limit")]
        rate_limited_as: String::new(),
        info: None,
        request: TransportRequest::new(endpoint, input),
        policy,
        timeout: ai.timeout,
    };
    let performed = perform_complete(ai, outbound).await?;
    let mut meta = Meta::new(route, &performed.value.headers);
    performed.complete(&mut meta);
    Ok((performed.value, meta))
}

/// Calls a route of the account and reads its response.
async fn read<T: DeserializeOwned>(ai: &WorkersAi, route: &str, endpoint: Endpoint, input: Input) -> Result<T, Error> {
    let (raw, meta) = call(ai, route, endpoint, input).await?;
    serde_json::from_slice(&raw.body).map_err(|error| undecodable(meta, &error, &raw))
}

/// Encodes a form.
fn form(parts: &[multipart::NamedPart]) -> Result<Input, Error> {
    let (content_type, body) = multipart::encode_named(parts)?;
    Ok(Input::Form { content_type, body })
}
