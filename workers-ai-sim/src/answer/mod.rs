//! What a model answers: made up, useful, always the same, and true to the model's output schema.

pub(crate) mod chat;
mod judge;
mod listen;
mod look;
pub(crate) mod refuse;
mod text;
mod vectors;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{envelope, example, known::Known, media, request::Input};

/// An answer.
pub(crate) enum Answer {
    /// JSON, to be put into the envelope.
    Json(Value),
    /// Bytes, sent as they are.
    Bytes(&'static str, Vec<u8>),
    /// Something said, whole or in pieces.
    Said(Box<chat::Said>),
}

impl Answer {
    /// The JSON of the answer; bytes as base64.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Bytes(_, bytes) => Value::String(STANDARD.encode(bytes)),
            Self::Said(said) => said.whole(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Bytes(content_type, bytes) => ([(header::CONTENT_TYPE, content_type)], bytes).into_response(),
            other => envelope::ok(&other.to_json()),
        }
    }
}

/// Answers a request.
pub(crate) fn make(known: &Known, input: &Input) -> Answer {
    match known.task.as_str() {
        "Text Generation" if known.answer_with("answers").is_some() => Answer::Json(judge::judge(&input.value)),
        "Text Generation" => Answer::Said(Box::new(chat::say(known, &input.value))),
        "Text Embeddings" => Answer::Json(vectors::embed(known, &input.value)),
        "Text-to-Image" => picture(known, &input.value),
        "Text-to-Speech" => speech(known, &input.value),
        "Automatic Speech Recognition" => Answer::Json(listen::transcript(known, input)),
        "Translation" => Answer::Json(text::translation(known, &input.value)),
        "Summarization" => Answer::Json(text::summary(&input.value)),
        "Text Classification" | "Reranking" => Answer::Json(vectors::classify(known, &input.value)),
        "Image-to-Text" => Answer::Json(look::describe(known, input)),
        "Image Classification" => Answer::Json(look::classify(input)),
        "Object Detection" => Answer::Json(look::detect(input)),
        "Voice Activity Detection" => Answer::Json(json!({ "is_complete": true, "probability": 0.97 })),
        _ => Answer::Json(known.answers.first().map_or(Value::Null, |schema| example::of(schema, "an answer"))),
    }
}

/// A text of an input.
fn text_of<'v>(input: &'v Value, names: &[&str]) -> &'v str {
    names.iter().find_map(|name| input.get(name)?.as_str()).unwrap_or_default()
}

/// A number of an input, given as a number or as digits.
fn number_of(input: &Value, name: &str) -> Option<u64> {
    let value = input.get(name)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn picture(known: &Known, input: &Value) -> Answer {
    let side = |name| number_of(input, name).unwrap_or(512);
    let seed = number_of(input, "seed").unwrap_or_default();
    let picture = media::Picture::new(text_of(input, &["prompt"]), seed, side("width"), side("height"));
    match known.binary.as_deref() {
        Some("image/jpeg") => Answer::Bytes("image/jpeg", picture.jpeg()),
        Some(_) => Answer::Bytes("image/png", picture.png()),
        None => Answer::Json(json!({ "image": STANDARD.encode(picture.jpeg()) })),
    }
}

fn speech(known: &Known, input: &Value) -> Answer {
    let text = text_of(input, &["text", "prompt"]);
    let rate = number_of(input, "sample_rate").and_then(|rate| u32::try_from(rate).ok()).unwrap_or(16_000);
    if known.answer_with("audio").is_some() {
        return Answer::Json(json!({ "audio": STANDARD.encode(media::wav(text, rate)) }));
    }
    match text_of(input, &["encoding"]) {
        "" | "mp3" => Answer::Bytes("audio/mpeg", media::mp3(text)),
        _ => Answer::Bytes("audio/wav", media::wav(text, rate)),
    }
}
