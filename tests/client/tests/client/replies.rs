//! Real responses of the service and of gateways, as files.
//!
//! A file starts with its source and the right behaviour, then `HTTP status`, headers, an empty line and the body; `=====` separates
//! responses to calls that follow each other.

use std::{fs, path::Path};

use http::StatusCode;
use workers_ai::transport::MockTransport;

/// A response.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Returns the names of all files.
pub fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

/// Returns the responses in a file.
pub fn read(name: &str) -> Vec<Reply> {
    let bytes = fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let start = bytes.iter().position(|byte| *byte == b'\n').expect("a first line") + 1;
    let mut replies = Vec::new();
    let mut rest = &bytes[start..];
    loop {
        let end = find(rest, b"\n=====\n");
        replies.push(one(&rest[..end.unwrap_or(rest.len())]));
        match end {
            Some(end) => rest = &rest[end + 7..],
            None => return replies,
        }
    }
}

/// Returns a transport that gives the responses in a file.
pub fn transport(name: &str) -> MockTransport {
    read(name).into_iter().fold(MockTransport::new(), |transport, reply| {
        let transport = transport.response(reply.status, reply.content_type, [reply.body]);
        reply.headers.iter().fold(transport, |transport, (name, value)| transport.with_header(name, value))
    })
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/replies"))
}

fn one(bytes: &[u8]) -> Reply {
    let end = find(bytes, b"\n\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("text");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP ")?.parse().ok()).expect("a status");
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        headers.push((name.to_owned(), value.to_owned()));
    }
    let known = ["application/json", "text/event-stream", "text/plain", "text/html", "image/png"];
    let of = headers.iter().position(|(name, _)| name == "content-type").map(|at| headers.remove(at).1);
    let content_type = known.into_iter().find(|known| of.as_deref() == Some(known)).expect("a known content type");
    Reply { status, content_type, headers, body: bytes[end + 2..].trim_ascii_end().to_vec() }
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
