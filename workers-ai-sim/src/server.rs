//! The server: its routes, who may call them, and what goes wrong on the way.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::post,
};
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use workers_ai_catalog::Capability;

use crate::{
    Fault, Recorded,
    answer::{self, Answer},
    envelope::{self, Refusal},
    events,
    known::Known,
    queue::Queue,
    request,
};

const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str = "local-token";
const LARGEST_BODY: usize = 32 << 20;

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Sim {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    account: String,
    token: String,
    script: Mutex<VecDeque<Fault>>,
    chance: Option<(f64, Fault)>,
    recorded: Mutex<Vec<Recorded>>,
    queue: Queue,
}

/// Sets up a [`Sim`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use workers_ai_sim::{Fault, Sim};
///
/// let sim = Sim::builder().token("secret").sometimes(0.1, Fault::code(3040)).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct Builder {
    address: SocketAddr,
    account: String,
    token: String,
    chance: Option<(f64, Fault)>,
}

impl Builder {
    /// Listens there. Without it, on a free port of this machine.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The account that there is.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// The token that is accepted.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Fails with that probability; always the same requests of a sequence.
    pub fn sometimes(mut self, probability: f64, fault: Fault) -> Self {
        self.chance = Some((probability, fault));
        self
    }

    /// Starts the server on the current runtime.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn start(self) -> io::Result<Sim> {
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            account: self.account,
            token: self.token,
            script: Mutex::default(),
            chance: self.chance,
            recorded: Mutex::default(),
            queue: Queue::default(),
        });
        let routes = Router::new()
            .route("/client/v4/accounts/{account}/ai/run/{*model}", post(run))
            .fallback(no_route)
            .layer(DefaultBodyLimit::max(LARGEST_BODY))
            .with_state(shared.clone());
        let serving = tokio::spawn(async move {
            // It ends with the task; there is nobody to tell.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Sim { address, shared, serving })
    }
}

impl Sim {
    /// Starts a server on a free port of this machine.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Sets up a server.
    pub fn builder() -> Builder {
        let (account, token) = (ACCOUNT.to_owned(), TOKEN.to_owned());
        Builder { address: SocketAddr::from(([127, 0, 0, 1], 0)), account, token, chance: None }
    }

    /// Where it is: the value for `WORKERS_AI_BASE_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The account that there is.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.shared.account
    }

    /// The token that is accepted.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Fails once, at the next request for which no earlier fault is left.
    pub fn fail_next(&self, fault: Fault) {
        self.shared.script.lock().unwrap_or_else(PoisonError::into_inner).push_back(fault);
    }

    /// Every request so far, refused ones included.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.recorded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn record(&self, method: Method, uri: Uri, headers: &HeaderMap, body: Bytes, response: &Response) {
        let headers = headers.clone();
        let record = Recorded { method, uri, headers, body, status: response.status().as_u16() };
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }

    fn authorize(&self, account: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if given.and_then(|given| given.strip_prefix("Bearer ")) != Some(self.token.as_str()) {
            return Err(Refusal::new(10000, "Authentication error"));
        }
        if account == self.account { Ok(()) } else { Err(Refusal::new(7003, "Could not route: no such account")) }
    }

    /// What goes wrong with a request: the header decides, then the script, then chance.
    fn fault(&self, headers: &HeaderMap) -> Fault {
        if let Some(asked) = headers.get("x-sim-fault").and_then(|value| value.to_str().ok()) {
            return Fault::parse(asked);
        }
        if let Some(next) = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return next;
        }
        let Some((probability, fault)) = &self.chance else { return Fault::default() };
        let count = self.recorded.lock().unwrap_or_else(PoisonError::into_inner).len();
        #[allow(clippy::cast_precision_loss, reason = "chance need not be exact")]
        let rolled = crate::embed::hash("chance", &count.to_string()) as f64 / u64::MAX as f64;
        if rolled < *probability { fault.clone() } else { Fault::default() }
    }
}

async fn no_route(method: Method, uri: Uri) -> Response {
    Refusal::new(7003, format!("Could not route to {method} {}", uri.path())).into_response()
}

async fn run(
    State(shared): State<Arc<Shared>>,
    Path((account, model)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let response = match shared.authorize(&account, &headers) {
        Err(refusal) => refusal.into_response(),
        Ok(()) => {
            let fault = shared.fault(&headers);
            if let Some(latency) = fault.latency {
                tokio::time::sleep(latency).await;
            }
            match early(&fault) {
                Some(response) => response,
                None => match respond(&shared, &model, &headers, query, body.clone(), &fault).await {
                    Ok(response) => response,
                    Err(refusal) => refusal.into_response(),
                },
            }
        }
    };
    shared.record(method, uri, &headers, body, &response);
    response
}

/// The answer of a fault that does not look at the request.
fn early(fault: &Fault) -> Option<Response> {
    let mut response = if let Some(code) = fault.code {
        Refusal::of_code(code).into_response()
    } else if let Some(status) = fault.status {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let page = format!("<html><head><title>{status}</title></head><body>not Workers AI</body></html>");
        (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
    } else if fault.garbage {
        ([(header::CONTENT_TYPE, "application/json")], "{\"result\": {\"respon").into_response()
    } else {
        return None;
    };
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Some(response)
}

async fn respond(
    shared: &Shared,
    model: &str,
    headers: &HeaderMap,
    query: Vec<(String, String)>,
    body: Bytes,
    fault: &Fault,
) -> Result<Response, Refusal> {
    let known = Known::find(model)?;
    if !known.can(Capability::Run) {
        return Err(Refusal::new(5006, format!("AiError: {model} is reached over a websocket only")));
    }
    if query.iter().any(|(name, value)| name == "queueRequest" && value == "true") {
        let ticket = shared.queue.answer(&known, &body)?;
        return Ok(dripping(envelope::ok(&ticket), fault).await);
    }
    let input = request::read(&known, headers, query, body).await?;
    let streamed = input.value.get("stream").and_then(Value::as_bool).unwrap_or_default();
    let answer = answer::make(&known, &input);
    let mut response = match answer {
        Answer::Said(said) if streamed && !fault.plain => event_stream(&events::of(&said, true), fault),
        answer => dripping(answer.into_response(), fault).await,
    };
    response.headers_mut().insert("cf-ai-req-id", HeaderValue::from_static("00000000-0000-4000-8000-000000000001"));
    Ok(response)
}

/// A stream of events, as whole and as fast as the fault lets it be.
fn event_stream(events: &[Value], fault: &Fault) -> Response {
    let mut pieces: Vec<String> = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    pieces.push("data: [DONE]\n\n".to_owned());
    if let Some(cut) = fault.cut {
        pieces.truncate(cut);
    }
    if let Some(code) = fault.late_code {
        pieces.truncate(1);
        pieces.push(format!("data: {}\n\n", Refusal::of_code(code).body()));
    }
    let body = body_of(pieces.into_iter().map(Bytes::from).collect(), fault);
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

/// The same answer, in as many pieces and as whole as the fault lets it be.
async fn dripping(response: Response, fault: &Fault) -> Response {
    if fault.drip.is_none() && !fault.reset {
        return response;
    }
    let (parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let size = whole.len().div_ceil(8).max(1);
    let pieces = whole.chunks(size).map(Bytes::copy_from_slice).collect();
    let mut parts = parts;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body_of(pieces, fault))
}

fn body_of(pieces: Vec<Bytes>, fault: &Fault) -> Body {
    let pause = fault.drip.unwrap_or(Duration::ZERO);
    let broken_after = fault.reset.then_some(pieces.len().min(2));
    let pieces = stream::unfold((pieces.into_iter(), 0_usize), move |(mut pieces, sent)| async move {
        if broken_after == Some(sent) {
            // What was sent before must have left.
            tokio::time::sleep(Duration::from_millis(10)).await;
            return Some((Err(io::Error::other("reset on demand")), (Vec::new().into_iter(), usize::MAX)));
        }
        let piece = pieces.next()?;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Some((Ok(piece), (pieces, sent.saturating_add(1))))
    });
    Body::from_stream(pieces)
}
