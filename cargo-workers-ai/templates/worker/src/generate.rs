//! Chat, images and structured output.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use worker::{Env, Request, Response, ResponseBuilder};
use workers_ai::prelude::*;

use crate::{
    failure::{Failure, json},
    models::{Flux, Llama, client},
};

#[derive(Deserialize)]
struct Question {
    question: String,
}

/// Streams an answer: the runtime passes the model's events on to the browser by itself.
pub async fn chat(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let Question { question } = json(&mut request).await?;
    let input = Llama::input().messages([system("Answer briefly."), user(question)]).max_tokens(500);
    Ok(client(env)?.stream(Llama, input).response().await?)
}

#[derive(Deserialize)]
struct Picture {
    prompt: String,
}

/// Makes an image.
pub async fn image(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let Picture { prompt } = json(&mut request).await?;
    let picture = client(env)?.run(Flux, Flux::input().prompt(prompt).num_steps(4)).await?;
    let bytes = picture.image.decode().map_err(|error| worker::Error::RustError(error.to_string()))?;
    let response = ResponseBuilder::new().with_header("content-type", picture.image.content_type())?;
    Ok(response.fixed(bytes))
}

#[derive(Deserialize)]
struct Dish {
    dish: String,
}

/// A recipe. Its comments are part of the schema that the model is given.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Recipe {
    /// The name of the dish.
    title: String,
    /// The time that it takes, in minutes.
    minutes: u32,
    /// The steps, in order.
    steps: Vec<String>,
}

/// Writes a recipe as JSON of a given form.
pub async fn recipe(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let Dish { dish } = json(&mut request).await?;
    let input = Llama::input().messages([user(format!("A recipe for {dish}"))]).max_tokens(1000);
    let recipe = client(env)?.run(Llama, input).json::<Recipe>().await?;
    Ok(Response::from_json(&recipe.output)?)
}
