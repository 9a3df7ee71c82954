//! Takes documents, and queues their pieces.

use serde::Deserialize;
use serde_json::json;
use worker::{BatchMessageBuilder, Env, Queue, Request, Response};

use crate::{
    Chunk,
    failure::Failure,
    lines::{LineError, Lines},
    split::split,
};

/// A vector's ID has at most 64 bytes; a piece's number needs some of them.
const MAX_ID_BYTES: usize = 56;
/// What a queue takes at once, with room for the names of the members.
const MAX_MESSAGES: usize = 100;
const MAX_BYTES: usize = 128 << 10;

/// A line of the request.
#[derive(Deserialize)]
struct Document {
    id: String,
    text: String,
}

/// Queues the documents of a request: one JSON object in a line, any number of lines. They are read as they arrive.
pub async fn index(mut request: Request, env: &Env) -> Result<Response, Failure> {
    let mut outbox = Outbox { queue: env.queue("CHUNKS")?, waiting: Vec::new(), bytes: 0, sent: 0 };
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
                let sent = outbox.sent;
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
    Ok(Response::from_json(&json!({ "documents": documents, "chunks": outbox.sent }))?.with_status(202))
}

fn document(line: &str) -> Result<Document, String> {
    let document: Document = serde_json::from_str(line).map_err(|error| error.to_string())?;
    match document.id.len() {
        0 => Err("`id` is empty".to_owned()),
        length if length > MAX_ID_BYTES => Err(format!("`id` has {length} bytes; at most {MAX_ID_BYTES} are possible")),
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

/// Pieces on their way to the queue.
struct Outbox {
    queue: Queue,
    waiting: Vec<Chunk>,
    bytes: usize,
    sent: usize,
}

impl Outbox {
    async fn add(&mut self, chunk: Chunk) -> worker::Result<()> {
        let bytes = chunk.text.len() + chunk.document.len() + chunk.id.len();
        if self.waiting.len() == MAX_MESSAGES || self.bytes + bytes > MAX_BYTES {
            self.flush().await?;
        }
        self.bytes += bytes;
        self.waiting.push(chunk);
        Ok(())
    }

    async fn flush(&mut self) -> worker::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let chunks = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let count = chunks.len();
        self.queue.send_batch(BatchMessageBuilder::new().messages(chunks).build()).await?;
        self.sent += count;
        Ok(())
    }
}
