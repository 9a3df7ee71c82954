//! The server and its configuration.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    Answer, AnswerError, Fault, RecordedRequest, http,
    models::{self, Models},
    state::SimState,
};

const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str = "local-token";

/// Starts a server with the default configuration on a free port of the loopback interface.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sim = workers_ai_sim::start().await?;
/// println!("WORKERS_AI_BASE_URL={}", sim.url());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Fails if no port is available, or if the catalog that the environment names is broken (see [`SimBuilder::catalog`]).
pub async fn start() -> io::Result<Sim> {
    Sim::builder().start().await
}

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
    catalog: Option<PathBuf>,
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

    /// Lays another catalog over the embedded one, so that calls of models that are newer than it can be tested: a folder in the layout of
    /// the snapshot (`cf/AUTHOR/MODEL.json`), as `cargo workers-ai refresh` writes it, or the file of one model. A relative path starts at the
    /// current folder.
    ///
    /// Without it, the environment variable `WORKERS_AI_CATALOG` names the catalog, as it does for the macros of `workers-ai`. Set it for
    /// both in `.cargo/config.toml`:
    ///
    /// ```toml
    /// [env]
    /// WORKERS_AI_CATALOG = { value = "workers-ai-catalog", relative = true }
    /// ```
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sim = workers_ai_sim::Sim::builder().catalog("workers-ai-catalog").start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn catalog(mut self, path: impl Into<PathBuf>) -> Self {
        self.catalog = Some(path.into());
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
    /// Fails if the address is not available, or if a file of the [catalog](SimBuilder::catalog) is broken.
    pub async fn start(self) -> io::Result<Sim> {
        let models = match self.catalog.or_else(models::in_environment) {
            Some(path) => Models::over(&path)?,
            None => Models::embedded(),
        };
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(SimState::new(self.account, self.token, self.gateway_token, self.random_fault, models));
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
    /// As [`start`].
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
            catalog: None,
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

    /// Scripts the answer to the next call of a model. Answers queue up: each is used once, in order, before the one that is
    /// [always](Sim::always_answer) given and those that are made up.
    ///
    /// A call uses an answer when its request has been validated and no [fault](Fault) replaced the response: a retry gets the answer that
    /// the failed attempt did not. Responses from a gateway's cache use none, and a batch uses one for each of its inputs.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde_json::json;
    ///
    /// const LLAMA: &str = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
    ///
    /// let sim = workers_ai_sim::start().await?;
    /// // A chat model says a text, streamed if the caller asks for that.
    /// sim.answer(LLAMA, "It is sunny in Lisbon.")?;
    /// // JSON is the model's output, as it is.
    /// let call = json!({ "name": "weather", "arguments": { "place": "Lisbon" } });
    /// sim.answer(LLAMA, json!({ "response": "", "tool_calls": [call] }))?;
    /// // Images and recordings are bytes.
    /// sim.answer("@cf/black-forest-labs/flux-1-schnell", b"\xff\xd8\xff\xe0")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Fails if the catalog does not know the model, or if the model cannot give such an answer: a text if it is not a chat model, bytes
    /// if its output has none.
    pub fn answer(&self, model: &str, answer: impl Into<Answer>) -> Result<(), AnswerError> {
        let answer = self.checked(model, answer.into())?;
        self.state.answers.push(model, answer);
        Ok(())
    }

    /// Scripts the answer to all calls of a model that no [queued](Sim::answer) one is left for. It replaces the one before.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = workers_ai_sim::start().await?;
    /// sim.always_answer("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "I am a lighthouse keeper.")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Sim::answer`].
    pub fn always_answer(&self, model: &str, answer: impl Into<Answer>) -> Result<(), AnswerError> {
        let answer = self.checked(model, answer.into())?;
        self.state.answers.set(model, answer);
        Ok(())
    }

    /// Checks that a model is known and can give an answer.
    fn checked(&self, model: &str, answer: Answer) -> Result<Answer, AnswerError> {
        let spec = self.state.models.get(model).map_err(|error| AnswerError::new(error.to_string()))?;
        answer.check(&spec)?;
        Ok(answer)
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
