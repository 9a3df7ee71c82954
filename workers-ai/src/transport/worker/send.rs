//! Streams of JavaScript as streams that are `Send`.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use worker::send::SendWrapper;

/// A stream that is `Send`, around one that is not: the body of a request to a Worker, whose only thread never shares it.
///
/// ```no_run
/// # use workers_ai::prelude::*;
/// # #[workers_ai_model("@cf/deepgram/nova-3")]
/// # pub struct Nova;
/// use workers_ai::transport::SendStream;
///
/// async fn transcribe(ai: WorkersAi, mut request: worker::Request) -> worker::Result<String> {
///     let recording = SendStream::new(request.stream()?);
///     let transcript = ai.upload(Nova, "audio/mpeg", recording, |audio| Nova::input().audio(audio)).await?;
///     Ok(transcript.text().to_owned())
/// }
/// ```
pub struct SendStream<S>(SendWrapper<Pin<Box<S>>>);

impl<S> SendStream<S> {
    /// Wraps a stream.
    pub fn new(stream: S) -> Self {
        Self(SendWrapper::new(Box::pin(stream)))
    }
}

impl<S> fmt::Debug for SendStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendStream").finish_non_exhaustive()
    }
}

impl<S: Stream> Stream for SendStream<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}
