//! What the tests of the refresh share: a workspace of their own, small feeds, and servers that misbehave on demand.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use axum::{
    body::Body,
    extract::Request,
    http::{Response, StatusCode},
};
use cargo_workers_ai::{
    corrections,
    error::Result,
    only::Only,
    refresh::{self, Done, Mode, Plan, Reader, Source, Target},
    source::{fetch::Behaviour, secret::Secret},
};
use serde_json::{Value, json};

/// A workspace with an empty catalog.
pub struct Workspace {
    pub folder: tempfile::TempDir,
}

impl Workspace {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in ["catalog/models", "catalog/corrections", "workers-ai-types/src"] {
            fs::create_dir_all(folder.path().join(path)).expect("a folder");
        }
        Self { folder }
    }

    /// A workspace whose catalog is that of a feed.
    pub fn with(feed: &Value) -> Self {
        let workspace = Self::new();
        workspace.refresh_from(feed);
        workspace
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn plan(&self, from: Source) -> Plan {
        let rules = corrections::read(&self.root().join("catalog/corrections")).expect("corrections").rules;
        let folder = self.root().join("catalog/models");
        Plan {
            target: Target { folder, reader: Reader::Crate, rules: Some(rules) },
            from,
            only: Only::default(),
            base: None,
            account: Some(("account1".to_owned(), Secret::new("the-token"))),
            behaviour: Behaviour {
                retries: 3,
                pause: Duration::from_millis(5),
                max_size: 100_000,
                ..Behaviour::default()
            },
            mode: Mode::Write,
            force: false,
            whole: false,
        }
    }

    /// Writes a file beside the catalog.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }

    pub fn refresh_from(&self, feed: &Value) -> Done {
        let path = self.file("feed.json", &feed.to_string());
        refresh::run(&self.plan(Source::Path(path))).expect("a refresh")
    }

    pub fn refresh(&self, server: &Server, from: Source) -> Result<Done> {
        refresh::run(&Plan { base: Some(server.base.clone()), ..self.plan(from) })
    }

    /// The text of every file of the snapshot.
    pub fn files(&self) -> BTreeMap<String, String> {
        files(&self.root().join("catalog/models"))
    }

    pub fn model(&self, path: &str) -> Value {
        let text = fs::read_to_string(self.root().join("catalog/models").join(path)).expect("the model's file");
        serde_json::from_str(&text).expect("JSON")
    }
}

/// The text of every file below a folder.
pub fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        for entry in fs::read_dir(&path).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("a path below").to_string_lossy().into_owned();
                found.insert(name, fs::read_to_string(path).expect("text"));
            }
        }
    }
    found
}

/// A model as the docs feed has it, which takes a prompt and answers with text.
pub fn model(id: &str) -> Value {
    json!({
        "id": "00000000-0000-0000-0000-000000000000", "source": 1, "name": id, "description": "Words of praise.",
        "created_at": "2025-01-02 03:04:05.678", "tags": [],
        "task": {"id": "1", "name": "Text Generation", "description": "Words of explanation."},
        "properties": [
            {"property_id": "context_window", "value": "8192"},
            {"property_id": "price", "value": [{"unit": "per M input tokens", "price": 2.51e-06, "currency": "USD"}]},
            {"property_id": "info", "value": "https://example.com"},
        ],
        "schema": schema(),
    })
}

pub fn schema() -> Value {
    json!({
        "input": {"type": "object", "required": ["prompt"], "description": "Words.", "properties": {
            "prompt": {"type": "string", "minLength": 1, "description": "What to say."},
            "top_k": {"type": "integer", "minimum": 1, "maximum": 50},
        }},
        "output": {"type": "object", "properties": {"response": {"type": "string"}}},
    })
}

pub fn feed(models: &[Value]) -> Value {
    json!({"models": models})
}

/// One page of an account's list.
pub fn page(models: &[Value], total: Option<usize>) -> Value {
    let mut page = json!({"success": true, "errors": [], "messages": [], "result": models});
    if let Some(total) = total {
        page["result_info"] = json!({"count": models.len(), "total_count": total});
    }
    page
}

pub fn result(value: &Value) -> Value {
    json!({"success": true, "errors": [], "messages": [], "result": value})
}

/// What a server is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The path as it was sent, still encoded.
    pub path: String,
    pub query: HashMap<String, String>,
    pub authorization: Option<String>,
    /// How many times this address was asked for before.
    pub before: usize,
}

/// What a server answers.
pub struct Answer(Response<Body>);

impl Answer {
    pub fn json(value: &Value) -> Self {
        Self::text(200, "application/json", value.to_string())
    }

    pub fn text(status: u16, kind: &str, text: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).expect("a status");
        let built = Response::builder().status(status).header("content-type", kind).body(Body::from(text.into()));
        Self(built.expect("a response"))
    }

    pub fn status(status: u16) -> Self {
        Self::text(status, "text/plain", "no")
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.headers_mut().insert(name, value.parse().expect("a header"));
        self
    }
}

/// A server that answers as it is told to.
pub struct Server {
    pub base: String,
    pub asked: Arc<Mutex<Vec<Asked>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("tokio");
        let asked = Arc::new(Mutex::new(Vec::<Asked>::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&asked));
        let handler = move |request: Request| {
            let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
            async move {
                let uri = request.uri();
                let query = uri.query().unwrap_or_default().split('&').filter_map(|pair| {
                    let (name, value) = pair.split_once('=')?;
                    Some((name.to_owned(), value.replace("%40", "@").replace("%2F", "/")))
                });
                let authorization = request.headers().get("authorization");
                let mut asked = Asked {
                    path: uri.path().to_owned(),
                    query: query.collect(),
                    authorization: authorization.and_then(|value| value.to_str().ok()).map(str::to_owned),
                    before: 0,
                };
                let mut log = log.lock().expect("no panic before");
                asked.before = log.iter().filter(|old| old.path == asked.path && old.query == asked.query).count();
                log.push(asked.clone());
                drop(log);
                answer(&asked).0
            }
        };
        let app = axum::Router::new().fallback(handler);
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { base, asked, _runtime: runtime }
    }

    /// A server that gives one answer to everything.
    pub fn always(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Self {
        Self::start(move |_| answer())
    }

    pub fn count(&self) -> usize {
        self.asked.lock().expect("no panic before").len()
    }
}

/// How a raw server treats a connection.
#[derive(Debug, Clone)]
pub enum Raw {
    /// Hangs up without reading, which the other side sees as a reset.
    Reset,
    /// Sends these bytes and hangs up.
    Bytes(Vec<u8>),
    /// Sends a byte from time to time, without end.
    Drip,
}

/// A server below HTTP, for answers that no well-behaved one gives. The last treatment is repeated.
pub fn raw(treatments: Vec<Raw>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for (index, stream) in listener.incoming().enumerate() {
            let Ok(mut stream) = stream else { return };
            let treatment = treatments.get(index).or(treatments.last());
            match treatment {
                Some(Raw::Bytes(bytes)) => {
                    let _ = stream.read(&mut [0; 4096]);
                    let _ = stream.write_all(bytes);
                }
                Some(Raw::Drip) => {
                    let _ = stream.read(&mut [0; 4096]);
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 90000\r\n\r\n");
                    while stream.write_all(b" ").is_ok() {
                        thread::sleep(Duration::from_millis(20));
                    }
                }
                // Bytes left unread when a socket closes make the kernel send a reset.
                Some(Raw::Reset) | None => thread::sleep(Duration::from_millis(20)),
            }
        }
    });
    base
}

/// An HTTP answer of that declared length.
pub fn http(length: usize, body: &str) -> Raw {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    Raw::Bytes(format!("{head}{body}").into_bytes())
}
