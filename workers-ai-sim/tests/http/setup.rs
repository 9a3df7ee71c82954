//! A minimal client: HTTP/1.0, one request per connection.

use std::collections::HashMap;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use workers_ai_sim::Sim;

pub const LLAMA: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";

pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Returns the code of the first error.
    pub fn code(&self) -> u64 {
        self.json()["errors"][0]["code"].as_u64().unwrap_or_else(|| panic!("no code: {}", self.text()))
    }
}

/// Sends a request with the given headers only.
pub async fn bare(sim: &Sim, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let address = sim.url().replace("http://", "");
    let mut connection = TcpStream::connect(&address).await.expect("a server");
    let given: String = headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.0\r\nhost: {address}\r\ncontent-length: {length}\r\n{given}\r\n");
    let mut sent = head.into_bytes();
    sent.extend_from_slice(body);
    // A server that refuses a large body does not read all of it.
    let _ = connection.write_all(&sent).await;
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Answer { status, headers: lines.filter_map(pair).collect(), body: answer[end + 4..].to_vec() }
}

/// Sends JSON with the API token.
pub async fn post(sim: &Sim, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let token = format!("Bearer {}", sim.token());
    let mut all = vec![("authorization", token.as_str()), ("content-type", "application/json")];
    all.extend_from_slice(headers);
    bare(sim, "POST", path, &all, body.to_string().as_bytes()).await
}

/// Returns a path of the API.
pub fn api(sim: &Sim, rest: &str) -> String {
    format!("/client/v4/accounts/{}{rest}", sim.account())
}

/// Returns a path of the gateway `shop` on the gateway's host.
pub fn shop(sim: &Sim, rest: &str) -> String {
    format!("/v1/{}/shop{rest}", sim.account())
}
