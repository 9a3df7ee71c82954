//! A call whose answer comes piece by piece.

mod chunk;
mod decode;
mod event;
mod forward;
mod sse;

use std::{
    fmt,
    future::{IntoFuture, poll_fn},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::future::{Either, select};
use web_time::Instant;
use workers_ai_types::{FinishReason, ToolCall, Usage};

pub use self::{
    decode::{DecodeFault, EventDecoder},
    event::{Event, ToolCallDelta},
    forward::Forward,
};
use crate::{
    Error, Reply, WorkersAi,
    call::{read_all, too_late},
    encoded::Encoded,
    error::{StreamError, StreamErrorKind},
    fault::refusal,
    maybe_send::{BoxFuture, BoxStream},
    observe::Watch,
    options::{Options, options},
    reply::{Meta, Peeled, header_text, peel},
    retry::retrying,
    transport::{Outgoing, TransportError},
};

/// A call that is made when it is awaited, and gives a stream. [`WorkersAi::stream`] returns it.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct StreamCall {
    ai: WorkersAi,
    encoded: Encoded,
    options: Options,
}

impl StreamCall {
    pub(crate) fn new(ai: WorkersAi, encoded: Encoded) -> Self {
        Self { ai, encoded, options: Options::default() }
    }

    options!(gateway);
}

impl IntoFuture for StreamCall {
    type Output = Result<EventStream, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let encoded = Encoded { options: self.options, ..self.encoded };
        let ai = self.ai;
        Box::pin(async move {
            let start = Instant::now();
            let (model, pace) = (encoded.model.clone(), ai.pace(&encoded));
            let watch = Watch::new(&ai, &model, encoded.info, true);
            let limit = encoded.token_limit();
            let (outgoing, policy) = encoded.outgoing(&ai, true)?;
            watch.sent(outgoing.body.bytes());
            let once = || async {
                pace.wait(&ai).await;
                begin(&ai, &model, limit, outgoing.clone()).await
            };
            let (mut stream, attempts) = watch.around(retrying(&*ai.transport, policy, once)).await?;
            stream.meta.attempts = attempts;
            stream.meta.duration = start.elapsed();
            watch.known(&stream.meta);
            stream.watch = Some(watch);
            Ok(stream)
        })
    }
}

/// Makes one attempt: it succeeds when the first event is there.
async fn begin(ai: &WorkersAi, model: &str, limit: Option<u64>, outgoing: Outgoing) -> Result<EventStream, Error> {
    let timeout = outgoing.timeout;
    let first = Box::pin(async {
        let mut stream = open(ai, model, limit, outgoing).await?;
        match stream.next().await {
            Some(Err(error)) => Err(error),
            Some(Ok(event)) => {
                stream.first = Some(event);
                Ok(stream)
            }
            None => Ok(stream),
        }
    });
    match timeout {
        None => first.await,
        Some(timeout) => match select(first, ai.transport.sleep(timeout)).await {
            Either::Left((result, _)) => result,
            Either::Right(((), _)) => Err(too_late(timeout).into()),
        },
    }
}

async fn open(ai: &WorkersAi, model: &str, limit: Option<u64>, outgoing: Outgoing) -> Result<EventStream, Error> {
    let incoming = ai.transport.send(outgoing).await?;
    let meta = Meta::of(model, &incoming.headers);
    if !incoming.status.is_success() {
        let raw = read_all(incoming).await?;
        return Err(refusal(model, raw.status, &raw.headers, raw.body));
    }
    let content_type = header_text(&incoming.headers, http::header::CONTENT_TYPE.as_str());
    let mut stream = EventStream {
        body: None,
        decoder: limit.map_or_else(EventDecoder::new, |limit| EventDecoder::new().with_token_limit(limit)),
        headers: incoming.headers.clone(),
        meta,
        first: None,
        read: Vec::new(),
        keeps_read: true,
        watch: None,
        failed: false,
    };
    if content_type.is_some_and(|of| of.to_ascii_lowercase().starts_with("application/json")) {
        // Some models answer a call for a stream with a whole answer. It was paid for, so it is not asked for again.
        let raw = read_all(incoming).await?;
        match peel(raw.content_type(), &raw.body) {
            Peeled::Failed => return Err(refusal(model, raw.status, &raw.headers, raw.body)),
            Peeled::Result(body) => stream.decoder.whole(&body),
        }
    } else {
        stream.body = Some(incoming.body);
    }
    Ok(stream)
}

/// A streamed answer. Dropping it closes the connection.
///
/// It is a [`Stream`] of `Result<Event, Error>`, and [`next`](EventStream::next) needs no import. After an error nothing more comes.
pub struct EventStream {
    body: Option<BoxStream<'static, Result<Bytes, TransportError>>>,
    decoder: EventDecoder,
    headers: http::HeaderMap,
    meta: Meta,
    first: Option<Event>,
    /// What was read before anybody asked for it, as it came.
    read: Vec<Bytes>,
    keeps_read: bool,
    watch: Option<Watch>,
    failed: bool,
}

impl EventStream {
    /// The next event. `None`: the answer is whole.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// What is known of the call. The usage is there once it came.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Reads on to the end and puts everything together.
    ///
    /// Look at `finish`: it is [`FinishReason::Length`] where the answer was cut at the limit of tokens, which is 256 for most
    /// models unless the input sets another.
    ///
    /// ```no_run
    /// # async fn f(words: workers_ai::EventStream) -> Result<(), workers_ai::Error> {
    /// let reply = words.collect_reply().await?;
    /// println!("{} ({:?})", reply.text, reply.finish);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As the stream's.
    pub async fn collect_reply(mut self) -> Result<Reply<Collected>, Error> {
        let mut collected = Collected::default();
        while let Some(event) = self.next().await {
            collected.add(event?);
        }
        Ok(Reply { output: collected, meta: self.meta })
    }

    /// The text alone, as a stream of strings.
    ///
    /// ```no_run
    /// # async fn f(words: workers_ai::EventStream) -> Result<(), workers_ai::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let text: String = words.into_text().try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_text(self) -> TextStream {
        TextStream(self)
    }

    /// Hands the answer on as it comes, to a browser say, while its events are still looked at.
    ///
    /// What comes out is `text/event-stream`, in the form that the model uses. `see` is called with every event.
    ///
    /// ```no_run
    /// # async fn f(words: workers_ai::EventStream) {
    /// let mut text = String::new();
    /// let body = words.forward(move |event| text.push_str(event.text()));
    /// // axum::body::Body::from_stream(body)
    /// # }
    /// ```
    pub fn forward<F: FnMut(&Event)>(self, see: F) -> Forward<F> {
        Forward::new(self, see)
    }

    /// Keeps what an event says of the call.
    fn note(&mut self, event: &Event) {
        match event {
            Event::Usage(usage) => {
                self.meta.usage = Some(*usage);
                if let Some(watch) = &self.watch {
                    watch.usage(usage);
                }
            }
            Event::Finish(reason) => {
                self.meta.finish = Some(reason.clone());
                if let Some(watch) = &self.watch {
                    watch.finished(reason);
                }
            }
            _ => {}
        }
    }

    /// Closes the connection; nothing more comes.
    fn close(&mut self) {
        self.body = None;
        // The span ends with the stream, not with whoever still holds it.
        if let Some(watch) = self.watch.take() {
            watch.streamed(self.decoder.text(), self.meta.finish.as_ref());
        }
    }

    fn error(&self, fault: DecodeFault) -> Error {
        match fault {
            DecodeFault::Stream(kind) => self.stream_error(kind),
            DecodeFault::Service(body) => refusal(&self.meta.model, http::StatusCode::OK, &self.headers, body.into()),
        }
    }

    fn stream_error(&self, kind: StreamErrorKind) -> Error {
        let text = self.decoder.text().to_owned();
        StreamError { model: self.meta.model.clone(), kind, text, usage: self.meta.usage }.into()
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(event) = this.first.take() {
            // From here on nobody forwards it any more.
            this.keeps_read = false;
            this.read = Vec::new();
            return Poll::Ready(Some(Ok(event)));
        }
        loop {
            if this.failed {
                return Poll::Ready(None);
            }
            match this.decoder.next_event() {
                Some(Ok(event)) => {
                    this.note(&event);
                    return Poll::Ready(Some(Ok(event)));
                }
                Some(Err(fault)) => {
                    this.failed = true;
                    this.close();
                    return Poll::Ready(Some(Err(this.error(fault))));
                }
                None if this.decoder.is_over() => {
                    this.close();
                    return Poll::Ready(None);
                }
                None => {}
            }
            let Some(body) = &mut this.body else { return Poll::Ready(None) };
            match ready!(body.as_mut().poll_next(cx)) {
                Some(Ok(bytes)) => {
                    this.decoder.push(&bytes);
                    if this.keeps_read {
                        this.read.push(bytes);
                    }
                }
                None => this.decoder.finish(),
                Some(Err(error)) => {
                    this.failed = true;
                    this.close();
                    // With some of the answer there, that it was cut is what matters.
                    let error = if this.decoder.text().is_empty() {
                        error.into()
                    } else {
                        this.stream_error(StreamErrorKind::Truncated)
                    };
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("meta", &self.meta).finish_non_exhaustive()
    }
}

/// A streamed answer put together.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Collected {
    /// The text.
    pub text: String,
    /// What the model thought before.
    pub reasoning: String,
    /// The tools that it wants called.
    pub tool_calls: Vec<ToolCall>,
    /// The tokens it took.
    pub usage: Option<Usage>,
    /// Why it ended; [`FinishReason::Length`] where it was cut at the limit of tokens.
    pub finish: Option<FinishReason>,
}

impl Collected {
    fn add(&mut self, event: Event) {
        match event {
            Event::Text(text) => self.text.push_str(&text),
            Event::Reasoning(text) => self.reasoning.push_str(&text),
            Event::ToolCall(call) => self.tool_calls.push(call),
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Finish(reason) => self.finish = Some(reason),
            Event::ToolCallDelta(_) | Event::Unknown(_) => {}
        }
    }
}

/// The text of a streamed answer. [`EventStream::into_text`] returns it.
#[derive(Debug)]
pub struct TextStream(EventStream);

impl Stream for TextStream {
    type Item = Result<String, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            return Poll::Ready(match ready!(Pin::new(&mut self.0).poll_next(cx)) {
                Some(Ok(Event::Text(text))) => Some(Ok(text)),
                Some(Ok(_)) => continue,
                Some(Err(error)) => Some(Err(error)),
                None => None,
            });
        }
    }
}
