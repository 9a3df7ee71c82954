//! How an answer is delivered: as a fault wants it.

use std::{io, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;

use crate::{
    Fault,
    envelope::{Dialect, Refusal},
};

/// The answer of a fault that does not look at the request.
pub(crate) fn early(fault: &Fault, dialect: Dialect) -> Option<Response> {
    let mut response = if let Some(code) = fault.code {
        Refusal::of_code(code).respond(dialect)
    } else if let Some(status) = fault.status {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let page = format!("<html><head><title>{status}</title></head><body>not Workers AI</body></html>");
        (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
    } else if fault.garbage {
        ([(header::CONTENT_TYPE, "application/json")], "{\"result\": {\"respon").into_response()
    } else {
        return None;
    };
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Some(response)
}

/// A stream of events, as whole and as fast as the fault lets it be.
pub(crate) fn event_stream(events: &[Value], fault: &Fault, dialect: Dialect) -> Response {
    let mut pieces: Vec<String> = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    pieces.push("data: [DONE]\n\n".to_owned());
    if let Some(cut) = fault.cut {
        pieces.truncate(cut);
    }
    if let Some(code) = fault.late_code {
        pieces.truncate(1);
        pieces.push(format!("data: {}\n\n", Refusal::of_code(code).body(dialect)));
    }
    let body = body_of(pieces.into_iter().map(Bytes::from).collect(), fault);
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// The same answer, in as many pieces and as whole as the fault lets it be.
pub(crate) async fn dripping(response: Response, fault: &Fault) -> Response {
    if fault.drip.is_none() && !fault.reset {
        return response;
    }
    let (parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let size = whole.len().div_ceil(8).max(1);
    let pieces = whole.chunks(size).map(Bytes::copy_from_slice).collect();
    let mut parts = parts;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body_of(pieces, fault))
}

fn body_of(pieces: Vec<Bytes>, fault: &Fault) -> Body {
    let pause = fault.drip.unwrap_or(Duration::ZERO);
    let broken_after = fault.reset.then_some(pieces.len().min(2));
    let pieces = stream::unfold((pieces.into_iter(), 0_usize), move |(mut pieces, sent)| async move {
        if broken_after == Some(sent) {
            // What was sent before must have left.
            tokio::time::sleep(Duration::from_millis(10)).await;
            return Some((Err(io::Error::other("reset on demand")), (Vec::new().into_iter(), usize::MAX)));
        }
        let piece = pieces.next()?;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Some((Ok(piece), (pieces, sent.saturating_add(1))))
    });
    Body::from_stream(pieces)
}
