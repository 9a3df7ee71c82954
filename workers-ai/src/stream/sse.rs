//! Server-sent events: splits bytes, cut anywhere, into the data of each event.

/// More than any event of the service.
const MAX_BYTES: usize = 16 << 20;

/// Splits a stream of bytes into the data of its events, without I/O: bytes go in with [`push`](Frames::push), events come out of
/// [`next`](Frames::next).
#[derive(Debug, Default)]
pub(crate) struct Frames {
    buffer: Vec<u8>,
    /// The position in `buffer` at which the next line begins.
    line: usize,
    /// The position in `buffer` up to which the end of that line has been searched.
    searched: usize,
    /// The data of the unfinished event.
    data: Option<Vec<u8>>,
    /// The name of the unfinished event, usually none.
    name: Vec<u8>,
    /// There was a line that does not occur in event streams.
    is_odd: bool,
    /// The last line ended with CR: an LF that follows belongs to it.
    after_cr: bool,
    started: bool,
}

/// An event, or the end of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    /// The data of an event, with its lines joined.
    Data(Vec<u8>),
    /// The data of an event named `error`.
    Error(Vec<u8>),
    /// `[DONE]`, with or without a field name before it.
    Done,
    /// An event is larger than [`MAX_BYTES`].
    TooLarge,
}

impl Frames {
    /// Takes more of the stream.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.line > 0 {
            self.buffer.drain(..self.line);
            self.searched -= self.line;
            self.line = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns `true` if there was a line that does not occur in event streams: the response is something else.
    pub(crate) fn is_odd(&self) -> bool {
        self.is_odd
    }

    /// Returns the next event, if its bytes have arrived.
    pub(crate) fn next(&mut self) -> Option<Frame> {
        loop {
            let Some((start, end)) = self.next_line() else {
                return self.is_too_large(self.buffer.len() - self.line).then(|| self.give_up());
            };
            if let Some(frame) = self.take_line(start, end) {
                return Some(frame);
            }
        }
    }

    /// Returns the event that the end of the stream left unfinished: some servers end without an empty line.
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

    /// Returns `true` if the unfinished event is too large with this many more bytes.
    fn is_too_large(&self, more: usize) -> bool {
        self.data.as_ref().map_or(0, Vec::len) + more > MAX_BYTES
    }

    /// Discards everything: what follows an event that is too large is not searched.
    fn give_up(&mut self) -> Frame {
        *self = Self::default();
        Frame::TooLarge
    }

    fn take_line(&mut self, start: usize, end: usize) -> Option<Frame> {
        if self.is_too_large(end - start) {
            return Some(self.give_up());
        }
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
        // Comments begin with a colon. `id` and `retry` are not needed.
        let (name, value) = match memchr::memchr(b':', line) {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {}
            b"event" => {
                self.name = value.trim_ascii().to_owned();
                return None;
            }
            _ => {
                self.is_odd |= !is_field(name);
                return None;
            }
        }
        match &mut self.data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            None => self.data = Some(value.to_owned()),
        }
        None
    }

    fn take_data(&mut self) -> Option<Frame> {
        let name = std::mem::take(&mut self.name);
        let data = self.data.take()?;
        Some(match data.trim_ascii() {
            b"[DONE]" => Frame::Done,
            _ if name == b"error" => Frame::Error(data),
            _ => Frame::Data(data),
        })
    }
}

/// Returns `true` for the name of a field, or what the end of the stream left of one. A comment has none.
fn is_field(name: &[u8]) -> bool {
    [&b"data"[..], b"event", b"id", b"retry"].iter().any(|field| field.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::{Frame, Frames};

    fn frames(pieces: &[&[u8]]) -> Vec<String> {
        let mut frames = Frames::default();
        let mut found = Vec::new();
        for piece in pieces {
            frames.push(piece);
            found.extend(std::iter::from_fn(|| frames.next()));
        }
        found.extend(frames.rest());
        let text = |frame| match frame {
            Frame::Data(data) => String::from_utf8_lossy(&data).into_owned(),
            Frame::Error(data) => format!("error {}", String::from_utf8_lossy(&data)),
            Frame::Done => "done".to_owned(),
            Frame::TooLarge => "too large".to_owned(),
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
    fn an_event_may_be_named_an_error() {
        assert_eq!(frames(&[b"event: error\ndata: 1\n\ndata: 2\n\nevent:error\n\ndata: 3\n\n"]), ["error 1", "2", "3"]);
        assert_eq!(frames(&[b"data: 1\nevent: error\n\nevent: other\ndata: 2\n\n"]), ["error 1", "2"]);
    }

    #[test]
    fn what_is_no_event_stream_is_told() {
        let odd = |bytes: &[u8]| {
            let mut frames = Frames::default();
            frames.push(bytes);
            while frames.next().is_some() {}
            frames.rest();
            frames.is_odd()
        };
        assert!(odd(b"<html>") && odd(b"busy\n\n"));
        assert!(!odd(b": ping\n\nid: 4\nretry: 5\nevent: x\ndata\n\n") && !odd(b"dat") && !odd(b""));
    }

    #[test]
    fn one_frame_is_counted_not_one_push() {
        let small = format!("data: {}\n\n", "x".repeat(1 << 20));
        assert_eq!(frames(&[small.repeat(20).as_bytes()]).len(), 20);
        let large = "x".repeat(17 << 20);
        for end in ["", "\n\n"] {
            let large = format!("data: {large}{end}");
            assert_eq!(frames(&[large.as_bytes()]).first().map(String::as_str), Some("too large"));
        }
        let lines = format!("data: {}\n", "x".repeat(1 << 20)).repeat(17);
        assert_eq!(frames(&[lines.as_bytes()]).first().map(String::as_str), Some("too large"));
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
