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
    transport::{BoxStream, ResponseLimits, TransportError, TransportResponse},
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
    // The status and the headers say what failed, even if the connection breaks before the whole explanation has arrived.
    let (body, _) = collect(response.body, MAX_ERROR_BYTES).await;
    Err(api_error(model, response.status, &response.headers, without_mark(body)))
}

/// Reads a body to its end.
pub(crate) async fn read_to_end(response: TransportResponse, limits: ResponseLimits) -> Result<RawReply, Error> {
    let TransportResponse { status, headers, body, .. } = response;
    let limit = limits.max_bytes;
    match collect(body, limit).await {
        (body, End::Complete) => Ok(RawReply { status, headers, body: without_mark(body) }),
        (read, End::TooLarge) => {
            Err(Error::ResponseTooLarge { model: String::new(), limit, status, read: read.into() })
        }
        (_, End::Lost(error)) => Err(if status.is_success() { error.interrupted() } else { error }.into()),
    }
}

/// Why no more of a body was read.
enum End {
    Complete,
    TooLarge,
    Lost(TransportError),
}

/// Reads so many bytes of a body. One that arrives in one piece is not copied.
async fn collect(mut body: BoxStream<'static, Result<Bytes, TransportError>>, most: usize) -> (Bytes, End) {
    let (mut first, mut whole, mut turn) = (Bytes::new(), Vec::new(), Turn::default());
    let end = loop {
        let chunk = match body.next().await {
            Some(Ok(chunk)) => chunk,
            Some(Err(error)) => break End::Lost(error),
            None => break End::Complete,
        };
        let left = most - first.len() - whole.len();
        let taken = chunk.slice(..chunk.len().min(left));
        if first.is_empty() && whole.is_empty() {
            first = taken;
        } else {
            whole.extend_from_slice(&std::mem::take(&mut first));
            whole.extend_from_slice(&taken);
        }
        if chunk.len() > left {
            break End::TooLarge;
        }
        turn.over().await;
    };
    (if whole.is_empty() { first } else { whole.into() }, end)
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
