//! Tools that a model may call, and the calls that it makes.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeMap};
use serde_json::{Map, Value, json};

use crate::{
    extra::Extra,
    json::to_text,
    rules::{Check, Rule},
};

/// A function that a model may call.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use serde_json::json;
/// use workers_ai::chat::Tool;
///
/// let weather = Tool::function("weather", "The weather at a place", json!({
///     "type": "object",
///     "properties": { "place": { "type": "string", "description": "a town" } },
///     "required": ["place"],
/// }));
/// assert_eq!(serde_json::to_value(&weather).unwrap()["function"]["name"], "weather");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// The name.
    pub name: String,
    /// The description, which the model reads.
    pub description: String,
    /// The JSON Schema of the arguments.
    pub parameters: Value,
    /// Members that this version does not know, beside the name.
    pub extra: Extra,
}

impl Tool {
    /// Creates a function with the JSON Schema of its arguments.
    #[must_use]
    pub fn function(name: impl Into<String>, description: impl Into<String>, parameters: Value) -> Self {
        Self { name: name.into(), description: description.into(), parameters, extra: Extra::new() }
    }

    /// Sets a member of the function that this version does not know.
    ///
    /// ```
    /// # use workers_ai_types as workers_ai;
    /// use serde_json::json;
    /// use workers_ai::chat::Tool;
    ///
    /// let clock = Tool::function("clock", "The time", json!({ "type": "object" })).extra("strict", true);
    /// assert_eq!(serde_json::to_value(&clock).unwrap()["function"]["strict"], true);
    /// ```
    #[must_use]
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.set(name, value);
        self
    }
}

macro_rules! rules {
    ($($below:literal $check:expr, $must:literal;)*) => {
        [$(Rule {
            path: concat!("tools[].function.parameters", $below),
            field: concat!("tools[].function.parameters", $below),
            check: $check,
            message: concat!("`tools[].function.parameters", $below, "` must ", $must),
        }),*]
    };
}

/// The rules for tools in every schema.
pub static TOOL_RULES: [Rule; 1] = rules! {
    "" Check::Object, "be an object: a JSON Schema";
};

/// The rules for tools in the legacy schema: every argument has a description.
pub static DESCRIBED_TOOL_RULES: [Rule; 8] = rules! {
    "" Check::Object, "be an object: a JSON Schema";
    "" Check::Present(&["type", "properties"]), "have `type` and `properties`";
    ".type" Check::Text, "be text";
    ".properties" Check::Object, "be an object";
    ".properties.*" Check::Object, "be an object";
    ".properties.*" Check::Present(&["type", "description"]), "have `type` and `description`";
    ".properties.*.type" Check::Text, "be text";
    ".properties.*.description" Check::Text, "be text";
};

impl Serialize for Tool {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("type", "function")?;
        map.serialize_entry("function", &Function(self))?;
        map.end()
    }
}

struct Function<'t>(&'t Tool);

impl Serialize for Function<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("description", &self.0.description)?;
        map.serialize_entry("parameters", &self.0.parameters)?;
        for (name, value) in &self.0.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Tool {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut tool = Map::deserialize(from)?;
        let mut function = match tool.remove("function") {
            Some(Value::Object(function)) => function,
            _ => {
                tool.remove("type");
                tool
            }
        };
        let mut text = |name: &str| match function.remove(name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let (name, description) = (text("name"), text("description"));
        if name.is_empty() {
            return Err(D::Error::custom("a tool's `name` is missing"));
        }
        let parameters = function.remove("parameters").unwrap_or_default();
        Ok(Self { name, description, parameters, extra: function.into_iter().collect() })
    }
}

impl crate::wire::Wire for Tool {}

/// Whether a model must, may or must not call a tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ToolChoice {
    /// The model decides.
    #[default]
    Auto,
    /// It must not call a tool.
    None,
    /// It must call a tool; some models take this as advice only.
    Required,
    /// It must call this function.
    Function(String),
}

impl ToolChoice {
    /// It must call this function.
    #[must_use]
    pub fn function(name: impl Into<String>) -> Self {
        Self::Function(name.into())
    }
}

impl Serialize for ToolChoice {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => to.serialize_str("auto"),
            Self::None => to.serialize_str("none"),
            Self::Required => to.serialize_str("required"),
            Self::Function(name) => json!({ "type": "function", "function": { "name": name } }).serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for ToolChoice {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let choice = Value::deserialize(from)?;
        Ok(match choice.as_str() {
            Some("auto") => Self::Auto,
            Some("none") => Self::None,
            Some("required") => Self::Required,
            Some(other) => return Err(D::Error::custom(format_args!("`{other}` is not a tool choice"))),
            None => {
                let name = choice.pointer("/function/name").and_then(Value::as_str);
                Self::function(name.ok_or_else(|| D::Error::custom("the chosen function has no name"))?)
            }
        })
    }
}

impl crate::wire::Wire for ToolChoice {}

/// A tool call by a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ToolCall {
    /// The ID that the result must refer to; some models send none.
    pub id: Option<String>,
    /// The name of the tool.
    pub name: String,
    /// The arguments: an object, null if there are none, a string if the model did not write valid JSON. They are always sent as an
    /// object, which models insist on: nothing as `{}`, anything else as `{"invalid": …}`.
    pub arguments: Value,
}

impl<'de> Deserialize<'de> for ToolCall {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let call = Value::deserialize(from)?;
        let inner = call.get("function").or_else(|| call.get("custom")).unwrap_or(&call);
        let arguments = match inner.get("arguments").or_else(|| inner.get("input")) {
            Some(Value::String(text)) if text.trim_ascii().is_empty() => Value::Null,
            Some(Value::String(text)) => crate::json::from_text(text).unwrap_or_else(|_| Value::String(text.clone())),
            Some(other) => other.clone(),
            None => Value::Null,
        };
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        // Some models send a placeholder.
        let id = text(call.get("id")).filter(|id| !id.is_empty() && id != "null");
        Ok(Self { id, name: text(inner.get("name")).unwrap_or_default(), arguments })
    }
}

impl ToolCall {
    pub(super) fn json(&self) -> Value {
        // Models refuse a conversation whose arguments are not the JSON of an object.
        let arguments = match &self.arguments {
            Value::Object(_) => to_text(&self.arguments),
            Value::Null => "{}".to_owned(),
            other => format!("{{\"invalid\":{}}}", to_text(other)),
        };
        json!({
            "id": self.id.as_deref().unwrap_or(&self.name),
            "type": "function",
            "function": { "name": self.name, "arguments": arguments },
        })
    }
}

impl Serialize for ToolCall {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(to)
    }
}

impl crate::wire::Wire for ToolCall {
    fn to_json(&self) -> Result<Value, serde_json::Error> {
        Ok(self.json())
    }
}
