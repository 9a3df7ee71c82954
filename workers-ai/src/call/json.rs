//! Structured output: an answer that has the form of a type.

use std::{future::IntoFuture, marker::PhantomData};

use serde::de::DeserializeOwned;
use serde_json::Value;
use workers_ai_types::{Body, ChatCompletion, ChatReply, FinishReason, JsonMode, ResponseFormat};

use crate::{
    Error, RawReply, Reply, WorkersAi,
    call::json_body::with_members,
    call::options::{Options, options},
    call::request::PreparedRequest,
    call::{Call, complete_as},
    error::{ConfigError, undecodable},
    reply::Meta,
    transport::maybe_send::BoxFuture,
};

impl<M: JsonMode, T> Call<M, T> {
    /// Has the model answer with JSON that has the form of a type.
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
        self.json_with(S::schema_name(), crate::call::json_schema::of::<S>())
    }

    /// As `json`, with a schema of one's own.
    pub fn json_with<S: DeserializeOwned>(self, name: impl Into<String>, schema: Value) -> JsonCall<S> {
        let format = M::Format::from(ResponseFormat::json_schema(name, schema));
        let format = serde_json::to_value(format).map_err(|error| Error::Encode(error.into()));
        let body = self.encoded.body.and_then(|body| match body {
            Body::Json(json) => with_members(&json, [("response_format", format?)]).map(Body::Json),
            _ => Err(ConfigError::Conflict("only inputs of JSON can ask for JSON").into()),
        });
        let encoded = PreparedRequest { body, ..self.encoded };
        JsonCall { ai: self.ai, encoded, options: self.options, answer: PhantomData }
    }
}

/// A call whose answer has the form of a type. [`Call::json_with`] returns it.
#[must_use = "a call is made when it is awaited"]
pub struct JsonCall<S> {
    ai: WorkersAi,
    encoded: PreparedRequest,
    options: Options,
    answer: PhantomData<fn() -> S>,
}

impl<S> JsonCall<S> {
    options!(gateway);
}

impl<S> std::fmt::Debug for JsonCall<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JsonCall").field("model", &self.encoded.model).finish_non_exhaustive()
    }
}

impl<S: DeserializeOwned + 'static> IntoFuture for JsonCall<S> {
    type Output = Result<Reply<S>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let encoded = PreparedRequest { options: self.options, ..self.encoded };
        let ai = self.ai;
        Box::pin(async move { complete_as(&ai, encoded, |(raw, meta)| read(&raw, meta)).await })
    }
}

/// Reads the JSON out of an answer of either schema.
fn read<S: DeserializeOwned>(raw: &RawReply, meta: Meta) -> Result<Reply<S>, Error> {
    let unreadable = |cause: String| undecodable(&meta.model, &cause, raw);
    let answer: ChatCompletion = serde_json::from_slice(&raw.body).map_err(|error| unreadable(error.to_string()))?;
    let response =
        answer.response.as_ref().map(workers_ai_types::LegacyResponse::json).filter(|json| !json.is_string());
    let output = match response {
        Some(json) => S::deserialize(json),
        None => serde_json::from_str(unfenced(&answer.text())),
    };
    let cut = [answer.finish_reason(), meta.finish_reason.as_ref()].contains(&Some(&FinishReason::Length));
    match output {
        Ok(output) => Ok(Reply { output, meta }),
        Err(_) if cut => Err(unreadable("the JSON was cut at the limit of tokens: raise `max_tokens`".to_owned())),
        Err(_) if response.is_none() && answer.text().trim().is_empty() => {
            Err(unreadable("the answer is empty".to_owned()))
        }
        Err(error) => Err(unreadable(format!("the JSON has another form: {error}"))),
    }
}

/// The text inside a fence, where a model put one around its JSON.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let Some(inside) = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")) else { return text };
    let inside = inside.strip_prefix("json").or_else(|| inside.strip_prefix("JSON")).unwrap_or(inside);
    inside.trim()
}

#[cfg(test)]
mod tests {
    use super::unfenced;

    #[test]
    fn fences_are_taken_off() {
        assert_eq!(unfenced(" {\"a\":1} "), "{\"a\":1}");
        assert_eq!(unfenced("```json\n{\"a\":1}\n```"), "{\"a\":1}");
        assert_eq!(unfenced("```\n[1]\n```\n"), "[1]");
        assert_eq!(unfenced("``````"), "");
    }
}
