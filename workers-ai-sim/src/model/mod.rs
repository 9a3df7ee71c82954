//! Model execution: from a validated input to an output that is made up, deterministic, and valid under the model's output schema.
//! Nothing in here knows of HTTP.

pub(crate) mod chat;
mod embeddings;
pub(crate) mod events;
#[cfg(test)]
mod every_model;
mod example;
mod given;
mod input;
mod media;
pub(crate) mod policy;
pub(crate) mod realtime;
pub(crate) mod schema;
mod scoring;
pub(crate) mod similarity;
mod spec;
mod text;
mod transcription;
mod vision;

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

pub(crate) use self::{input::Input, spec::ModelSpec};

/// The output of a model.
pub(crate) enum Output {
    Json(Value),
    /// Bytes and their content type.
    Bytes(Cow<'static, str>, Vec<u8>),
    /// The answer of a chat model, which can also be streamed.
    Chat(Box<chat::Completion>),
}

impl Output {
    /// Returns the output as JSON, with bytes as base64.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Bytes(_, bytes) => Value::String(STANDARD.encode(bytes)),
            Self::Chat(completion) => completion.to_json(),
        }
    }
}

/// Runs a model.
pub(crate) fn run(spec: &ModelSpec, input: &Input) -> Output {
    match spec.task.as_str() {
        "Text Generation" if spec.is_chat() => Output::Chat(Box::new(chat::complete(spec, &input.value))),
        "Text Generation" => Output::Json(scoring::score(&input.value)),
        "Text Embeddings" => Output::Json(embeddings::embed(spec, &input.value)),
        "Text-to-Image" => image(spec, &input.value),
        "Text-to-Speech" => speech(spec, &input.value),
        "Automatic Speech Recognition" => Output::Json(transcription::transcribe(spec, input)),
        "Translation" => Output::Json(text::translate(spec, &input.value)),
        "Summarization" => Output::Json(text::summarize(&input.value)),
        "Text Classification" | "Reranking" => Output::Json(embeddings::classify(spec, &input.value)),
        "Image-to-Text" => Output::Json(vision::describe(spec, input)),
        "Image Classification" => Output::Json(vision::classify(input)),
        "Object Detection" => Output::Json(vision::detect(input)),
        "Voice Activity Detection" => Output::Json(json!({ "is_complete": true, "probability": 0.97 })),
        _ => Output::Json(spec.outputs.first().map_or(Value::Null, |schema| example::from_schema(schema, "an answer"))),
    }
}

/// Returns the first of the named members that is a text, or an empty one.
fn text_of<'v>(input: &'v Value, names: &[&str]) -> &'v str {
    names.iter().find_map(|name| input.get(name)?.as_str()).unwrap_or_default()
}

/// Returns a number, given as a number or as digits.
fn number_of(input: &Value, name: &str) -> Option<u64> {
    let value = input.get(name)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn image(spec: &ModelSpec, input: &Value) -> Output {
    let side = |name| number_of(input, name).unwrap_or(512);
    let seed = number_of(input, "seed").unwrap_or_default();
    let image = media::Image::new(text_of(input, &["prompt"]), seed, side("width"), side("height"));
    match spec.binary.as_deref() {
        Some("image/jpeg") => Output::Bytes("image/jpeg".into(), image.jpeg()),
        Some(_) => Output::Bytes("image/png".into(), image.png()),
        None => Output::Json(json!({ "image": STANDARD.encode(image.jpeg()) })),
    }
}

fn speech(spec: &ModelSpec, input: &Value) -> Output {
    let text = text_of(input, &["text", "prompt"]);
    let rate = number_of(input, "sample_rate").and_then(|rate| u32::try_from(rate).ok()).unwrap_or(16_000);
    if spec.output_with("audio").is_some() {
        return Output::Json(json!({ "audio": STANDARD.encode(media::wav(text, rate)) }));
    }
    match text_of(input, &["encoding"]) {
        "" | "mp3" => Output::Bytes("audio/mpeg".into(), media::mp3(text)),
        _ => Output::Bytes("audio/wav".into(), media::wav(text, rate)),
    }
}
