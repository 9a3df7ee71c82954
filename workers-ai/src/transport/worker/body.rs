//! The bodies of responses.

use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use worker::{ByteStream, send::SendWrapper, worker_sys::web_sys};

use crate::transport::{BoxStream, TransportError, TransportErrorKind};

/// A response of the runtime whose body is either read here or handed on as it is: whoever takes it first has it.
#[derive(Clone)]
pub(crate) struct NativeResponse(SendWrapper<Rc<Cell<Option<web_sys::Response>>>>);

impl NativeResponse {
    pub(super) fn new(response: web_sys::Response) -> Self {
        Self(SendWrapper::new(Rc::new(Cell::new(Some(response)))))
    }

    /// Takes the response, unless its body has been read.
    pub(super) fn take(&self) -> Option<web_sys::Response> {
        self.0.take()
    }

    /// Returns the body as chunks. Dropping them cancels what is left of the service's stream.
    pub(super) fn chunks(&self) -> BoxStream<'static, Result<Bytes, TransportError>> {
        Box::pin(super::SendStream::new(Chunks { response: self.clone(), reader: None }))
    }
}

/// Chunks that lock the stream of the runtime when the first is asked for.
struct Chunks {
    response: NativeResponse,
    reader: Option<Pin<Box<ByteStream>>>,
}

impl Stream for Chunks {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(response) = self.response.take() {
            // A response without a body has no stream.
            self.reader = worker::Response::from(response).stream().ok().map(Box::pin);
        }
        let Some(reader) = &mut self.reader else { return Poll::Ready(None) };
        Poll::Ready(ready!(reader.as_mut().poll_next(cx)).map(|chunk| match chunk {
            Ok(bytes) => Ok(Bytes::from(bytes)),
            Err(error) => Err(TransportError::new(TransportErrorKind::ConnectionLost, error.to_string())),
        }))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if let Some(body) = self.response.take().and_then(|response| response.body()) {
            // Whether the service hears of it is not waited for.
            let _ = body.cancel();
        }
    }
}
