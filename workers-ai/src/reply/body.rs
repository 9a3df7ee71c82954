//! Reads bodies, within bounds.

use std::{
    future::poll_fn,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::StreamExt;

use super::RawReply;
use crate::{
    Error,
    error::parse::api_error,
    transport::{ResponseLimits, TransportError, TransportResponse},
};

/// More than any error of the service.
const MAX_ERROR_BYTES: usize = 256 << 10;
/// The number of chunks after which others have a turn: a body may arrive without a pause.
const CHUNKS_AT_ONCE: usize = 32;

/// Returns a response that is not an error.
pub(crate) async fn successful(model: &str, response: TransportResponse) -> Result<TransportResponse, Error> {
    if response.status.is_success() {
        return Ok(response);
    }
    let TransportResponse { status, headers, mut body, .. } = response;
    // The status and the headers say what failed, even if the connection breaks before the whole explanation has arrived.
    let mut read = Vec::new();
    let mut turn = Turn::default();
    while read.len() < MAX_ERROR_BYTES
        && let Some(Ok(chunk)) = body.next().await
    {
        read.extend_from_slice(&chunk[..chunk.len().min(MAX_ERROR_BYTES - read.len())]);
        turn.over().await;
    }
    Err(api_error(model, status, &headers, without_mark(read.into())))
}

/// Reads a body to its end.
pub(crate) async fn read_to_end(mut response: TransportResponse, limits: ResponseLimits) -> Result<RawReply, Error> {
    let TransportResponse { status, .. } = response;
    let lost = |error: TransportError| if status.is_success() { error.interrupted() } else { error };
    let limit = limits.max_bytes;
    let first = response.body.next().await.transpose().map_err(lost)?.unwrap_or_default();
    let mut whole = Vec::new();
    let mut turn = Turn::default();
    while let Some(more) = response.body.next().await {
        if whole.is_empty() {
            whole.extend_from_slice(&first);
        }
        let more = more.map_err(lost)?;
        if whole.len() + more.len() > limit {
            return Err(Error::ResponseTooLarge { model: String::new(), limit, status, read: whole });
        }
        whole.extend_from_slice(&more);
        turn.over().await;
    }
    if first.len() > limit {
        return Err(Error::ResponseTooLarge { model: String::new(), limit, status, read: first[..limit].to_vec() });
    }
    let body = if whole.is_empty() { first } else { whole.into() };
    Ok(RawReply { status, headers: response.headers, body: without_mark(body) })
}

/// Removes the byte-order mark that some servers begin a text with.
fn without_mark(body: Bytes) -> Bytes {
    if body.starts_with(b"\xef\xbb\xbf") { body.slice(3..) } else { body }
}

/// Lets others have a turn from time to time.
#[derive(Debug, Default)]
pub(crate) struct Turn(usize);

impl Turn {
    /// Counts a chunk, and gives up the turn after many.
    async fn over(&mut self) {
        if self.is_over() {
            let mut waited = false;
            poll_fn(|cx| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Self::later(cx) }).await;
        }
    }

    /// Counts a chunk. Returns `true` if it is time for others.
    pub(crate) fn is_over(&mut self) -> bool {
        self.0 += 1;
        self.0.is_multiple_of(CHUNKS_AT_ONCE)
    }

    /// Asks to be polled again.
    pub(crate) fn later<T>(cx: &Context<'_>) -> Poll<T> {
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
