//! Lines of a body that is still arriving.

use futures_util::{Stream, StreamExt};

/// A longer line is refused: the body must not fill the memory.
const MAX_LINE_BYTES: usize = 1 << 20;

/// The lines of a stream of bytes, without their ends.
pub struct Lines<S> {
    chunks: S,
    buffer: Vec<u8>,
    /// The bytes that have been searched for the end of a line.
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
        Self { chunks, buffer: Vec::new(), searched: 0, is_over: false }
    }

    /// Returns the next line.
    pub async fn next(&mut self) -> Option<Result<String, LineError<E>>> {
        loop {
            let end = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n');
            if let Some(end) = end.map(|end| self.searched + end) {
                let rest = self.buffer.split_off(end + 1);
                let mut line = std::mem::replace(&mut self.buffer, rest);
                line.pop();
                self.searched = 0;
                return Some(text(line));
            }
            self.searched = self.buffer.len();
            if self.is_over {
                self.searched = 0;
                let last = std::mem::take(&mut self.buffer);
                return (!last.is_empty()).then(|| text(last));
            }
            if self.buffer.len() > MAX_LINE_BYTES {
                self.is_over = true;
                self.buffer.clear();
                return Some(Err(LineError::TooLong));
            }
            match self.chunks.next().await {
                Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                Some(Err(error)) => {
                    self.is_over = true;
                    self.buffer.clear();
                    return Some(Err(LineError::Body(error)));
                }
                None => self.is_over = true,
            }
        }
    }
}

fn text<E>(mut line: Vec<u8>) -> Result<String, LineError<E>> {
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    String::from_utf8(line).map_err(|_| LineError::NotText)
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
