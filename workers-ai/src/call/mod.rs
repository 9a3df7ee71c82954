//! The types that the methods of [`WorkersAi`] return: calls that are made when they are awaited.

pub mod batch;
mod bytes;
pub(crate) mod dynamic;
pub(crate) mod embed;
pub mod fallback;
pub(crate) mod header;
mod json;
#[cfg(feature = "schemars")]
mod json_schema;
pub(crate) mod options;
pub(crate) mod pipeline;
pub(crate) mod rank;
pub(crate) mod request;
#[cfg(feature = "worker")]
mod response;
pub(crate) mod stream;
pub(crate) mod tools;
mod upload;

use std::{fmt, future::IntoFuture, marker::PhantomData};

use workers_ai_types::codec::Decode;

#[cfg(feature = "worker")]
pub use self::response::ResponseCall;
pub use self::{
    bytes::BytesCall, dynamic::DynModel, json::JsonCall, pipeline::CallFuture, stream::StreamCall, upload::UploadCall,
};
use self::{
    options::{Options, options},
    pipeline::{Answer, perform},
    request::PreparedRequest,
};
use crate::{
    Error, Meta, Reply, WorkersAi,
    reply::{
        RawReply,
        body::read_to_end,
        envelope::{Content, strip_envelope},
        extract_usage,
    },
    transport::BoxFuture,
};

/// A call that is made when it is awaited. Returned by [`WorkersAi::run`].
#[must_use = "a call is made when it is awaited"]
pub struct Call<M, T> {
    pub(crate) ai: WorkersAi,
    pub(crate) request: PreparedRequest,
    output: PhantomData<fn(M) -> T>,
}

impl<M, T> Call<M, T> {
    pub(crate) fn new(ai: WorkersAi, request: PreparedRequest) -> Self {
        Self { ai, request, output: PhantomData }
    }

    /// Returns the same call with its response read into another type.
    pub(crate) fn with_output<U>(self) -> Call<M, U> {
        Call::new(self.ai, self.request)
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.request.options
    }

    options!(gateway of M);

    /// Returns the response as received: status, headers and body. Error responses of the service are responses, too.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// # pub struct Llama;
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let reply = ai.run(Llama, Llama::input().prompt("hello")).raw().await?;
    /// println!("{} after {} attempts: {:?}", reply.status, reply.meta.attempts, reply.body);
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(self) -> RawCall {
        RawCall { ai: self.ai, request: self.request }
    }
}

impl<M, T> fmt::Debug for Call<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("request", &self.request).finish_non_exhaustive()
    }
}

impl<M, T: Decode> IntoFuture for Call<M, T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        CallFuture::complete(self.ai, self.request, Answer::decode::<T>)
    }
}

/// A call whose response is returned as received. Returned by [`Call::raw`].
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct RawCall {
    ai: WorkersAi,
    request: PreparedRequest,
}

impl IntoFuture for RawCall {
    type Output = Result<Reply<RawReply>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, request } = self;
        Box::pin(async move {
            let (model, limit) = (request.model.clone(), request.token_limit());
            let outbound = request.into_outbound(&ai, false)?;
            let performed = perform(&ai, outbound, async |response| read_to_end(response, ai.limits).await).await?;
            let raw = &performed.value;
            let mut meta = Meta::new(&model, &raw.headers);
            performed.complete(&mut meta);
            if let Content::Result(body) = strip_envelope(raw.content_type(), &raw.body) {
                (meta.usage, meta.finish_reason) = extract_usage(raw.content_type(), &body, limit);
            }
            performed.span.record_answer(raw, &meta);
            Ok(Reply { output: performed.value, meta })
        })
    }
}
