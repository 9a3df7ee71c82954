//! A stream of events, collected.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use workers_ai_types::chat::{FinishReason, ToolCall, Usage};

use super::{Event, EventStream, Forward};
use crate::{Error, Reply};

/// The output of a stream, put together.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Collected {
    /// The text.
    pub text: String,
    /// The model's reasoning.
    pub reasoning: String,
    /// The tool calls that the model requests.
    pub tool_calls: Vec<ToolCall>,
    /// The tokens used.
    pub usage: Option<Usage>,
    /// Why the model stopped; [`FinishReason::Length`] if it reached the token limit.
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

impl EventStream {
    /// Reads to the end and puts everything together.
    ///
    /// Check `finish_reason`: it is [`FinishReason::Length`] if the output was cut at the token limit, which is 256 for most models
    /// unless the input sets another.
    ///
    /// ```no_run
    /// # async fn f(events: workers_ai::EventStream) -> Result<(), workers_ai::Error> {
    /// let reply = events.collect().await?;
    /// println!("{} ({:?})", reply.text, reply.finish_reason);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns the error of the stream.
    pub async fn collect(self) -> Result<Reply<Collected>, Error> {
        let (reply, end) = self.collect_partial().await;
        end.map(|()| reply)
    }

    /// Reads to the end and puts everything together that arrived, even if the stream ends with an error: it has been billed.
    ///
    /// ```no_run
    /// # async fn f(events: workers_ai::EventStream) {
    /// let (reply, end) = events.collect_partial().await;
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

    /// Returns the text alone, as a stream of strings.
    ///
    /// ```no_run
    /// # async fn f(events: workers_ai::EventStream) -> Result<(), workers_ai::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let text: String = events.into_text_stream().try_collect().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_text_stream(self) -> TextStream {
        TextStream(self)
    }

    /// Forwards the output as it arrives, to a browser for example, while `inspect` sees every event.
    ///
    /// The result is `text/event-stream`, byte for byte what the model sends. If that is not possible (the model returned a complete
    /// response instead of a stream, or [`next`](EventStream::next) took events before), the remaining events are written in OpenAI's
    /// form.
    ///
    /// ```no_run
    /// # async fn f(events: workers_ai::EventStream) {
    /// let mut text = String::new();
    /// let body = events.forward(move |event| text.push_str(event.text()));
    /// // axum::body::Body::from_stream(body)
    /// # }
    /// ```
    pub fn forward<F: FnMut(&Event)>(self, inspect: F) -> Forward<F> {
        Forward::new(self, inspect)
    }

    /// Does the same as [`forward`](Self::forward), but always in OpenAI's form, whatever the model speaks: a browser that reads it need
    /// not know which model answers. Events that have no place in that form are left out.
    ///
    /// [`into_text_stream`](Self::into_text_stream) sends the text alone.
    ///
    /// ```no_run
    /// # async fn f(events: workers_ai::EventStream) {
    /// let body = events.forward_as_openai(|_| {});
    /// // axum::body::Body::from_stream(body)
    /// # }
    /// ```
    pub fn forward_as_openai<F: FnMut(&Event)>(self, inspect: F) -> Forward<F> {
        Forward::as_openai(self, inspect)
    }
}

/// The text of a streamed output. Returned by [`EventStream::into_text_stream`].
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
