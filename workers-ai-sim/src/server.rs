//! The server: its routes, who may call them, and what goes wrong on the way.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{HeaderMap, header};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Fault, Recorded, envelope::Refusal, gateway::Gateways, queue::Queue, routes};

const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str = "local-token";

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Sim {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

/// What every request sees.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) account: String,
    token: String,
    pub(crate) gateway_token: Option<String>,
    script: Mutex<VecDeque<Fault>>,
    chance: Option<(f64, Fault)>,
    rolled: AtomicU64,
    recorded: Mutex<Vec<Recorded>>,
    pub(crate) queue: Queue,
    pub(crate) gateways: Gateways,
    pub(crate) finetunes: Mutex<Vec<Value>>,
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
    gateway_token: Option<String>,
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

    /// Makes every gateway an authenticated one, with that token.
    pub fn gateway_token(mut self, token: impl Into<String>) -> Self {
        self.gateway_token = Some(token.into());
        self
    }

    /// Fails with that probability; always the same requests of a sequence. Behind a gateway every attempt counts.
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
            rolled: AtomicU64::default(),
            recorded: Mutex::default(),
            queue: Queue::default(),
            gateways: Gateways::default(),
            finetunes: Mutex::default(),
            gateway_token: self.gateway_token,
        });
        let routes = routes::all(shared.clone());
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
        Builder { address: SocketAddr::from(([127, 0, 0, 1], 0)), account, token, gateway_token: None, chance: None }
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

    /// Fails once, at the next request for which no earlier fault is left. Behind a gateway: at the next attempt of the gateway.
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
    /// Records a request as it comes; its place, for when it is answered.
    pub(crate) fn record(&self, record: Recorded) -> usize {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.push(record);
        recorded.len() - 1
    }

    pub(crate) fn answered(&self, place: usize, status: u16) {
        if let Some(record) = self.recorded.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place) {
            record.status = status;
        }
    }

    /// Whether the token is right.
    pub(crate) fn authorize(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        match given.and_then(|given| given.strip_prefix("Bearer ")) {
            Some(token) if token == self.token => Ok(()),
            _ => Err(Refusal::new(10000, "Authentication error")),
        }
    }

    /// Whether there is such an account.
    pub(crate) fn has_account(&self, account: Option<&str>) -> Result<(), Refusal> {
        match account {
            Some(account) if account == self.account => Ok(()),
            _ => Err(Refusal::new(7003, "Could not route: no such account")),
        }
    }

    /// What goes wrong with an attempt: the header decides, then the script, then chance.
    pub(crate) fn fault(&self, headers: &HeaderMap) -> Fault {
        if let Some(asked) = headers.get("x-sim-fault").and_then(|value| value.to_str().ok()) {
            return Fault::parse(asked);
        }
        if let Some(next) = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return next;
        }
        let Some((probability, fault)) = &self.chance else { return Fault::default() };
        let count = self.rolled.fetch_add(1, Ordering::Relaxed);
        #[allow(clippy::cast_precision_loss, reason = "chance need not be exact")]
        let rolled = crate::embed::hash("chance", &count.to_string()) as f64 / u64::MAX as f64;
        if rolled < *probability { fault.clone() } else { Fault::default() }
    }
}
