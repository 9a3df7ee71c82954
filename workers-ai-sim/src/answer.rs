//! Scripted answers.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use workers_ai_catalog::Capability;

use crate::model::{ModelSpec, Output, chat::Completion};

/// The members of JSON outputs that are bytes as base64.
const ENCODED: [&str; 2] = ["image", "audio"];

/// An answer for [`Sim::answer`](crate::Sim::answer) and [`Sim::always_answer`](crate::Sim::always_answer).
///
/// It is made from what it consists of:
///
/// - JSON is the model's output, sent as it is. It is not checked against the output schema, so that a test can try what the service has
///   not sent yet. Where a stream is asked for, or a route for OpenAI clients, an answer of a chat model is converted.
/// - A text is what a chat model says, in the form of the model and of the route, streamed where a stream is asked for.
/// - Bytes are an image or a recording, from models whose output is one.
///
/// ```
/// use serde_json::json;
/// use workers_ai_sim::Answer;
///
/// let json = Answer::from(json!({ "response": "hello", "usage": { "prompt_tokens": 3, "completion_tokens": 1 } }));
/// let text = Answer::from("hello");
/// let image = Answer::from(b"\xff\xd8\xff\xe0");
/// # assert_ne!(json, text);
/// # assert_ne!(text, image);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Answer(Content);

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Json(Value),
    Text(String),
    Bytes(Bytes),
}

impl From<Value> for Answer {
    fn from(output: Value) -> Self {
        Self(Content::Json(output))
    }
}

impl From<&str> for Answer {
    fn from(text: &str) -> Self {
        Self(Content::Text(text.to_owned()))
    }
}

impl From<String> for Answer {
    fn from(text: String) -> Self {
        Self(Content::Text(text))
    }
}

impl From<Vec<u8>> for Answer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Content::Bytes(bytes.into()))
    }
}

impl From<&[u8]> for Answer {
    fn from(bytes: &[u8]) -> Self {
        Self(Content::Bytes(Bytes::copy_from_slice(bytes)))
    }
}

impl<const N: usize> From<&[u8; N]> for Answer {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

/// An answer that a model cannot give.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sim = workers_ai_sim::start().await?;
/// let error = sim.answer("@cf/baai/bge-m3", "hello").unwrap_err();
/// assert_eq!(error.to_string(), "@cf/baai/bge-m3 is not a chat model: answer with its output as JSON");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerError(String);

impl AnswerError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AnswerError {}

impl Answer {
    /// Checks that a model can give this answer.
    pub(crate) fn check(&self, spec: &ModelSpec) -> Result<(), AnswerError> {
        let id = &spec.id;
        let refused = |reason: &str| Err(AnswerError(format!("{id} {reason}")));
        match &self.0 {
            _ if !spec.supports(Capability::Run) => {
                refused("is available over WebSocket only: it has no answers to script")
            }
            Content::Text(_) if !spec.is_chat() => refused("is not a chat model: answer with its output as JSON"),
            Content::Bytes(_) if spec.binary.is_none() && encoded_member(spec).is_none() => {
                refused("does not answer with bytes: answer with its output as JSON")
            }
            _ => Ok(()),
        }
    }

    /// Returns the answer to an input as the model's output.
    pub(crate) fn output(self, spec: &ModelSpec, input: &Value) -> Output {
        match self.0 {
            Content::Json(output) if spec.is_chat() => match Completion::given(spec, input, &output) {
                Some(completion) => Output::Chat(Box::new(completion)),
                None => Output::Json(output),
            },
            Content::Json(output) => Output::Json(output),
            Content::Text(text) => Output::Chat(Box::new(Completion::said(spec, input, text))),
            Content::Bytes(bytes) => match (&spec.binary, encoded_member(spec)) {
                (None, Some(member)) => Output::Json(json!({ member: STANDARD.encode(bytes) })),
                (content_type, _) => Output::Bytes(content_type.clone().unwrap_or_default().into(), bytes.into()),
            },
        }
    }
}

/// Returns the member of a model's JSON output that is bytes.
fn encoded_member(spec: &ModelSpec) -> Option<&'static str> {
    ENCODED.into_iter().find(|member| spec.output_with(member).is_some())
}

/// The scripted answers of all models.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<HashMap<String, Script>>);

#[derive(Debug, Default)]
struct Script {
    /// Each is used once, before the other.
    next: VecDeque<Answer>,
    always: Option<Answer>,
}

impl Answers {
    pub(crate) fn push(&self, model: &str, answer: Answer) {
        self.script(model, |script| script.next.push_back(answer));
    }

    pub(crate) fn set(&self, model: &str, answer: Answer) {
        self.script(model, |script| script.always = Some(answer));
    }

    fn script(&self, model: &str, change: impl FnOnce(&mut Script)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(model.to_owned()).or_default());
    }

    /// Takes the answer for a call of a model.
    pub(crate) fn take(&self, model: &str) -> Option<Answer> {
        let mut scripts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let script = scripts.get_mut(model)?;
        script.next.pop_front().or_else(|| script.always.clone())
    }
}
