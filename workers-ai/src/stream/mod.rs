//! A call whose answer comes piece by piece.

mod chunk;
mod decode;
mod event;
mod forward;
mod sse;

use std::{
    fmt,
    future::{IntoFuture, poll_fn},
    pin::{Pin, pin},
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use futures_util::{
    StreamExt,
    future::{Either, select},
    stream,
};
use web_time::Instant;
use workers_ai_types::{FinishReason, ToolCall, Usage};

pub use self::{
    decode::{EventDecodeError, EventDecoder},
    event::{Event, ToolCallDelta},
    forward::Forward,
};
use crate::{
    Error, RawReply, Reply, WorkersAi,
    call::options::{Options, options},
    call::request::PreparedRequest,
    call::{read_all, too_late},
    error::parse::api_error,
    error::{StreamError, StreamErrorKind, undecodable},
    reply::{Meta, Peeled, strip_envelope},
    telemetry::CallSpan,
    transport::maybe_send::{BoxFuture, BoxStream},
    transport::retry::retrying,
    transport::{TransportError, TransportRequest, TransportResponse},
};

/// A call that is made when it is awaited, and gives a stream. [`WorkersAi::stream`] returns it.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct StreamCall {
    ai: WorkersAi,
    encoded: PreparedRequest,
    options: Options,
}

impl StreamCall {
    pub(crate) fn new(ai: WorkersAi, encoded: PreparedRequest) -> Self {
        Self { ai, encoded, options: Options::default() }
    }

    options!(gateway);
}

impl IntoFuture for StreamCall {
    type Output = Result<EventStream, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let encoded = PreparedRequest { options: self.options, ..self.encoded };
        let ai = self.ai;
        Box::pin(async move {
            let start = Instant::now();
            let (model, pace) = (encoded.model.clone(), ai.pace(&encoded));
            let watch = CallSpan::new(&ai, &model, encoded.info, true);
            let limit = encoded.token_limit();
            let (outgoing, policy) = encoded.outgoing(&ai, true)?;
            watch.sent(outgoing.body.bytes());
            let once = || async {
                pace.wait(&ai).await;
                begin(&ai, &model, limit, start, outgoing.clone()).await
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
async fn begin(
    ai: &WorkersAi,
    model: &str,
    limit: Option<u64>,
    start: Instant,
    outgoing: TransportRequest,
) -> Result<EventStream, Error> {
    let (timeout, begun) = (outgoing.timeout, AtomicBool::new(false));
    let first = async {
        let incoming = head(ai, model, outgoing, &begun).await?;
        let mut stream = open(model, limit, start, incoming).await?;
        stream.first = stream.next().await.transpose()?;
        Ok(stream)
    };
    in_time(ai, timeout, &begun, first).await
}

/// Sends a request and waits for the head of a good answer. From then on `begun` is true: the call was made, and is paid for.
pub(crate) async fn head(
    ai: &WorkersAi,
    model: &str,
    outgoing: TransportRequest,
    begun: &AtomicBool,
) -> Result<TransportResponse, Error> {
    let incoming = ai.transport.send(outgoing).await?;
    if !incoming.status.is_success() {
        let raw = read_all(incoming).await?;
        return Err(api_error(model, raw.status, &raw.headers, raw.body));
    }
    begun.store(true, Ordering::Relaxed);
    Ok(incoming)
}

/// Waits for the first piece of an answer, as long as an attempt may take.
pub(crate) async fn in_time<T>(
    ai: &WorkersAi,
    timeout: Option<Duration>,
    begun: &AtomicBool,
    first: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(timeout) = timeout else { return first.await };
    match select(pin!(first), ai.transport.sleep(timeout)).await {
        Either::Left((result, _)) => result,
        Either::Right(((), _)) if begun.load(Ordering::Relaxed) => Err(too_late(timeout).cut().into()),
        Either::Right(((), _)) => Err(too_late(timeout).into()),
    }
}

/// Makes a stream of a good answer.
async fn open(
    model: &str,
    limit: Option<u64>,
    start: Instant,
    incoming: TransportResponse,
) -> Result<EventStream, Error> {
    let (incoming, is_object) = peek(incoming).await?;
    let mut stream = EventStream {
        body: None,
        decoder: limit.map_or_else(EventDecoder::new, |limit| EventDecoder::new().with_token_limit(limit)),
        status: incoming.status,
        meta: Meta::of(model, &incoming.headers),
        headers: incoming.headers.clone(),
        start,
        first: None,
        read: Vec::new(),
        keeps_read: true,
        watch: None,
        broken: None,
        failed: false,
    };
    if !is_object {
        stream.body = Some(incoming.body);
        return Ok(stream);
    }
    // Some models answer a call for a stream with a whole answer. It was paid for, so it is not asked for again.
    let raw = read_all(incoming).await?;
    let Peeled::Result(body) = strip_envelope(None, &raw.body) else {
        return Err(api_error(model, raw.status, &raw.headers, raw.body));
    };
    match stream.decoder.take_whole(&body) {
        Ok(()) => Ok(stream),
        Err(EventDecodeError::Service(_)) => Err(api_error(model, raw.status, &raw.headers, raw.body)),
        Err(EventDecodeError::Stream(_)) => Err(undecodable(model, &"it is no chat model's answer", &raw)),
    }
}

/// Whether a body begins as a JSON object, whatever it is said to be: no event stream does. What was read for that is put back.
async fn peek(mut incoming: TransportResponse) -> Result<(TransportResponse, bool), TransportError> {
    let mut read = Vec::new();
    let mut first = None;
    while first.is_none()
        && let Some(piece) = incoming.body.next().await
    {
        let mut piece = piece.map_err(TransportError::cut)?;
        if read.is_empty() && piece.starts_with(b"\xef\xbb\xbf") {
            piece.advance(3);
        }
        first = piece.trim_ascii_start().first().copied();
        read.push(Ok(piece));
    }
    let body = Box::pin(stream::iter(read).chain(incoming.body));
    Ok((TransportResponse { body, ..incoming }, first == Some(b'{')))
}

/// A streamed answer. Dropping it closes the connection.
///
/// It is a [`Stream`] of `Result<Event, Error>`, and [`next`](EventStream::next) needs no import. After an error nothing more comes.
pub struct EventStream {
    body: Option<BoxStream<'static, Result<Bytes, TransportError>>>,
    decoder: EventDecoder,
    status: http::StatusCode,
    headers: http::HeaderMap,
    meta: Meta,
    start: Instant,
    first: Option<Event>,
    /// What was read before anybody asked for it, as it came.
    read: Vec<Bytes>,
    keeps_read: bool,
    watch: Option<CallSpan>,
    /// What broke the connection.
    broken: Option<TransportError>,
    failed: bool,
}

impl EventStream {
    /// The next event. `None`: the answer is whole.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// What is known of the call. The usage is there once it came; the duration is that until the first event, and once the
    /// stream is over that of all of it.
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
    /// let reply = words.collect().await?;
    /// println!("{} ({:?})", reply.text, reply.finish_reason);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As the stream's.
    pub async fn collect(self) -> Result<Reply<Collected>, Error> {
        let (reply, end) = self.collect_partial().await;
        end.map(|()| reply)
    }

    /// Reads on to the end and puts everything together that came until then, also where it ends with an error: it was paid for.
    ///
    /// ```no_run
    /// # async fn f(words: workers_ai::EventStream) {
    /// let (reply, end) = words.collect_partial().await;
    /// if let Err(error) = end {
    ///     println!("{} (then {error})", reply.text);
    /// }
    /// # }
    /// ```
    pub async fn collect_partial(mut self) -> (Reply<Collected>, Result<(), Error>) {
        let mut collected = Collected::default();
        let mut end = Ok(());
        while let Some(event) = self.next().await {
            match event {
                Ok(event) => collected.add(event),
                Err(error) => end = Err(error),
            }
        }
        (Reply { output: collected, meta: self.meta }, end)
    }

    /// The text alone, as a stream of strings.
    ///
    /// ```no_run
    /// # async fn f(words: workers_ai::EventStream) -> Result<(), workers_ai::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let text: String = words.into_text_stream().try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_text_stream(self) -> TextStream {
        TextStream(self)
    }

    /// Hands the answer on as it comes, to a browser say, while its events are still looked at.
    ///
    /// What comes out is `text/event-stream`, byte for byte what the model sends. Where that is not possible, after a whole answer
    /// in place of a stream, or when [`next`](EventStream::next) took events before, the events that are left are written in the
    /// newer form. `see` is called with every event that is handed on.
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
                self.meta.finish_reason = Some(reason.clone());
                if let Some(watch) = &self.watch {
                    watch.finished(reason);
                }
            }
            _ => {}
        }
    }

    /// Reads more of the answer, down to its end.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let piece = match &mut self.body {
            Some(body) => ready!(body.as_mut().poll_next(cx)),
            None => None,
        };
        match piece {
            Some(Ok(bytes)) => {
                self.decoder.push(&bytes);
                Poll::Ready(Some(bytes))
            }
            // A break after the last event changes nothing.
            broken => {
                self.broken = broken.and_then(Result::err);
                self.decoder.finish();
                Poll::Ready(None)
            }
        }
    }

    /// Closes the connection; nothing more comes.
    fn close(&mut self) {
        self.body = None;
        // The span ends with the stream, not with whoever still holds it.
        if let Some(watch) = self.watch.take() {
            self.meta.duration = self.start.elapsed();
            watch.streamed(self.decoder.text(), self.meta.finish_reason.as_ref());
        }
    }

    /// Closes the connection because of a fault.
    fn fail(&mut self, fault: EventDecodeError) -> Error {
        self.failed = true;
        self.meta.duration = self.start.elapsed();
        let mut error = self.error(fault);
        error.set_attempts(self.meta.attempts);
        if let Some(watch) = &self.watch {
            watch.failed(&error);
        }
        self.close();
        error
    }

    fn error(&mut self, fault: EventDecodeError) -> Error {
        match (fault, self.broken.take()) {
            (EventDecodeError::Service(body), _) => {
                api_error(&self.meta.model, self.status, &self.headers, body.into())
            }
            (EventDecodeError::Stream(_), Some(broken)) if self.decoder.is_untouched() => broken.cut().into(),
            (EventDecodeError::Stream(_), _) if self.decoder.is_no_stream() => {
                let raw = RawReply::new(self.status, self.headers.clone(), self.read.concat().into());
                undecodable(&self.meta.model, &"it is neither a stream of events nor JSON", &raw)
            }
            (EventDecodeError::Stream(kind), broken) => self.stream_error(kind, broken.as_ref()),
        }
    }

    /// The error of a stream, with all that came before it.
    fn stream_error(&self, kind: StreamErrorKind, broken: Option<&TransportError>) -> Error {
        StreamError {
            model: self.meta.model.clone(),
            kind,
            text: self.decoder.text().to_owned(),
            reasoning: self.decoder.reasoning().to_owned(),
            tool_calls: self.decoder.tool_calls(),
            usage: self.meta.usage,
            cause: broken.map(ToString::to_string),
            meta: self.meta.clone(),
        }
        .into()
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(event) = this.first.take() {
            // From here on its bytes cannot be handed on any more.
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
                Some(Err(fault)) => return Poll::Ready(Some(Err(this.fail(fault)))),
                None if this.decoder.is_over() => {
                    this.close();
                    return Poll::Ready(None);
                }
                None => {}
            }
            if let Some(bytes) = ready!(this.poll_read(cx))
                && this.keeps_read
            {
                this.read.push(bytes);
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
    pub finish_reason: Option<FinishReason>,
}

impl Collected {
    fn add(&mut self, event: Event) {
        match event {
            Event::Text(text) => self.text.push_str(&text),
            Event::Reasoning(text) => self.reasoning.push_str(&text),
            Event::ToolCall(call) => self.tool_calls.push(call),
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Finish(reason) => self.finish_reason = Some(reason),
            Event::ToolCallDelta(_) | Event::Unknown(_) => {}
        }
    }
}

/// The text of a streamed answer. [`EventStream::into_text_stream`] returns it.
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
