//! Lines of a body that is still arriving.

use futures_util::{Stream, StreamExt};

/// A longer line is refused: the body must not fill the memory.
const MAX_LINE_BYTES: usize = 1 << 20;

/// The lines of a stream of bytes, without their ends.
pub struct Lines<S> {
    chunks: S,
    buffer: Vec<u8>,
    /// The start of the next line in the buffer, and the bytes that have been searched for its end.
    start: usize,
    searched: usize,
    is_over: bool,
}

/// Why a line cannot be read.
#[derive(Debug)]
pub enum LineError<E> {
    /// It is longer than 1 MiB.
    TooLong,
    /// It is not UTF-8.
    NotText,
    /// The body broke off.
    Body(E),
}

impl<S: Stream<Item = Result<Vec<u8>, E>> + Unpin, E> Lines<S> {
    pub fn new(chunks: S) -> Self {
        Self { chunks, buffer: Vec::new(), start: 0, searched: 0, is_over: false }
    }

    /// Returns the next line.
    pub async fn next(&mut self) -> Option<Result<String, LineError<E>>> {
        loop {
            let end = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n');
            if let Some(end) = end.map(|end| self.searched + end) {
                let line = text(&self.buffer[self.start..end]);
                self.start = end + 1;
                self.searched = self.start;
                return Some(line);
            }
            // What has been returned is dropped once for each chunk, not for each line.
            self.buffer.drain(..self.start);
            self.start = 0;
            self.searched = self.buffer.len();
            if self.is_over {
                self.searched = 0;
                let last = std::mem::take(&mut self.buffer);
                return (!last.is_empty()).then(|| text(&last));
            }
            if self.buffer.len() > MAX_LINE_BYTES {
                return self.fail(LineError::TooLong);
            }
            match self.chunks.next().await {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(error)) => return self.fail(LineError::Body(error)),
                None => self.is_over = true,
            }
        }
    }

    /// Ends the lines with an error.
    fn fail(&mut self, error: LineError<E>) -> Option<Result<String, LineError<E>>> {
        self.is_over = true;
        self.searched = 0;
        self.buffer.clear();
        Some(Err(error))
    }
}

fn text<E>(line: &[u8]) -> Result<String, LineError<E>> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8(line.to_vec()).map_err(|_| LineError::NotText)
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt, stream};

    use super::Lines;

    #[test]
    fn lines_are_the_same_wherever_the_chunks_end() {
        let body = "{\"a\":1}\r\n\n{\"é\":2}\nlast";
        for size in 1..body.len() {
            let chunks: Vec<_> = body.as_bytes().chunks(size).map(|chunk| Ok::<_, ()>(chunk.to_vec())).collect();
            let lines = stream::unfold(Lines::new(stream::iter(chunks)), |mut lines| async move {
                lines.next().await.map(|line| (line.expect("a line"), lines))
            });
            let lines: Vec<String> = lines.collect().now_or_never().expect("ready");
            assert_eq!(lines, ["{\"a\":1}", "", "{\"é\":2}", "last"], "chunks of {size}");
        }
    }
}
