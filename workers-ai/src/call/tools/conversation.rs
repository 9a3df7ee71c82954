//! The conversation with a model that calls tools.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use workers_ai_types::{
    catalog::ModelFacts,
    chat::{ChatCompletion, ChatReply, Message, Text, Tool, ToolCall, Usage, assistant, tool_result},
    codec::Body,
};

use crate::{
    Error, Meta,
    billing::usage,
    error::{ConfigError, encode_error},
    reply::CacheStatus,
};

/// An input that grows with each round, and what its rounds have used.
pub(super) struct Conversation {
    body: Map<String, Value>,
    /// The IDs of all calls.
    ids: BTreeSet<String>,
    rounds: u32,
    usage: Option<Usage>,
    /// Whether a round was not a response from a gateway's cache.
    billed: bool,
}

impl Conversation {
    /// Begins with an input, and adds the tools to it.
    pub(super) fn new(body: Body, tools: &[Tool]) -> Result<Self, Error> {
        let Body::Json(body) = body else {
            return Err(ConfigError::Conflict("only models with JSON inputs can be offered tools").into());
        };
        let mut body: Map<String, Value> = serde_json::from_slice(&body).map_err(encode_error)?;
        if !body.get("messages").is_some_and(Value::is_array) {
            return Err(ConfigError::Conflict("tools need `messages` instead of a bare `prompt`").into());
        }
        if body.remove("tools").is_some_and(|own| own.as_array().is_none_or(|own| !own.is_empty())) {
            return Err(ConfigError::Conflict("the input has tools of its own: add them to the `ToolBox`").into());
        }
        if !tools.is_empty() {
            body.insert("tools".to_owned(), to_value(&tools)?);
        }
        let messages = body.get("messages").and_then(Value::as_array).into_iter().flatten();
        let calls = messages.filter_map(|message| message.get("tool_calls")?.as_array()).flatten();
        let ids = calls.filter_map(|call| call.get("id")?.as_str().map(str::to_owned)).collect();
        Ok(Self { body, ids, rounds: 0, usage: None, billed: false })
    }

    /// Returns the messages so far, as they are sent.
    pub(super) fn messages(&self) -> &[Value] {
        self.body.get("messages").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Returns the number of responses.
    pub(super) fn rounds(&self) -> u32 {
        self.rounds
    }

    /// Returns the tokens used by all rounds, if the responses say so.
    pub(super) fn usage(&self) -> Option<Usage> {
        self.usage
    }

    /// Encodes the input, after a check of what rounds have added to it: the tools and the messages.
    pub(super) fn to_json(&self, facts: Option<ModelFacts>) -> Result<Vec<u8>, Error> {
        if let Some(model) = facts {
            let added = ["tools", "messages"].into_iter().filter_map(|name| Some((name, self.body.get(name)?)));
            workers_ai_types::__private::validate_members(added, model.id, model.rules)?;
        }
        serde_json::to_vec(&self.body).map_err(encode_error)
    }

    /// Counts a round, and makes the metadata of its response those of the whole.
    pub(super) fn count(&mut self, meta: &mut Meta) {
        self.rounds += 1;
        if !meta.is_cached() {
            self.usage = usage::sum(self.usage, meta.usage);
            self.billed = true;
        } else if self.billed {
            // One round that was billed makes the whole not a response from the cache.
            meta.cache = Some(CacheStatus::Miss);
        }
        if self.billed {
            meta.usage = self.usage;
        }
    }

    /// Gives each call an ID that no other call of the conversation has.
    pub(super) fn identify(&mut self, calls: &mut [ToolCall]) {
        for call in calls {
            let numbered = (self.ids.len()..).map(|number| format!("call_{number}"));
            let ids = call.id.take().into_iter().chain(numbered);
            call.id = ids.filter(|id| self.ids.insert(id.clone())).take(1).next();
        }
    }

    /// Adds a round: the model's message, and the results of its calls.
    pub(super) fn append(
        &mut self,
        completion: &ChatCompletion,
        calls: &[ToolCall],
        results: Vec<String>,
    ) -> Result<(), Error> {
        let mut message: Message<Text> = assistant(completion.text()).with_tool_calls(calls.iter().cloned());
        if let Some(reasoning) = completion.reasoning() {
            message = message.with_reasoning(reasoning);
        }
        let mut messages = vec![to_value(&message)?];
        for (call, result) in calls.iter().zip(results) {
            let id = call.id.as_deref().unwrap_or_default();
            messages.push(to_value(&tool_result::<Text>(id, result))?);
        }
        if let Some(Value::Array(all)) = self.body.get_mut("messages") {
            all.extend(messages);
        }
        // A choice that forces a call would force one in each round.
        self.body.remove("tool_choice");
        Ok(())
    }
}

fn to_value(value: &impl serde::Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(encode_error)
}
