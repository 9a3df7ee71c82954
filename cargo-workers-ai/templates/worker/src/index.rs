//! Takes documents, and queues their pieces.

use serde::Deserialize;
use serde_json::json;
use worker::{Env, Request, Response};

use crate::{
    Chunk,
    failure::Failure,
    lines::{LineError, Lines},
    outbox::Outbox,
    split::split,
};

/// A vector's ID has at most 64 bytes; a piece's number needs some of them.
const MAX_ID_BYTES: usize = 56;

/// A line of the request.
#[derive(Deserialize)]
struct Document {
    id: String,
    text: String,
}

/// Queues the documents of a request: one JSON object in a line, any number of lines. They are read as they arrive.
pub async fn index(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let mut outbox = Outbox::new(env.queue("CHUNKS")?);
    let mut lines = Lines::new(request.stream()?);
    let (mut number, mut documents) = (0, 0);
    while let Some(line) = lines.next().await {
        number += 1;
        let read = line
            .map_err(explain)
            .and_then(|line| if line.trim().is_empty() { Ok(None) } else { document(&line).map(Some) });
        let document = match read {
            Ok(Some(document)) => document,
            Ok(None) => continue,
            Err(cause) => {
                // What came before is indexed. Sending it again does no harm.
                outbox.flush().await?;
                let sent = outbox.sent();
                return Err(Failure::Invalid(format!(
                    "line {number}: {cause}; the {documents} documents before it are queued, in {sent} pieces"
                )));
            }
        };
        documents += 1;
        for (number, text) in (0..).zip(split(&document.text)) {
            let id = format!("{}#{number}", document.id);
            outbox.add(Chunk { id, document: document.id.clone(), number, text: text.to_owned() }).await?;
        }
    }
    outbox.flush().await?;
    Ok(Response::from_json(&json!({ "documents": documents, "chunks": outbox.sent() }))?.with_status(202))
}

fn document(line: &str) -> Result<Document, String> {
    let document: Document = serde_json::from_str(line).map_err(|error| error.to_string())?;
    match document.id.len() {
        0 => Err("`id` is empty".to_owned()),
        length if length > MAX_ID_BYTES => Err(format!("`id` has {length} bytes; at most {MAX_ID_BYTES} are possible")),
        _ if document.text.trim().is_empty() => Err("`text` is empty".to_owned()),
        _ => Ok(document),
    }
}

fn explain(error: LineError<worker::Error>) -> String {
    match error {
        LineError::TooLong => "it is longer than 1 MiB".to_owned(),
        LineError::NotText => "it is not UTF-8".to_owned(),
        LineError::Body(error) => format!("the request broke off: {error}"),
    }
}
