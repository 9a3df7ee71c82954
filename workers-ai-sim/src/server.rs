//! The server and its configuration.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Fault, RecordedRequest, http, state::SimState};

const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str = "local-token";

/// A running server. It stops when dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use workers_ai_sim::Sim;
///
/// let sim = Sim::start().await?;
/// assert!(sim.url().starts_with("http://127.0.0.1:"));
/// assert!(sim.requests().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Sim {
    address: SocketAddr,
    state: Arc<SimState>,
    server: JoinHandle<()>,
}

/// Configures a [`Sim`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use workers_ai_sim::{Fault, Sim};
///
/// let sim = Sim::builder().token("secret").fail_randomly(0.1, Fault::code(3040)).start().await?;
/// assert_eq!(sim.token(), "secret");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct SimBuilder {
    address: SocketAddr,
    account: String,
    token: String,
    gateway_token: Option<String>,
    random_fault: Option<(f64, Fault)>,
}

impl SimBuilder {
    /// Sets the address to listen on. The default is a free port on the loopback interface.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::builder().address(([127, 0, 0, 1], 0).into()).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets the ID of the only account.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::builder().account("staging").start().await?;
    /// assert_eq!(sim.account(), "staging");
    /// # Ok(())
    /// # }
    /// ```
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// Sets the API token that requests must carry.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::builder().token("secret").start().await?;
    /// assert_eq!(sim.token(), "secret");
    /// # Ok(())
    /// # }
    /// ```
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Makes every gateway an authenticated one: requests through it must carry this token in `cf-aig-authorization`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::builder().gateway_token("gateway-secret").start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn gateway_token(mut self, token: impl Into<String>) -> Self {
        self.gateway_token = Some(token.into());
        self
    }

    /// Injects a fault into requests with this probability. The choice depends only on a request's position in the sequence, so a test that
    /// sends the same sequence sees the same failures. Behind a gateway, every attempt of the gateway counts as a request.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use workers_ai_sim::{Fault, Sim};
    ///
    /// let sim = Sim::builder().fail_randomly(0.1, Fault::reset()).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fail_randomly(mut self, probability: f64, fault: Fault) -> Self {
        self.random_fault = Some((probability, fault));
        self
    }

    /// Starts the server on the current Tokio runtime.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::builder().start().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the address is not available.
    pub async fn start(self) -> io::Result<Sim> {
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(SimState::new(self.account, self.token, self.gateway_token, self.random_fault));
        let router = http::router(state.clone());
        let server = tokio::spawn(async move {
            // `serve` never returns; the task is aborted on drop.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Sim { address, state, server })
    }
}

impl Sim {
    /// Starts a server with the default configuration on a free port of the loopback interface.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::start().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if no port is available.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder with the default configuration.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::builder().account("staging").start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> SimBuilder {
        SimBuilder {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            account: ACCOUNT.to_owned(),
            token: TOKEN.to_owned(),
            gateway_token: None,
            random_fault: None,
        }
    }

    /// Returns the server's base URL, the value for `WORKERS_AI_BASE_URL`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::start().await?;
    /// let models = format!("{}/client/v4/accounts/{}/ai/models/search", sim.url(), sim.account());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the ID of the only account.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::start().await?;
    /// assert_eq!(sim.account().len(), 32);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn account(&self) -> &str {
        &self.state.account
    }

    /// Returns the API token that requests must carry.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::start().await?;
    /// let header = format!("Authorization: Bearer {}", sim.token());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn token(&self) -> &str {
        &self.state.token
    }

    /// Injects a fault into the next request. Faults queue up: each is used once, in order. Behind a gateway, each affects one attempt of the
    /// gateway.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use workers_ai_sim::{Fault, Sim};
    ///
    /// let sim = Sim::start().await?;
    /// sim.fail_next(Fault::status(502));
    /// sim.fail_next(Fault::code(3040).retry_after(1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn fail_next(&self, fault: Fault) {
        self.state.fail_next(fault);
    }

    /// Returns the latest requests, including rejected ones: at most 1,000, with at most 16 MiB of bodies.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::start().await?;
    /// // … calls of the code under test …
    /// assert!(sim.requests().iter().all(|request| request.status == 200));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state.log().requests()
    }

    /// Returns the number of all requests received so far.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::start().await?;
    /// assert_eq!(sim.request_count(), 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.state.log().count()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.server.abort();
    }
}
