//! Calls whose output is streamed as events.

use std::future::IntoFuture;

use ::bytes::{Buf, Bytes};
use futures_util::{StreamExt, stream};
use web_time::Instant;

use super::{
    options::{Options, options},
    pipeline::perform,
    request::PreparedRequest,
};
use crate::{
    Error, WorkersAi,
    error::{parse::api_error, undecodable},
    reply::{
        body::{read_to_end, successful},
        envelope::{Content, strip_envelope},
    },
    stream::{EventDecodeError, EventDecoder, EventStream},
    transport::{BoxFuture, BoxStream, TransportError, TransportResponse},
};

/// A call that is made when it is awaited and returns a stream of events. Returned by [`WorkersAi::stream`].
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct StreamCall {
    pub(super) ai: WorkersAi,
    pub(super) request: PreparedRequest,
}

impl StreamCall {
    pub(crate) fn new(ai: WorkersAi, request: PreparedRequest) -> Self {
        Self { ai, request }
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.request.options
    }

    options!(gateway);
}

impl IntoFuture for StreamCall {
    type Output = Result<EventStream, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, request } = self;
        Box::pin(async move {
            let (model, limit) = (request.model.clone(), request.token_limit());
            let outbound = request.into_outbound(&ai, true)?;
            let performed = perform(&ai, outbound, |response| open(&ai, &model, limit, response)).await?;
            let (start, attempts) = (performed.start, performed.attempts);
            Ok(performed.value.begin(start, attempts, performed.span))
        })
    }
}

/// The number of chunks without a visible character that may precede a response.
const MAX_BLANK_CHUNKS: usize = 16;

/// Waits for the first event.
pub(super) async fn open(
    ai: &WorkersAi,
    model: &str,
    limit: Option<u64>,
    response: TransportResponse,
) -> Result<EventStream, Error> {
    let response = successful(model, response).await?;
    let (response, is_object) = peek(response).await?;
    let decoder = limit.map_or_else(EventDecoder::new, |limit| EventDecoder::new().with_token_limit(limit));
    let mut events = EventStream::new(model, decoder, &response, Instant::now());
    if is_object {
        complete(ai, model, &mut events, response).await?;
    } else {
        events.read_from(response.body, ai);
    }
    events.peek().await?;
    Ok(events)
}

/// Decodes a complete response. Some models return one instead of a stream; it has been billed, so it is not requested again.
async fn complete(
    ai: &WorkersAi,
    model: &str,
    events: &mut EventStream,
    response: TransportResponse,
) -> Result<(), Error> {
    let raw = read_to_end(response, ai.limits).await?;
    let Content::Result(body) = strip_envelope(None, &raw.body) else {
        return Err(api_error(model, raw.status, &raw.headers, raw.body));
    };
    events.decode_complete(&body).map_err(|error| match error {
        EventDecodeError::Service(_) => api_error(model, raw.status, &raw.headers, raw.body),
        EventDecodeError::Stream(_) => {
            undecodable(events.meta().clone(), &"it is not the response of a chat model", &raw)
        }
    })
}

/// Returns `true` if a body begins as a JSON object, whatever its content type says: no event stream does. The bytes read for that are
/// put back.
async fn peek(mut response: TransportResponse) -> Result<(TransportResponse, bool), TransportError> {
    let mut read: Vec<Result<Bytes, TransportError>> = Vec::new();
    let mut first = None;
    // The service sends no blanks: a body of many is not searched for its beginning.
    while first.is_none()
        && read.len() < MAX_BLANK_CHUNKS
        && let Some(chunk) = response.body.next().await
    {
        let mut chunk = chunk.map_err(TransportError::interrupted)?;
        if read.is_empty() && chunk.starts_with(b"\xef\xbb\xbf") {
            chunk.advance(3);
        }
        first = chunk.trim_ascii_start().first().copied();
        read.push(Ok(chunk));
    }
    let body: BoxStream<'static, _> = Box::pin(stream::iter(read).chain(response.body));
    Ok((TransportResponse { body, ..response }, first == Some(b'{')))
}
