//! A conversation with tools that failed.

use std::{error::Error as StdError, fmt};

use serde_json::Value;
use workers_ai_types::chat::Usage;

use super::{ToolsCall, conversation::Conversation};
use crate::Error;

/// A call of [`WorkersAi::with_tools`](crate::WorkersAi::with_tools) that failed, with the conversation so far: what the model said, and the
/// results of all tools that ran.
///
/// `?` converts it to the [`Error`] of the round that failed, and forgets the conversation.
///
/// ```no_run
/// # use workers_ai::{chat::ToolBox, prelude::*};
/// # #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
/// # pub struct Llama;
/// # async fn f(ai: WorkersAi, tools: ToolBox) -> Result<(), workers_ai::Error> {
/// let input = Llama::input().messages([user("Charge order 17, and tell the customer.")]);
/// let reply = match ai.with_tools(Llama, input, &tools).await {
///     Ok(reply) => reply,
///     Err(error) => {
///         println!("{error}: {}", error.error());
///         // Tools that have run do not run again.
///         error.resume().await?
///     }
/// };
/// println!("{}", reply.text());
/// # Ok(())
/// # }
/// ```
pub struct ToolsError<T>(Box<Broken<T>>);

struct Broken<T> {
    source: Error,
    call: ToolsCall<T>,
}

impl<T> ToolsError<T> {
    pub(super) fn new(source: Error, call: ToolsCall<T>) -> Self {
        Self(Box::new(Broken { source, call }))
    }

    fn conversation(&self) -> Option<&Conversation> {
        self.0.call.conversation.as_ref().ok()
    }

    /// Returns the error of the round that failed.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.0.source
    }

    /// Returns the number of responses of the model.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.conversation().map_or(0, Conversation::rounds)
    }

    /// Returns the tokens used by all rounds, if the responses say so.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        self.conversation().and_then(Conversation::usage)
    }

    /// Returns the messages so far as JSON, as they are sent: those of the input, the model's, and the results of tools.
    #[must_use]
    pub fn messages(&self) -> &[Value] {
        self.conversation().map_or(&[], Conversation::messages)
    }

    /// Goes on with the conversation, with as many rounds as at first and the same options.
    pub fn resume(self) -> ToolsCall<T> {
        self.0.call
    }
}

impl<T> From<ToolsError<T>> for Error {
    fn from(error: ToolsError<T>) -> Self {
        error.0.source
    }
}

impl<T> fmt::Display for ToolsError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let model = &self.0.call.model;
        match self.rounds() {
            0 => write!(f, "{model}: the conversation failed before the first response"),
            rounds => {
                let (responses, messages) = (if rounds == 1 { "response" } else { "responses" }, self.messages().len());
                write!(
                    f,
                    "{model}: the conversation failed after {rounds} {responses}; its {messages} messages are kept in the error"
                )
            }
        }
    }
}

impl<T> fmt::Debug for ToolsError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolsError")
            .field("rounds", &self.rounds())
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl<T> StdError for ToolsError<T> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0.source)
    }
}
