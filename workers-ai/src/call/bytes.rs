//! Answers that are bytes, handed over as they come.

use std::{
    fmt,
    future::IntoFuture,
    pin::Pin,
    sync::atomic::AtomicBool,
    task::{Context, Poll, ready},
};

use ::bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use web_time::Instant;
use workers_ai_types::{
    __private::{is_json, is_text},
    BinaryOutput,
};

use crate::{
    Error, RawReply, WorkersAi,
    call::request::PreparedRequest,
    call::{Call, read_all},
    error::parse::{self as parse, api_error},
    error::undecodable,
    reply::{Meta, Peeled, header_text, strip_envelope},
    stream::{head, in_time},
    telemetry::CallSpan,
    transport::maybe_send::{BoxFuture, BoxStream},
    transport::retry::retrying,
    transport::{TransportError, TransportRequest, TransportResponse},
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
        M: BinaryOutput,
    {
        BytesCall { ai: self.ai, encoded: PreparedRequest { options: self.options, ..self.encoded } }
    }
}

/// A call whose answer is bytes. [`Call::bytes`] returns it.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct BytesCall {
    ai: WorkersAi,
    encoded: PreparedRequest,
}

impl IntoFuture for BytesCall {
    type Output = Result<ByteStream, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { ai, encoded } = self;
        Box::pin(async move {
            let start = Instant::now();
            let (model, pace) = (encoded.model.clone(), ai.pace(&encoded));
            let watch = CallSpan::new(&ai, &model, encoded.info, false);
            let (mut outgoing, policy) = encoded.outgoing(&ai, false)?;
            outgoing.stream = true;
            watch.sent(outgoing.body.bytes());
            let once = || async {
                pace.wait(&ai).await;
                begin(&ai, &model, outgoing.clone()).await
            };
            let (mut stream, attempts) = watch.around(retrying(&*ai.transport, policy, once)).await?;
            stream.meta.attempts = attempts;
            stream.start = start;
            stream.meta.duration = start.elapsed();
            watch.known(&stream.meta);
            stream.watch = Some(watch);
            Ok(stream)
        })
    }
}

/// Makes one attempt: it succeeds when the first piece is there.
async fn begin(ai: &WorkersAi, model: &str, outgoing: TransportRequest) -> Result<ByteStream, Error> {
    let (timeout, begun) = (outgoing.timeout, AtomicBool::new(false));
    let first = async { open(model, head(ai, model, outgoing, &begun).await?).await };
    in_time(ai, timeout, &begun, first).await
}

async fn open(model: &str, mut incoming: TransportResponse) -> Result<ByteStream, Error> {
    let content_type = header_text(&incoming.headers, http::header::CONTENT_TYPE.as_str());
    let mut first = Bytes::new();
    while first.is_empty()
        && let Some(piece) = incoming.body.next().await
    {
        first = piece.map_err(TransportError::cut)?;
    }
    let of = content_type.as_deref();
    if first.is_empty() || is_text(of) || is_json(of, &first) {
        let body = Box::pin(stream::iter([Ok(first)]).chain(incoming.body));
        return Err(no_bytes(model, &read_all(TransportResponse { body, ..incoming }).await?));
    }
    Ok(ByteStream {
        meta: Meta::of(model, &incoming.headers),
        content_type,
        first: Some(first),
        body: incoming.body,
        start: Instant::now(),
        watch: None,
    })
}

/// The error for what came in place of bytes: what went wrong, or the answer of a model that gives no bytes.
fn no_bytes(model: &str, raw: &RawReply) -> Error {
    match strip_envelope(raw.content_type(), &raw.body) {
        Peeled::Failed => api_error(model, raw.status, &raw.headers, raw.body.clone()),
        Peeled::Result(_) if parse::read(&raw.body).0.is_some() => {
            api_error(model, raw.status, &raw.headers, raw.body.clone())
        }
        Peeled::Result(_) if raw.body.is_empty() => undecodable(model, &"the body is empty", raw),
        Peeled::Result(_) => undecodable(model, &"text where bytes were expected", raw),
    }
}

/// Bytes as they come. Dropping it closes the connection.
pub struct ByteStream {
    meta: Meta,
    content_type: Option<String>,
    first: Option<Bytes>,
    body: BoxStream<'static, Result<Bytes, TransportError>>,
    start: Instant,
    watch: Option<CallSpan>,
}

impl ByteStream {
    /// What the bytes are, as a MIME type.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// What is known of the call. The duration is that until the first piece, and once all pieces came that of all of it.
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
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let piece = ready!(self.body.as_mut().poll_next(cx)).transpose().map_err(|error| {
            let mut error = Error::from(error.cut());
            error.set_attempts(self.meta.attempts);
            error
        });
        if !matches!(piece, Ok(Some(_)))
            && let Some(watch) = self.watch.take()
        {
            self.meta.duration = self.start.elapsed();
            return Poll::Ready(watch.told(piece).transpose());
        }
        Poll::Ready(piece.transpose())
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
