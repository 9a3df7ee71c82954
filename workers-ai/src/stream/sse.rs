//! Server-sent events: from bytes, cut anywhere, to the data of each event.

/// More than any event of the service.
const MOST_BYTES: usize = 16 << 20;

/// Cuts a stream of bytes into the data of its events. It does no I/O: bytes go in with [`push`](Frames::push),
/// events come out of [`next`](Frames::next).
#[derive(Debug, Default)]
pub(crate) struct Frames {
    buffer: Vec<u8>,
    /// Where the next line begins in `buffer`.
    line: usize,
    /// Up to where `buffer` was searched for the end of that line.
    searched: usize,
    /// The data of the event that is not finished yet.
    data: Vec<u8>,
    has_data: bool,
    /// The last line ended with CR: an LF that follows belongs to it.
    after_cr: bool,
    started: bool,
}

/// A frame is larger than [`MOST_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// What ended a piece of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The data of an event, lines joined.
    Data(Vec<u8>),
    /// `[DONE]`, with or without the name of a field before it.
    Done,
}

impl Frames {
    /// Takes more of the stream.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        if self.line > 0 {
            self.buffer.drain(..self.line);
            self.searched -= self.line;
            self.line = 0;
        }
        if self.buffer.len() + self.data.len() + bytes.len() > MOST_BYTES {
            return Err(TooLarge);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// The next event, as far as the bytes reach.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        loop {
            let (start, end) = self.next_line()?;
            if let Some(frame) = self.take_line(start, end) {
                return Some(frame);
            }
        }
    }

    /// The event that the end of the stream left unfinished: some servers end without an empty line.
    pub(crate) fn rest(&mut self) -> Option<Frame> {
        let (start, end) = (self.line, self.buffer.len());
        if start < end {
            self.line = end;
            self.searched = end;
            if let Some(frame) = self.take_line(start, end) {
                return Some(frame);
            }
        }
        self.take_data()
    }

    fn next_line(&mut self) -> Option<(usize, usize)> {
        if self.after_cr && self.line < self.buffer.len() {
            self.after_cr = false;
            if self.buffer[self.line] == b'\n' {
                self.line += 1;
                self.searched = self.searched.max(self.line);
            }
        }
        let Some(length) = memchr::memchr2(b'\n', b'\r', &self.buffer[self.searched..]) else {
            self.searched = self.buffer.len();
            return None;
        };
        let (start, end) = (self.line, self.searched + length);
        self.after_cr = self.buffer[end] == b'\r';
        self.line = end + 1;
        self.searched = self.line;
        Some((start, end))
    }

    fn take_line(&mut self, start: usize, end: usize) -> Option<Frame> {
        let mut line = &self.buffer[start..end];
        if !self.started {
            self.started = true;
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            return self.take_data();
        }
        if line.trim_ascii() == b"[DONE]" {
            return Some(Frame::Done);
        }
        // Comments begin with a colon; `event`, `id` and `retry` say nothing here that the data does not say.
        let value = line.strip_prefix(b"data")?;
        let value = match value {
            [] => value,
            [b':', b' ', value @ ..] | [b':', value @ ..] => value,
            _ => return None,
        };
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        self.data.extend_from_slice(value);
        None
    }

    fn take_data(&mut self) -> Option<Frame> {
        if !self.has_data {
            return None;
        }
        self.has_data = false;
        let data = std::mem::take(&mut self.data);
        Some(if data.trim_ascii() == b"[DONE]" { Frame::Done } else { Frame::Data(data) })
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Frames};

    fn frames(pieces: &[&[u8]]) -> Vec<String> {
        let mut frames = Frames::default();
        let mut found = Vec::new();
        for piece in pieces {
            frames.push(piece).expect("small");
            found.extend(std::iter::from_fn(|| frames.next()));
        }
        found.extend(frames.rest());
        let text = |frame| match frame {
            Frame::Data(data) => String::from_utf8_lossy(&data).into_owned(),
            Frame::Done => "done".to_owned(),
        };
        found.into_iter().map(text).collect()
    }

    #[test]
    fn every_cut_gives_the_same_events() {
        let transcript = "\u{feff}: hello\r\ndata: {\"a\":\"ü\"}\r\n\r\nevent: x\nid: 7\ndata:1\ndata: 2\n\nretry: 5\n\ndata\n\ndata: last\r\rdata: [DONE]\n\n";
        let whole = frames(&[transcript.as_bytes()]);
        assert_eq!(whole, ["{\"a\":\"ü\"}", "1\n2", "", "last", "done"]);
        for cut in 0..transcript.len() {
            let (head, tail) = transcript.as_bytes().split_at(cut);
            assert_eq!(frames(&[head, tail]), whole, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = transcript.as_bytes().chunks(1).collect();
        assert_eq!(frames(&bytes), whole);
    }

    #[test]
    fn done_needs_neither_a_field_nor_an_empty_line() {
        assert_eq!(frames(&[b"data: 1\n\n[DONE]\n"]), ["1", "done"]);
        assert_eq!(frames(&[b"data: 1\n\ndata:[DONE]"]), ["1", "done"]);
        assert_eq!(frames(&[b"data: 1\n\n[DONE]"]), ["1", "done"]);
        assert_eq!(frames(&[b"data: 1"]), ["1"]);
        assert_eq!(frames(&[b""]), [""; 0]);
    }
}
