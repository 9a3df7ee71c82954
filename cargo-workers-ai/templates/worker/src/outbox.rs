//! Pieces on their way to a queue.

use worker::{BatchMessageBuilder, Queue, Result};

use crate::Chunk;

/// A queue takes 100 messages and 256 KB in one call; some room is left for its own additions.
const MAX_MESSAGES: usize = 100;
const MAX_BYTES: usize = 200_000;

pub struct Outbox {
    queue: Queue,
    waiting: Vec<Chunk>,
    bytes: usize,
    sent: usize,
}

impl Outbox {
    pub fn new(queue: Queue) -> Self {
        Self { queue, waiting: Vec::new(), bytes: 0, sent: 0 }
    }

    /// Returns the number of pieces in the queue.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// Adds a piece. It is sent at once if the queue takes no more in one call.
    pub async fn add(&mut self, chunk: Chunk) -> Result<()> {
        let bytes = serde_json::to_string(&chunk)?.len();
        if self.waiting.len() == MAX_MESSAGES || self.bytes + bytes > MAX_BYTES {
            self.flush().await?;
        }
        self.bytes += bytes;
        self.waiting.push(chunk);
        Ok(())
    }

    /// Sends what waits.
    pub async fn flush(&mut self) -> Result<()> {
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
