//! Tools with their handlers.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde_json::{Map, Value, json};
use workers_ai_types::{
    __private::from_text,
    chat::{Tool, ToolCall},
};

use crate::{call::json::strip_fence, transport::BoxFuture};

type Handler = Arc<dyn Fn(ToolCall) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// Tools with their handlers. A tool replaces an earlier one of the same name.
///
/// ```
/// use workers_ai::chat::ToolBox;
///
/// let parameters = serde_json::json!({
///     "type": "object",
///     "properties": { "place": { "type": "string", "description": "a town" } },
///     "required": ["place"],
/// });
/// let tools = ToolBox::new().raw("weather", "The weather at a place", parameters, |arguments| async move {
///     Ok::<_, String>(serde_json::json!({ "place": arguments["place"], "degrees": 21 }))
/// });
/// ```
#[derive(Clone, Default)]
#[must_use = "tools do nothing until a model is offered them"]
pub struct ToolBox {
    pub(super) tools: Vec<Tool>,
    handlers: BTreeMap<String, Handler>,
}

impl ToolBox {
    /// Creates an empty set of tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool whose arguments are a type. The model reads the doc comments of its fields.
    ///
    /// ```
    /// use schemars::JsonSchema;
    /// use serde::Deserialize;
    /// use workers_ai::chat::ToolBox;
    ///
    /// #[derive(Deserialize, JsonSchema)]
    /// struct Place {
    ///     /// A town.
    ///     place: String,
    /// }
    ///
    /// let tools = ToolBox::new().tool("weather", "The weather at a place", |Place { place }| async move {
    ///     if place.is_empty() { Err("no place") } else { Ok(format!("21 degrees in {place}")) }
    /// });
    /// ```
    #[cfg(feature = "schemars")]
    pub fn tool<A, R, E, F>(
        self,
        name: impl Into<String>,
        description: impl Into<String>,
        handler: impl Fn(A) -> F + Send + Sync + 'static,
    ) -> Self
    where
        A: schemars::JsonSchema + serde::de::DeserializeOwned,
        R: serde::Serialize,
        E: fmt::Display,
        F: Future<Output = Result<R, E>> + Send + 'static,
    {
        let answer = move |arguments: Value| {
            // A tool without arguments can take `()`, which JSON writes as null.
            let nothing = arguments.as_object().is_some_and(Map::is_empty);
            let parsed = serde_json::from_value::<A>(arguments);
            let parsed = parsed.or_else(|error| if nothing { serde_json::from_value(Value::Null) } else { Err(error) });
            let parsed = parsed.map(&handler);
            async move {
                let result = parsed.map_err(|error| format!("invalid arguments: {error}"))?.await;
                let result = result.map_err(|error| error.to_string())?;
                serde_json::to_value(result).map_err(|error| error.to_string())
            }
        };
        self.raw(name, description, crate::call::json_schema::arguments_schema::<A>(), answer)
    }

    /// Adds a tool with the JSON Schema of its arguments.
    pub fn raw<E, F>(
        self,
        name: impl Into<String>,
        description: impl Into<String>,
        parameters: Value,
        handler: impl Fn(Value) -> F + Send + Sync + 'static,
    ) -> Self
    where
        E: fmt::Display,
        F: Future<Output = Result<Value, E>> + Send + 'static,
    {
        self.with_call(name, description, parameters, move |call| handler(call.arguments))
    }

    /// Adds a tool whose handler receives the whole call, with the JSON Schema of its arguments.
    ///
    /// A conversation that is begun anew may ask for the same thing again. Where doing it twice would harm, remember the
    /// [call's ID](ToolCall::id), if the model sends one, or what it is about.
    ///
    /// ```
    /// use workers_ai::chat::{ToolBox, ToolCall};
    ///
    /// let parameters = serde_json::json!({
    ///     "type": "object",
    ///     "properties": { "order": { "type": "string", "description": "the number of the order" } },
    ///     "required": ["order"],
    /// });
    /// let tools = ToolBox::new().with_call("charge", "Charges the customer", parameters, |call: ToolCall| async move {
    ///     let order = call.arguments["order"].as_str().ok_or("no order")?.to_owned();
    ///     // Look up here whether this order was charged before.
    ///     Ok::<_, &str>(serde_json::json!({ "charged": order, "call": call.id }))
    /// });
    /// ```
    pub fn with_call<E, F>(
        mut self,
        name: impl Into<String>,
        description: impl Into<String>,
        parameters: Value,
        handler: impl Fn(ToolCall) -> F + Send + Sync + 'static,
    ) -> Self
    where
        E: fmt::Display,
        F: Future<Output = Result<Value, E>> + Send + 'static,
    {
        let name = name.into();
        let tool = Tool::function(name.clone(), description, parameters);
        match self.tools.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = tool,
            None => self.tools.push(tool),
        }
        let handler = move |call| -> BoxFuture<'static, Result<Value, String>> {
            let answer = handler(call);
            Box::pin(async move { answer.await.map_err(|error| error.to_string()) })
        };
        self.handlers.insert(name, Arc::new(handler));
        self
    }

    /// Returns the calls of these tools that a model wrote as its text, in the forms in which models do. A text that is anything else
    /// is an answer.
    ///
    /// `{"name": …, "parameters": {…}}`, also as `arguments`, in a `function`, in a list, after `<|python_tag|>`, in a code fence, and
    /// several with semicolons between them.
    pub(super) fn calls_in(&self, text: &str) -> Vec<ToolCall> {
        let text = strip_fence(text).trim_start_matches("<|python_tag|>").trim();
        if !text.starts_with(['{', '[']) {
            return Vec::new();
        }
        let written: Option<Vec<Value>> = match from_text(text) {
            Ok(Value::Array(calls)) => Some(calls),
            Ok(call) => Some(vec![call]),
            Err(_) => text.split("; ").map(|call| from_text(call.trim()).ok()).collect(),
        };
        let calls: Option<Vec<ToolCall>> = written.into_iter().flatten().map(|call| self.call_of(call)).collect();
        calls.unwrap_or_default()
    }

    fn call_of(&self, mut call: Value) -> Option<ToolCall> {
        if let Some(members) = call.as_object_mut()
            && let Some(parameters) = members.remove("parameters")
        {
            members.entry("arguments").or_insert(parameters);
        }
        let call = serde_json::from_value::<ToolCall>(call.clone()).ok().filter(|_| {
            let inner = call.get("function").unwrap_or(&call);
            inner.get("arguments").is_some()
        })?;
        let is_known = self.handlers.contains_key(&call.name);
        (is_known && matches!(call.arguments, Value::Object(_) | Value::Null)).then_some(call)
    }

    /// Runs a tool. Returns its result as the text that the model reads, failures included.
    pub(super) fn run(&self, call: &ToolCall) -> BoxFuture<'static, String> {
        let failed = |error: &str| json!({ "error": error }).to_string();
        let Some(handler) = self.handlers.get(&call.name).cloned() else {
            let unknown = failed(&format!("there is no tool `{}`", call.name));
            return Box::pin(async move { unknown });
        };
        let mut call = call.clone();
        match &call.arguments {
            Value::Object(_) => {}
            // A model may send nothing for a tool without arguments.
            Value::Null => call.arguments = Value::Object(Map::new()),
            invalid => {
                let cause = if invalid.is_string() { "they are not valid JSON" } else { "they must be a JSON object" };
                let failure = failed(&format!("the arguments cannot be read: {cause}"));
                return Box::pin(async move { failure });
            }
        }
        Box::pin(async move {
            match handler(call).await {
                Ok(Value::String(text)) => text,
                Ok(other) => other.to_string(),
                Err(error) => failed(&error),
            }
        })
    }
}

impl fmt::Debug for ToolBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tools.iter().map(|tool| &tool.name)).finish()
    }
}
