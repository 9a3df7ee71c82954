//! Calls whose output is bytes.

use std::future::IntoFuture;

use ::bytes::Bytes;
use futures_util::{StreamExt, stream};
use workers_ai_types::{
    __private::{is_json, is_text},
    BinaryOutput,
};

use super::{Call, pipeline::perform, request::PreparedRequest};
use crate::{
    Error, Meta, WorkersAi,
    error::{
        parse::{self, api_error},
        undecodable,
    },
    reply::{
        RawReply,
        body::{read_to_end, successful},
        envelope::{Content, strip_envelope},
    },
    stream::bytes::ByteStream,
    transport::{BoxFuture, BoxStream, TransportError, TransportResponse},
};

impl<M, T> Call<M, T> {
    /// Streams binary output as it arrives: speech can be played before it is complete.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/deepgram/aura-2-en")]
    /// # pub struct Aura;
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let mut speech = ai.run(Aura, Aura::input().text("The tide comes in at six.")).bytes().await?;
    /// println!("{:?}", speech.content_type());
    /// while let Some(chunk) = speech.next().await {
    ///     println!("{} bytes", chunk?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn bytes(self) -> BytesCall
    where
        M: BinaryOutput,
    {
        BytesCall { ai: self.ai, request: self.request }
    }
}

/// A call whose output is bytes. Returned by [`Call::bytes`].
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct BytesCall {
    pub(super) ai: WorkersAi,
    pub(super) request: PreparedRequest,
}

impl IntoFuture for BytesCall {
    type Output = Result<ByteStream, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, request } = self;
        Box::pin(async move {
            let model = request.model.clone();
            let outbound = request.into_outbound(&ai, true)?;
            let performed = perform(&ai, outbound, |response| open(&ai, &model, response)).await?;
            let mut meta = Meta::new(&model, &performed.value.response.headers);
            performed.complete(&mut meta);
            performed.span.record_meta(&meta);
            let Opened { response, first } = performed.value;
            Ok(ByteStream::new(meta, &response.headers, first, response.body, performed.start, performed.span))
        })
    }
}

/// A response that has begun with bytes.
pub(super) struct Opened {
    response: TransportResponse,
    first: Bytes,
}

#[cfg(feature = "worker")]
impl Opened {
    /// Puts the first chunk back.
    pub(super) fn into_response(self) -> TransportResponse {
        let Self { response, first } = self;
        let body: BoxStream<'static, _> = Box::pin(stream::iter([Ok(first)]).chain(response.body));
        TransportResponse { body, ..response }
    }
}

/// Waits for the first chunk.
pub(super) async fn open(ai: &WorkersAi, model: &str, response: TransportResponse) -> Result<Opened, Error> {
    let mut response = successful(model, response).await?;
    let mut first = Bytes::new();
    while first.is_empty()
        && let Some(chunk) = response.body.next().await
    {
        first = chunk.map_err(TransportError::interrupted)?;
    }
    let content_type = response.headers.get("content-type");
    if !first.is_empty() && !is_text(content_type) && !is_json(content_type, &first) {
        return Ok(Opened { response, first });
    }
    let body: BoxStream<'static, _> = Box::pin(stream::iter([Ok(first)]).chain(response.body));
    let raw = read_to_end(TransportResponse { body, ..response }, ai.limits).await?;
    Err(not_bytes(model, &raw))
}

/// Returns the error for a response that is not bytes: a failure, or the output of a model that returns none.
fn not_bytes(model: &str, raw: &RawReply) -> Error {
    let failed = match strip_envelope(raw.content_type(), &raw.body) {
        Content::Failed => true,
        Content::Result(_) => parse::read(&raw.body).0.is_some(),
    };
    match raw.body.is_empty() {
        _ if failed => api_error(model, raw.status, &raw.headers, raw.body.clone()),
        true => undecodable(Meta::new(model, &raw.headers), &"the body is empty", raw),
        false => undecodable(Meta::new(model, &raw.headers), &"text where bytes were expected", raw),
    }
}
