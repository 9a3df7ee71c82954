//! A request as transports receive it.

use std::fmt;

use bytes::Bytes;

use super::{Headers, RequestBody};
use crate::gateway::Gateway;

/// A request to the service: what is asked, not how HTTP spells it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TransportRequest {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// The input.
    pub input: Input,
    /// The service's own options for the call.
    pub options: CallOptions,
    /// Headers, added to those of the transport.
    pub headers: Headers,
    /// The gateway that the call goes through.
    pub gateway: Option<Gateway>,
    /// The body of the response is read in chunks, as they arrive.
    pub stream: bool,
}

impl TransportRequest {
    /// Creates a request without options.
    #[must_use]
    pub fn new(endpoint: Endpoint, input: Input) -> Self {
        Self { endpoint, input, options: CallOptions::default(), headers: Headers::new(), gateway: None, stream: false }
    }
}

/// The endpoint of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// A model, by its ID; models of other companies (`openai/gpt-5.4`) too.
    Run(String),
    /// A route that OpenAI-compatible clients use.
    OpenAi {
        /// The part of the path after `v1/`: `chat/completions`.
        route: &'static str,
        /// The ID of the model, which the input names as well.
        model: String,
    },
    /// The gateway's universal endpoint, which takes the steps of a fallback.
    Universal {
        /// The gateway's ID.
        gateway: String,
    },
    /// The list of models.
    Models(ModelQuery),
    /// The JSON Schemas of a model, by its ID.
    ModelSchema(String),
    /// A log of a gateway: read without input, updated with JSON.
    GatewayLog {
        /// The gateway's ID.
        gateway: String,
        /// The log's ID.
        log: String,
    },
    /// The conversion of files to Markdown: the supported formats without input, a conversion with a form.
    Markdown,
    /// The account's LoRA adapters.
    Finetunes(FinetuneEndpoint),
}

/// An endpoint for LoRA adapters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FinetuneEndpoint {
    /// The adapters of the account: listed without input, created with JSON.
    Own,
    /// The adapters that everybody may use.
    Public,
    /// The upload of a file of an adapter, by the adapter's ID.
    Assets(String),
}

/// Which models are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ModelQuery {
    /// Text that the name contains.
    pub search: Option<String>,
    /// The name of the task.
    pub task: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// Lists deprecated models too.
    pub include_deprecated: bool,
    /// Leaves out experimental models.
    pub hide_experimental: bool,
    /// The number of the page, from 1.
    pub page: u32,
    /// The number of models on a page.
    pub per_page: u32,
}

/// The input of a request. `Debug` prints lengths, not contents.
#[derive(Clone)]
#[non_exhaustive]
pub enum Input {
    /// Nothing.
    None,
    /// A JSON document.
    Json(Bytes),
    /// A multipart form.
    Form {
        /// The content type, with the boundary.
        content_type: String,
        /// The encoded form.
        body: Bytes,
    },
    /// A file, with the other fields beside it.
    File {
        /// The file's field in the input.
        field: &'static str,
        /// The file's MIME type.
        content_type: String,
        /// The file.
        file: RequestBody,
        /// The other fields, as a JSON object.
        fields: Bytes,
        /// The model also takes the file inside the JSON object, as an array of byte values.
        in_json: bool,
    },
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What users wrote, and the headers of a fallback's steps, do not belong in logs.
        match self {
            Self::None => f.write_str("None"),
            Self::Json(json) => write!(f, "Json({} bytes)", json.len()),
            Self::Form { body, .. } => write!(f, "Form({} bytes)", body.len()),
            Self::File { field, content_type, file, fields, in_json } => f
                .debug_struct("File")
                .field("field", field)
                .field("content_type", content_type)
                .field("file", file)
                .field("fields", &format_args!("{} bytes", fields.len()))
                .field("in_json", in_json)
                .finish(),
        }
    }
}

impl Input {
    /// Returns the JSON document. `None` for other inputs.
    #[must_use]
    pub fn json(&self) -> Option<&[u8]> {
        match self {
            Self::Json(json) => Some(json),
            _ => None,
        }
    }
}

/// The service's own options for a call.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// Queues the input as a batch.
    pub queue: bool,
    /// Labels the call.
    pub tags: Vec<String>,
    /// Fails at once if the model has no capacity.
    pub reject_if_busy: bool,
    /// Keeps calls of the same session on the same machine, which caches their common prompt.
    pub session_affinity: Option<String>,
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A session may be a user's: it is not printed.
        f.debug_struct("CallOptions")
            .field("queue", &self.queue)
            .field("tags", &self.tags)
            .field("reject_if_busy", &self.reject_if_busy)
            .field("has_session_affinity", &self.session_affinity.is_some())
            .finish()
    }
}

/// Returns `true` for a model of another company: its ID has no `@`, and it is called by the route that takes every model.
#[cfg(any(feature = "rest", feature = "worker"))]
pub(crate) fn is_partner(model: &str) -> bool {
    !model.starts_with('@') && model.contains('/')
}
