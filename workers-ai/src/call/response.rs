//! Calls whose response a Worker hands on.

use std::{fmt, future::IntoFuture};

use worker::{Response, send::SendFuture};
use workers_ai_types::__private::is_binary;

use super::{
    bytes::{self, BytesCall, Opened},
    pipeline::{Performed, perform},
    request::PreparedRequest,
    stream::{self, StreamCall},
};
use crate::{
    Error, Meta, WorkersAi,
    reply::body::successful,
    stream::EventStream,
    transport::{
        BoxFuture, TransportResponse,
        worker::{hand_on, hand_on_chunks},
    },
};

impl StreamCall {
    /// Hands the response on to whoever called the Worker, as `text/event-stream`. If the client leaves, the service's stream is cancelled.
    ///
    /// Over the binding, the runtime passes the events on by itself: nothing of them goes through this program. They are as the service
    /// sends them, errors in the middle among them, and their usage is not read. To see them or to add to them, await the call and use
    /// [`EventStream::forward`].
    ///
    /// ```no_run
    /// use worker::{Env, Request, Response};
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// pub struct Llama;
    ///
    /// async fn chat(mut request: Request, env: Env) -> worker::Result<Response> {
    ///     let ai = WorkersAi::from_binding(env.ai("AI")?);
    ///     let input = Llama::input().messages([user(request.text().await?)]);
    ///     Ok(ai.stream(Llama, input).response().await?)
    /// }
    /// ```
    ///
    /// A refusal, and whatever happens before the service's response begins, is an error of the call, retried like any other. A model
    /// that responds as a whole instead of in a stream is handed on as a stream in OpenAI's form.
    pub fn response(self) -> ResponseCall {
        let Self { ai, request } = self;
        ResponseCall { ai, request, hand_on: events }
    }
}

impl BytesCall {
    /// Hands the bytes on to whoever called the Worker, with their content type. If the client leaves, the service's stream is cancelled.
    ///
    /// Over the binding, the runtime passes the bytes on by itself: nothing of them goes through this program.
    ///
    /// ```no_run
    /// use worker::{Env, Response};
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/deepgram/aura-2-en")]
    /// pub struct Aura;
    ///
    /// async fn speak(text: String, env: Env) -> worker::Result<Response> {
    ///     let ai = WorkersAi::from_binding(env.ai("AI")?);
    ///     Ok(ai.run(Aura, Aura::input().text(text)).bytes().response().await?)
    /// }
    /// ```
    pub fn response(self) -> ResponseCall {
        let Self { ai, request } = self;
        ResponseCall { ai, request, hand_on: chunks }
    }
}

const EVENT_STREAM: &str = "text/event-stream";

type HandOn = fn(WorkersAi, PreparedRequest) -> BoxFuture<'static, Result<Response, Error>>;

/// A call whose response a Worker hands on. Returned by [`StreamCall::response`] and [`BytesCall::response`].
#[must_use = "a call is made when it is awaited"]
pub struct ResponseCall {
    ai: WorkersAi,
    request: PreparedRequest,
    hand_on: HandOn,
}

impl fmt::Debug for ResponseCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseCall").field("request", &self.request).finish_non_exhaustive()
    }
}

impl IntoFuture for ResponseCall {
    type Output = Result<Response, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        (self.hand_on)(self.ai, self.request)
    }
}

/// The response of a chat model.
enum Received {
    /// Events, of which nothing has been read.
    Unread(TransportResponse),
    /// A complete response, decoded into events.
    Decoded(Box<EventStream>),
}

fn events(ai: WorkersAi, request: PreparedRequest) -> BoxFuture<'static, Result<Response, Error>> {
    Box::pin(SendFuture::new(async move {
        let (model, limit) = (request.model.clone(), request.token_limit());
        let outbound = request.into_outbound(&ai, true)?;
        let receive = |response: TransportResponse| async {
            let response = successful(&model, response).await?;
            if response.headers.get("content-type").is_some_and(|of| of.starts_with(EVENT_STREAM)) {
                return Ok(Received::Unread(response));
            }
            stream::open(&ai, &model, limit, response).await.map(|events| Received::Decoded(Box::new(events)))
        };
        let Performed { value, span, start, attempts } = perform(&ai, outbound, receive).await?;
        match value {
            Received::Unread(response) => finish(&model, Performed { value: response, span, start, attempts }),
            Received::Decoded(events) => {
                let events = events.begin(start, attempts, span).forward_as_openai(|_| {});
                hand_on_chunks(Some(EVENT_STREAM), events)
            }
        }
    }))
}

fn chunks(ai: WorkersAi, request: PreparedRequest) -> BoxFuture<'static, Result<Response, Error>> {
    Box::pin(SendFuture::new(async move {
        let model = request.model.clone();
        let outbound = request.into_outbound(&ai, true)?;
        let receive = |response: TransportResponse| async {
            let response = successful(&model, response).await?;
            if is_binary(response.headers.get("content-type")) {
                return Ok(response);
            }
            bytes::open(&ai, &model, response).await.map(Opened::into_response)
        };
        finish(&model, perform(&ai, outbound, receive).await?)
    }))
}

/// Records a call whose response is handed on unread.
fn finish(model: &str, performed: Performed<TransportResponse>) -> Result<Response, Error> {
    let mut meta = Meta::new(model, &performed.value.headers);
    performed.complete(&mut meta);
    performed.span.record_meta(&meta);
    hand_on(performed.value)
}
