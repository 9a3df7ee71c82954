//! The pipeline of every call: its span, the rate limit, the deadline, the retries.

use std::{
    pin::{Pin, pin},
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::future::{Either, select};
use web_time::Instant;
use workers_ai_types::{
    RetryClass,
    codec::{Decode, DecodeError},
};

use super::request::{Outbound, PreparedRequest};
use crate::{
    Error, Meta, Reply, WorkersAi,
    duration::millis,
    error::{decode_error, parse::api_error},
    reply::{
        RawReply,
        body::{read_to_end, successful},
        envelope::{Content, strip_envelope},
        extract_usage,
    },
    telemetry::{self, CallSpan},
    transport::{BoxFuture, TransportError, TransportErrorKind, TransportResponse, retry::RetryPolicy},
};

/// A call that was performed.
pub(crate) struct Performed<T> {
    pub(crate) value: T,
    pub(crate) span: CallSpan,
    pub(crate) start: Instant,
    pub(crate) attempts: u32,
}

impl<T> Performed<T> {
    /// Completes what the headers say of a call.
    pub(crate) fn complete(&self, meta: &mut Meta) {
        meta.attempts = self.attempts;
        meta.duration = self.start.elapsed();
    }
}

impl Performed<RawReply> {
    /// Completes and records the metadata of a call. `limit` is the number of tokens that a chat model may generate.
    pub(crate) fn answer(self, mut meta: Meta, limit: Option<u64>) -> Answer {
        self.complete(&mut meta);
        let Self { value: raw, span, .. } = self;
        (meta.usage, meta.finish_reason) = extract_usage(raw.content_type(), &raw.body, limit);
        span.record_answer(&raw, &meta);
        Answer { raw, meta, span }
    }
}

/// Performs a call: makes attempts until `receive` accepts a response, or no further attempt is allowed.
///
/// The deadline of an attempt ends when `receive` returns.
pub(crate) async fn perform<T, F: Future<Output = Result<T, Error>>>(
    ai: &WorkersAi,
    outbound: Outbound,
    receive: impl Fn(TransportResponse) -> F,
) -> Result<Performed<T>, Error> {
    ai.transport.check(&outbound.request.endpoint)?;
    let start = Instant::now();
    let span = CallSpan::new(ai, &outbound);
    let once = || async {
        #[cfg(feature = "rate-limit")]
        if let (Some(limit), Some(info)) = (&ai.limit, &outbound.info) {
            limit.wait(&*ai.transport, &outbound.rate_limited_as, info).await;
        }
        attempt(ai, &outbound, &receive).await
    };
    let (value, attempts) = span.in_scope(retrying(ai, &outbound.model, outbound.policy, once)).await?;
    Ok(Performed { value, span, start, attempts })
}

/// Makes one attempt, within its deadline.
async fn attempt<T, F: Future<Output = Result<T, Error>>>(
    ai: &WorkersAi,
    outbound: &Outbound,
    receive: impl Fn(TransportResponse) -> F,
) -> Result<T, Error> {
    // From the head of a successful response on, the call has been billed.
    let succeeded = AtomicBool::new(false);
    let response = async {
        let response = ai.transport.send(outbound.request.clone()).await?;
        succeeded.store(response.status.is_success(), Ordering::Relaxed);
        receive(response).await
    };
    match within(ai, outbound.timeout, "response", response).await {
        Err(Error::Transport(error)) if succeeded.load(Ordering::Relaxed) => Err((*error).interrupted().into()),
        result => result,
    }
}

/// Waits for a part of a call, within a timeout.
pub(crate) async fn within<T>(
    ai: &WorkersAi,
    timeout: Option<Duration>,
    what: &str,
    part: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(timeout) = timeout else { return part.await };
    match select(pin!(part), ai.transport.sleep(timeout)).await {
        Either::Left((result, _)) => result,
        Either::Right(((), _)) => {
            let cause = format!("no {what} within {} ms", millis(timeout));
            Err(TransportError::new(TransportErrorKind::Timeout, cause).into())
        }
    }
}

/// Makes attempts until one succeeds or none is left. Returns the number of attempts.
async fn retrying<T, F: Future<Output = Result<T, Error>>>(
    ai: &WorkersAi,
    model: &str,
    policy: RetryPolicy,
    mut attempt: impl FnMut() -> F,
) -> Result<(T, u32), Error> {
    let start = Instant::now();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut error = match attempt().await {
            Ok(value) => return Ok((value, attempts)),
            Err(error) => error,
        };
        error.set_call(model, attempts);
        let retry_after = error.api_error().and_then(|response| response.retry_after);
        let pause = match retry_class(&error, policy) {
            RetryClass::Backoff => policy.pause(attempts, retry_after, start.elapsed()),
            RetryClass::Once if attempts == 1 => policy.pause(attempts, retry_after, start.elapsed()),
            _ => None,
        };
        let Some(pause) = pause else { return Err(error) };
        telemetry::record_retry(&error, pause);
        ai.transport.sleep(pause).await;
    }
}

fn retry_class(error: &Error, policy: RetryPolicy) -> RetryClass {
    if let Some(response) = error.api_error() {
        if response.is_proxy_timeout() && !policy.resends(TransportErrorKind::Timeout) {
            return RetryClass::Never;
        }
        return response.retry_class();
    }
    let resends = match error {
        Error::Transport(error) => policy.resends(error.kind),
        Error::Stream(_) => error.is_retryable() && policy.resends(TransportErrorKind::Interrupted),
        _ => false,
    };
    if resends { RetryClass::Backoff } else { RetryClass::Never }
}

/// A complete response without its envelope. The span of the call lasts until the response is read.
pub(crate) struct Answer {
    pub(crate) raw: RawReply,
    pub(crate) meta: Meta,
    pub(crate) span: CallSpan,
}

impl Answer {
    /// Reads the response. An unreadable one is recorded as the failure of the call.
    pub(crate) fn read<T>(self, read: impl FnOnce(RawReply, Meta) -> Result<T, Error>) -> Result<T, Error> {
        let Self { raw, meta, span } = self;
        span.record_result(read(raw, meta))
    }

    /// Decodes the response.
    pub(crate) fn decode<T: Decode>(self) -> Result<Reply<T>, Error> {
        self.read(|raw, meta| decode(T::decode(raw.content_type(), &raw.body), meta, &raw))
    }
}

/// Adds the metadata of the call to a decoded output.
pub(crate) fn decode<T>(decoded: Result<T, DecodeError>, meta: Meta, raw: &RawReply) -> Result<Reply<T>, Error> {
    match decoded {
        Ok(output) => Ok(Reply { output, meta }),
        Err(error) => Err(decode_error(meta, error, raw)),
    }
}

/// Performs the call of a model whose response is read as a whole.
pub(crate) async fn complete(ai: &WorkersAi, prepared: PreparedRequest) -> Result<Answer, Error> {
    let (model, limit) = (prepared.model.clone(), prepared.token_limit());
    let performed = perform_complete(ai, prepared.into_outbound(ai, false)?).await?;
    let meta = Meta::new(&model, &performed.value.headers);
    Ok(performed.answer(meta, limit))
}

/// Performs a call whose response is read as a whole. The envelope is removed.
pub(crate) async fn perform_complete(ai: &WorkersAi, outbound: Outbound) -> Result<Performed<RawReply>, Error> {
    let model = outbound.model.clone();
    let receive = |response: TransportResponse| async {
        let raw = read_to_end(successful(&model, response).await?, ai.limits).await?;
        match strip_envelope(raw.content_type(), &raw.body) {
            Content::Result(body) => Ok(RawReply { body, ..raw }),
            Content::Failed => Err(api_error(&model, raw.status, &raw.headers, raw.body)),
        }
    };
    perform(ai, outbound, receive).await
}

/// The future of a call: what awaiting a [`Call`](crate::Call) waits for.
#[must_use = "a call is made when it is awaited"]
pub struct CallFuture<T> {
    answer: BoxFuture<'static, Result<Answer, Error>>,
    read: fn(Answer) -> Result<Reply<T>, Error>,
}

impl<T> CallFuture<T> {
    pub(crate) fn new(
        answer: BoxFuture<'static, Result<Answer, Error>>,
        read: fn(Answer) -> Result<Reply<T>, Error>,
    ) -> Self {
        Self { answer, read }
    }

    /// Performs a call whose response is read as a whole.
    pub(crate) fn complete(
        ai: WorkersAi,
        prepared: PreparedRequest,
        read: fn(Answer) -> Result<Reply<T>, Error>,
    ) -> Self {
        Self::new(boxed(ai, prepared), read)
    }
}

/// Boxed here, once, and not with every model.
fn boxed(ai: WorkersAi, prepared: PreparedRequest) -> BoxFuture<'static, Result<Answer, Error>> {
    Box::pin(async move { complete(&ai, prepared).await })
}

impl<T> Future for CallFuture<T> {
    type Output = Result<Reply<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = ready!(self.answer.as_mut().poll(cx));
        Poll::Ready(answer.and_then(self.read))
    }
}

impl<T> std::fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallFuture").finish_non_exhaustive()
    }
}
