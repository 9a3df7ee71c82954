//! How the server treats a request.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::Write as _,
    time::Duration,
};

/// How a request is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// A complete response.
    Answer,
    /// The connection closes before anything is read.
    Reset,
    /// The connection closes after the request was read.
    HangUp,
    /// Half of a response.
    Half,
    /// An invalid chunk size.
    BadChunk,
    /// Invalid compressed data.
    BadGzip,
    /// A small body that is a large one once it is decompressed.
    Bomb,
    /// JSON that is nested a hundred thousand times.
    Deep,
    /// A megabyte of headers.
    LargeHead,
    /// An unusual status.
    Odd(u16),
    /// A refusal that passes: no capacity.
    Busy,
    /// A refusal that does not pass.
    Refusal,
    /// A response that comes after the client's deadline.
    Late,
    /// A stream of comments without an event, or a body that does not end.
    Drip,
    /// A response begins and then nothing comes.
    Silent,
}

/// The share of each, in a thousand. The rest are complete responses.
const SHARES: [(Treatment, u64); 20] = [
    (Treatment::Reset, 60),
    (Treatment::HangUp, 60),
    (Treatment::Half, 60),
    (Treatment::Busy, 60),
    (Treatment::Refusal, 30),
    (Treatment::BadChunk, 20),
    (Treatment::BadGzip, 20),
    (Treatment::Bomb, 5),
    (Treatment::Deep, 10),
    (Treatment::LargeHead, 3),
    (Treatment::Odd(201), 5),
    (Treatment::Odd(204), 5),
    (Treatment::Odd(299), 5),
    (Treatment::Odd(302), 5),
    (Treatment::Odd(418), 5),
    (Treatment::Odd(520), 5),
    (Treatment::Odd(999), 5),
    (Treatment::Late, 4),
    (Treatment::Drip, 4),
    (Treatment::Silent, 4),
];

impl Treatment {
    /// Returns the treatment of something that the parts of a key name.
    pub(super) fn of(key: impl Hash) -> Self {
        let mut left = pick(key, 1000);
        for (treatment, share) in SHARES {
            if left < share {
                return treatment;
            }
            left -= share;
        }
        Self::Answer
    }

    /// Returns whether the model ran: the service bills the call.
    pub(super) fn computes(self) -> bool {
        match self {
            Self::Reset | Self::Busy | Self::Refusal => false,
            Self::Odd(status) => (200..300).contains(&status),
            _ => true,
        }
    }

    /// Returns the bytes to send, each with a pause before it.
    pub(super) fn pieces(self, stream: bool) -> Vec<(Duration, Vec<u8>)> {
        let now = |bytes: Vec<u8>| vec![(Duration::ZERO, bytes)];
        let answer = if stream {
            http(200, "text/event-stream", "", &events())
        } else {
            http(200, "application/json", "", ANSWER.as_bytes())
        };
        match self {
            Self::Answer => now(answer),
            Self::Reset | Self::HangUp => Vec::new(),
            Self::Half => now(answer[..answer.len() - answer.len() / 3].to_vec()),
            Self::BadChunk => now(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{".to_vec()),
            Self::BadGzip => now(http(200, "application/json", "content-encoding: gzip\r\n", b"no gzip")),
            Self::Bomb => now(http(200, "application/json", "content-encoding: gzip\r\n", &bomb())),
            Self::Deep => now(http(200, "application/json", "", "[".repeat(100_000).as_bytes())),
            Self::LargeHead => {
                let headers = format!("x-more: {}\r\n", "x".repeat(8_000)).repeat(128);
                now(http(200, "application/json", &headers, ANSWER.as_bytes()))
            }
            Self::Odd(204) => now(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
            Self::Odd(status) => now(http(status, "text/html", "", b"<title>odd</title>")),
            Self::Busy => now(http(429, "application/json", "", BUSY.as_bytes())),
            Self::Refusal => now(http(400, "application/json", "", REFUSAL.as_bytes())),
            Self::Late => vec![(super::TIMEOUT + Duration::from_secs(1), answer)],
            Self::Drip => {
                let (head, piece) = if stream {
                    ("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n", &b": ping\n\n"[..])
                } else {
                    ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", &b"          "[..])
                };
                let pause = Duration::from_millis(20);
                let pieces = std::iter::repeat_n((pause, piece.to_vec()), 500);
                now(head.as_bytes().to_vec()).into_iter().chain(pieces).collect()
            }
            Self::Silent => {
                let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 99\r\n\r\n";
                vec![(Duration::ZERO, head.to_vec()), (Duration::from_secs(10), Vec::new())]
            }
        }
    }
}

const ANSWER: &str = r#"{"result":{"response":"hello","usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}},"success":true,"errors":[],"messages":[]}"#;
const BUSY: &str =
    r#"{"result":null,"success":false,"errors":[{"code":3040,"message":"Capacity temporarily exceeded"}]}"#;
const REFUSAL: &str = r#"{"result":null,"success":false,"errors":[{"code":5006,"message":"bad input"}]}"#;

fn events() -> Vec<u8> {
    let word = |word: &str| format!("data: {{\"response\":\"{word}\"}}\n\n");
    (word("hel") + &word("lo") + "data: [DONE]\n\n").into_bytes()
}

fn http(status: u16, content_type: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\n{headers}content-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A few kilobytes that decompress to 16 MB.
fn bomb() -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing to memory does not fail.
    let _ = gzip.write_all(&vec![b' '; 16 << 20]);
    gzip.finish().unwrap_or_default()
}

/// Returns a number below a bound that depends on a key only.
pub(super) fn pick(key: impl Hash, below: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish() % below
}
