//! Realtime connections.

use serde_json::Value;
use worker::{
    Response, WebSocket,
    js_sys::{JSON, Object, Promise, Reflect},
    send::SendFuture,
    wasm_bindgen::JsCast,
    wasm_bindgen_futures::JsFuture,
    worker_sys::web_sys,
};
use workers_ai_types::{Model, Realtime};

use super::{
    super::{
        js::{Thrown, function, set, unbuildable},
        response::{of_any, of_response},
    },
    Binding,
};
use crate::{
    Error,
    error::parse::api_error,
    reply::body::{read_to_end, successful},
    transport::{BoxFuture, ResponseLimits, TransportResponse},
};

impl Binding {
    /// Opens a realtime connection to a model. Accept the socket before the first message.
    ///
    /// The service takes texts only in the inputs of a connection: numbers and booleans become texts here.
    ///
    /// ```no_run
    /// use serde_json::json;
    /// use worker::{Env, WebsocketEvent};
    /// use workers_ai::{prelude::*, transport::Binding};
    ///
    /// #[workers_ai_model("@cf/deepgram/flux")]
    /// pub struct Flux;
    ///
    /// async fn listen(env: &Env) -> worker::Result<()> {
    ///     let inputs = json!({ "encoding": "linear16", "sample_rate": 16000 });
    ///     let socket = Binding::new(env.ai("AI")?).connect(Flux, &inputs).await?;
    ///     let mut events = socket.events()?;
    ///     socket.accept()?;
    ///     socket.send_with_bytes([0_u8; 3200])?;
    ///     # let _ = &mut events;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// The future fails if the service refuses the connection, or if the binding cannot make one.
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `connect(Flux, …)`")]
    pub fn connect<M: Model<This: Realtime>>(
        &self,
        model: M,
        inputs: &Value,
    ) -> BoxFuture<'static, Result<WebSocket, Error>> {
        let (this, model, inputs) = (self.clone(), model.id().to_owned(), texts(inputs));
        Box::pin(SendFuture::new(async move { this.open(&model, &inputs).await }))
    }

    async fn open(&self, model: &str, inputs: &Value) -> Result<WebSocket, Error> {
        let own = self.own();
        let options = Object::new();
        set(&options, "websocket", true);
        let inputs = JSON::parse(&inputs.to_string()).map_err(unbuildable)?;
        let run = function(&own, "run").ok_or_else(|| unbuildable("the binding has no function `run`".into()))?;
        let answer = match run.call3(&own, &model.into(), &inputs, &options) {
            Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await,
            Err(thrown) => Err(thrown),
        };
        let response = match answer {
            Ok(answer) => match answer.dyn_into::<web_sys::Response>() {
                Ok(response) => {
                    // `response.clone()` would be JavaScript's, of the body.
                    if let Some(socket) = Response::from(Clone::clone(&response)).websocket() {
                        // Since 2026 the runtime's default is a `Blob`, which the crate `worker` reads as no bytes.
                        let _ = Reflect::set(socket.as_ref(), &"binaryType".into(), &"arraybuffer".into());
                        return Ok(socket);
                    }
                    of_response(response)
                }
                Err(other) => of_any(other),
            },
            Err(thrown) => Thrown::new(&thrown).response(&own),
        };
        Err(refusal(model, response?).await)
    }
}

/// Returns the error for a response without a socket.
async fn refusal(model: &str, response: TransportResponse) -> Error {
    let read = async { read_to_end(successful(model, response).await?, ResponseLimits::default()).await };
    match read.await {
        Ok(raw) => api_error(model, raw.status, &raw.headers, raw.body),
        Err(error) => error,
    }
}

/// Returns inputs with texts in place of numbers and booleans.
fn texts(inputs: &Value) -> Value {
    let text = |value: &Value| match value {
        Value::Number(_) | Value::Bool(_) => Value::String(value.to_string()),
        other => other.clone(),
    };
    match inputs {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        other => other.clone(),
    }
}
