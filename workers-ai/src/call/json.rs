//! Structured output: a response that has the form of a type.

use std::{future::IntoFuture, marker::PhantomData};

use serde::de::DeserializeOwned;
use serde_json::Value;
use workers_ai_types::{
    __private::from_text,
    JsonMode,
    catalog::Capability,
    chat::{ChatCompletion, ChatReply, FinishReason, LegacyResponse, NativeFormat, OpenAiFormat, ResponseFormat},
    codec::Body,
    shapes::NATIVE_FORMAT,
};

use super::{
    Call, CallFuture, DynModel,
    options::{Options, options},
    pipeline::Answer,
    request::PreparedRequest,
};
use crate::{
    Error, Meta, Reply, WorkersAi,
    error::{ConfigError, encode_error, undecodable},
    reply::RawReply,
    transport::json,
};

impl<M: JsonMode, T> Call<M, T> {
    /// Asks for JSON that has the form of a type.
    ///
    /// ```no_run
    /// use schemars::JsonSchema;
    /// use serde::Deserialize;
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    /// pub struct Llama;
    ///
    /// /// How to cook something.
    /// #[derive(Debug, Deserialize, JsonSchema)]
    /// struct Recipe {
    ///     title: String,
    ///     minutes: u32,
    ///     steps: Vec<String>,
    /// }
    ///
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// let input = Llama::input().messages([user("A recipe for tomato soup")]).max_tokens(1000);
    /// let recipe = ai.run(Llama, input).json::<Recipe>().await?;
    /// println!("{} takes {} minutes", recipe.title, recipe.minutes);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "schemars")]
    pub fn json<S: schemars::JsonSchema + DeserializeOwned>(self) -> JsonCall<S> {
        self.json_with(S::schema_name(), super::json_schema::output_schema::<S>())
    }

    /// Asks for JSON that matches a schema of your own.
    pub fn json_with<S: DeserializeOwned>(self, name: impl Into<String>, schema: Value) -> JsonCall<S> {
        let format = serde_json::to_value(M::Format::from(ResponseFormat::json_schema(name, schema)));
        let format = format.map(|format| match &self.request.facts {
            Some(model) => model.response_format(format),
            None => format,
        });
        JsonCall::new(self.ai, self.request, format)
    }
}

impl Call<DynModel, ChatCompletion> {
    /// Asks for JSON that has the form of a type.
    ///
    /// Models take the schema in two forms. Of those in this version's catalog the form is known; others are asked in OpenAI's.
    ///
    /// ```no_run
    /// # use schemars::JsonSchema;
    /// # use serde::Deserialize;
    /// # use workers_ai::prelude::*;
    /// # #[derive(Deserialize, JsonSchema)]
    /// # struct Recipe { title: String }
    /// # async fn f(ai: WorkersAi, id: String) -> Result<(), workers_ai::Error> {
    /// let recipe = ai.model(id).ask([user("A recipe for tomato soup")]).json::<Recipe>().await?;
    /// println!("{}", recipe.title);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "schemars")]
    pub fn json<S: schemars::JsonSchema + DeserializeOwned>(self) -> JsonCall<S> {
        self.json_with(S::schema_name(), super::json_schema::output_schema::<S>())
    }

    /// Asks for JSON that matches a schema of your own.
    pub fn json_with<S: DeserializeOwned>(self, name: impl Into<String>, schema: Value) -> JsonCall<S> {
        let format = ResponseFormat::json_schema(name, schema);
        let format = if NATIVE_FORMAT.contains(&self.request.model.as_str()) {
            serde_json::to_value(NativeFormat(format))
        } else {
            serde_json::to_value(OpenAiFormat(format))
        };
        JsonCall::new(self.ai, self.request, format)
    }
}

/// A call whose response has the form of a type. Returned by [`Call::json_with`].
#[must_use = "a call is made when it is awaited"]
pub struct JsonCall<S> {
    ai: WorkersAi,
    request: PreparedRequest,
    output: PhantomData<fn() -> S>,
}

impl<S> JsonCall<S> {
    fn new(ai: WorkersAi, request: PreparedRequest, format: serde_json::Result<Value>) -> Self {
        let allowed = request.requires(Capability::JsonMode, "JSON mode").map_err(Error::from);
        let body = allowed.and(request.body).and_then(|body| match body {
            Body::Json(json) => {
                let added = format.and_then(|format| json::insert(&json, [("response_format", format)]));
                added.map(Body::Json).map_err(encode_error)
            }
            _ => Err(ConfigError::Conflict("only models with JSON inputs can return JSON of a given form").into()),
        });
        Self { ai, request: PreparedRequest { body, ..request }, output: PhantomData }
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.request.options
    }

    options!(gateway);
}

impl<S> std::fmt::Debug for JsonCall<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JsonCall").field("request", &self.request).finish_non_exhaustive()
    }
}

impl<S: DeserializeOwned> IntoFuture for JsonCall<S> {
    type Output = Result<Reply<S>, Error>;
    type IntoFuture = CallFuture<S>;

    fn into_future(self) -> CallFuture<S> {
        CallFuture::complete(self.ai, self.request, |answer: Answer| answer.read(|raw, meta| read(&raw, meta)))
    }
}

/// Reads the JSON in a response of either schema.
fn read<S: DeserializeOwned>(raw: &RawReply, meta: Meta) -> Result<Reply<S>, Error> {
    let unreadable = |cause: String| undecodable(meta.clone(), &cause, raw);
    let answer: ChatCompletion = serde_json::from_slice(&raw.body).map_err(|error| unreadable(error.to_string()))?;
    let response = answer.response.as_ref().map(LegacyResponse::json).filter(|json| !json.is_string());
    let output = match response.filter(|json| !json.is_null()) {
        Some(json) => S::deserialize(json),
        // A string or null can be the value itself.
        None => {
            let text = answer.text();
            let read = from_text(strip_fence(&text));
            read.or_else(|error| {
                let value = if text.trim().is_empty() { Value::Null } else { Value::String(text.trim().to_owned()) };
                S::deserialize(value).map_err(|_| error)
            })
        }
    };
    let was_cut = [answer.finish_reason(), meta.finish_reason.as_ref()].contains(&Some(&FinishReason::Length));
    match output {
        Ok(output) => Ok(Reply { output, meta }),
        Err(_) if was_cut => Err(unreadable("the JSON was cut at the token limit: raise `max_tokens`".to_owned())),
        Err(_) if response.is_none_or(Value::is_null) && answer.text().trim().is_empty() => {
            Err(unreadable("the response is empty".to_owned()))
        }
        Err(error) => Err(unreadable(format!("the JSON has another form: {error}"))),
    }
}

/// Returns the text inside a code fence, which some models put around JSON.
pub(super) fn strip_fence(text: &str) -> &str {
    let text = text.trim();
    let Some(inside) = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")) else { return text };
    let inside = inside.strip_prefix("json").or_else(|| inside.strip_prefix("JSON")).unwrap_or(inside);
    inside.trim()
}

#[cfg(test)]
mod tests {
    use super::strip_fence;

    #[test]
    fn fences_are_removed() {
        assert_eq!(strip_fence(" {\"a\":1} "), "{\"a\":1}");
        assert_eq!(strip_fence("```json\n{\"a\":1}\n```"), "{\"a\":1}");
        assert_eq!(strip_fence("```\n[1]\n```\n"), "[1]");
        assert_eq!(strip_fence("``````"), "");
    }
}
