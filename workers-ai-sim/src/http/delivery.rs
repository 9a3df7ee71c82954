//! Delivery of responses, with faults injected.

use std::{io, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;

use super::envelope::Dialect;
use crate::{Fault, error::ApiError};

/// Returns the response of a fault that replaces the regular one.
pub(super) fn replacement(fault: &Fault, dialect: Dialect) -> Option<Response> {
    let mut response = if let Some(code) = fault.code {
        ApiError::from_code(code).respond(dialect)
    } else if let Some(status) = fault.status {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let page = format!("<html><head><title>{status}</title></head><body>not Workers AI</body></html>");
        (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
    } else if fault.invalid_json {
        ([(header::CONTENT_TYPE, "application/json")], "{\"result\": {\"respon").into_response()
    } else {
        return None;
    };
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Some(response)
}

/// Streams events, unless a fault slows them down or cuts them off.
pub(super) fn event_stream(events: &[Value], fault: &Fault, dialect: Dialect) -> Response {
    let mut pieces: Vec<String> = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    pieces.push("data: [DONE]\n\n".to_owned());
    if let Some(cut) = fault.cut {
        pieces.truncate(cut);
    }
    if let Some(code) = fault.late_code {
        pieces.truncate(1);
        pieces.push(format!("data: {}\n\n", ApiError::from_code(code).body(dialect)));
    }
    let body = faulty_body(pieces.into_iter().map(Bytes::from).collect(), fault);
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// Delivers a response, unless a fault slows it down or breaks it off.
pub(super) async fn deliver(response: Response, fault: &Fault) -> Response {
    if fault.drip.is_none() && fault.stall.is_none() && !fault.reset {
        return response;
    }
    let (parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let size = whole.len().div_ceil(8).max(1);
    let pieces = whole.chunks(size).map(Bytes::copy_from_slice).collect();
    let mut parts = parts;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, faulty_body(pieces, fault))
}

fn faulty_body(pieces: Vec<Bytes>, fault: &Fault) -> Body {
    let pause = fault.drip.unwrap_or(Duration::ZERO);
    let broken_after = fault.reset.then_some(pieces.len().min(2));
    let stalled_after = fault.stall;
    let pieces = stream::unfold((pieces.into_iter(), 0_usize), move |(mut pieces, sent)| async move {
        if broken_after == Some(sent) {
            // Without a pause, the pieces before would not be sent.
            tokio::time::sleep(Duration::from_millis(10)).await;
            return Some((Err(io::Error::other("injected reset")), (Vec::new().into_iter(), usize::MAX)));
        }
        if stalled_after == Some(sent) {
            std::future::pending::<()>().await;
        }
        let piece = pieces.next()?;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Some((Ok(piece), (pieces, sent.saturating_add(1))))
    });
    Body::from_stream(pieces)
}
