//! Answers that are bytes, handed over as they come.

use std::{
    fmt,
    future::IntoFuture,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use web_time::Instant;
use workers_ai_types::AnswersBytes;

use crate::{
    Error, WorkersAi,
    call::{Call, read_all},
    encoded::Encoded,
    fault::refusal,
    maybe_send::{BoxFuture, BoxStream},
    observe::Watch,
    reply::{Meta, header_text},
    retry::retrying,
    transport::{Outgoing, TransportError},
};

impl<M, T> Call<M, T> {
    /// Hands an answer that is bytes over as it comes: speech can be played before all of it is there.
    ///
    /// ```no_run
    /// # use workers_ai::prelude::*;
    /// # #[workers_ai_model("@cf/deepgram/aura-2-en")]
    /// # pub struct Aura;
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let mut speech = ai.run(Aura, Aura::input().text("The tide comes in at six.")).bytes().await?;
    /// println!("{:?}", speech.content_type());
    /// while let Some(piece) = speech.next().await {
    ///     println!("{} bytes", piece?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn bytes(self) -> BytesCall
    where
        M: AnswersBytes,
    {
        BytesCall { ai: self.ai, encoded: Encoded { options: self.options, ..self.encoded } }
    }
}

/// A call whose answer is bytes. [`Call::bytes`] returns it.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct BytesCall {
    ai: WorkersAi,
    encoded: Encoded,
}

impl IntoFuture for BytesCall {
    type Output = Result<ByteStream, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, encoded } = self;
        Box::pin(async move {
            let start = Instant::now();
            let (model, pace) = (encoded.model.clone(), ai.pace(&encoded));
            let watch = Watch::new(&ai, &model, encoded.info, false);
            let (mut outgoing, policy) = encoded.outgoing(&ai, false)?;
            outgoing.stream = true;
            watch.sent(outgoing.body.bytes());
            let once = || async {
                pace.wait(&ai).await;
                open(&ai, &model, outgoing.clone()).await
            };
            let (mut stream, attempts) = watch.around(retrying(&*ai.transport, policy, once)).await?;
            stream.meta.attempts = attempts;
            stream.meta.duration = start.elapsed();
            watch.known(&stream.meta);
            Ok(stream)
        })
    }
}

async fn open(ai: &WorkersAi, model: &str, outgoing: Outgoing) -> Result<ByteStream, Error> {
    let incoming = ai.transport.send(outgoing).await?;
    let content_type = header_text(&incoming.headers, http::header::CONTENT_TYPE.as_str());
    let json = content_type.as_deref().is_some_and(|of| of.starts_with("application/json"));
    if !incoming.status.is_success() || json {
        // JSON in place of bytes says what went wrong, or is the answer of a model that gives no bytes.
        let raw = read_all(incoming).await?;
        return Err(refusal(model, raw.status, &raw.headers, raw.body));
    }
    Ok(ByteStream { meta: Meta::of(model, &incoming.headers), content_type, body: incoming.body })
}

/// Bytes as they come. Dropping it closes the connection.
pub struct ByteStream {
    meta: Meta,
    content_type: Option<String>,
    body: BoxStream<'static, Result<Bytes, TransportError>>,
}

impl ByteStream {
    /// What the bytes are, as a MIME type.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// What is known of the call.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The next piece. `None`: that was all.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.body.as_mut().poll_next(cx).map(|piece| piece.map(|piece| piece.map_err(Error::from)))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("content_type", &self.content_type)
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}
