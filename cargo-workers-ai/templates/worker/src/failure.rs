//! Failures of a request, and their responses.

use serde::de::DeserializeOwned;
use serde_json::json;
use worker::{Request, Response};
use workers_ai::ErrorClass;

/// Why a request failed.
#[derive(Debug)]
pub enum Failure {
    /// There is no such route.
    NoRoute(String),
    /// The request is not what the route takes.
    Invalid(String),
    /// A call of a model failed.
    Ai(workers_ai::Error),
    /// The runtime failed.
    Runtime(worker::Error),
}

impl Failure {
    /// Answers with a status that says who can do something about it: the caller, or time.
    pub fn response(self) -> worker::Result<Response> {
        let (status, text) = match &self {
            Self::NoRoute(route) => (404, format!("no route {route}")),
            Self::Invalid(text) => (400, text.clone()),
            Self::Ai(error) => (status(error), with_causes(error)),
            Self::Runtime(error) => (500, error.to_string()),
        };
        if status >= 500 {
            worker::console_error!("{text}");
        }
        let mut response = Response::from_json(&json!({ "error": text }))?.with_status(status);
        if let Self::Ai(error) = &self
            && let Some(pause) = error.retry_in()
        {
            response.headers_mut().set("retry-after", &(pause.as_secs() + 1).to_string())?;
        }
        Ok(response)
    }
}

fn status(error: &workers_ai::Error) -> u16 {
    match error.class() {
        Some(ErrorClass::InvalidInput | ErrorClass::ContextExceeded | ErrorClass::ContentFlagged) => 400,
        _ if error.retry_in().is_some() => 503,
        _ => 502,
    }
}

/// Returns the text of an error and of its causes.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl From<workers_ai::Error> for Failure {
    fn from(error: workers_ai::Error) -> Self {
        Self::Ai(error)
    }
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::Runtime(error)
    }
}

/// Reads the JSON of a request.
pub async fn json<T: DeserializeOwned>(request: &mut Request) -> Result<T, Failure> {
    let text = request.text().await?;
    serde_json::from_str(&text).map_err(|error| Failure::Invalid(format!("the request's JSON: {error}")))
}
